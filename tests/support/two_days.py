"""A quiet panel's two days with an incident each, the second of another noise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.tuning.truth.incidents import WantedAlarm
from tests.support.tuning_samples import monitor
from tests.support.tuning_values import STEP, recording

if TYPE_CHECKING:
    from simulator.tuning.monitors.monitor import Monitor

DAY = 86400.0


def day(*, noise: float, bad: float) -> list[float]:
    values = [1.0] * 400
    values[50:60] = [noise] * 10
    values[200:220] = [bad] * 20
    return values


def two_days(second_noise: float) -> tuple[Monitor, list[WantedAlarm]]:
    """Incidents at 8.0; noise of 3.0 on the first day, and of another height on the second."""
    days = [day(noise=3.0, bad=8.0), day(noise=second_noise, bad=8.0)]
    recordings = tuple(recording(d, start=n * DAY) for n, d in enumerate(days))
    start = 200 * STEP
    incidents = [
        WantedAlarm(
            "i", "lag", "red", n * DAY + start, n * DAY + start + 600, n * DAY + start + 600
        )
        for n in range(2)
    ]
    lag = replace(monitor(thresholds={"red": 2.0}), rules={}, recordings=recordings, look_back=0.0)
    return lag, incidents
