"""Days of a signal whose incidents are red from a known strength on: the answer is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from simulator.tuning.judging.ranking import Recording
from simulator.tuning.truth.incidents import WantedAlarm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["RED_FROM", "RIGHT", "days_of_incidents"]

STEP: Final = 30.0
DAY: Final = 86400.0
HEALTHY: Final = 1.0
#: What the signal gains for each unit of an incident's strength.
GAIN: Final = 2.0
#: From which strength on whoever is on call has to act, and the signal's value there.
RED_FROM: Final = 0.5
RIGHT: Final = HEALTHY + GAIN * RED_FROM
_STRENGTHS: Final = (0.05, 3.0)
_A_DAY: Final = 5.0
_NOISE: Final = 0.04


def days_of_incidents(
    seed: int, n_days: int = 10
) -> tuple[Sequence[Recording], Sequence[WantedAlarm]]:
    """Recordings of days, and the alarms that are wanted in them; strengths are log-uniform."""
    rng = np.random.default_rng(seed)
    found = [_day(rng, n * DAY) for n in range(n_days)]
    return [one for one, _ in found], [alarm for _, alarms in found for alarm in alarms]


def _day(rng: np.random.Generator, start: float) -> tuple[Recording, list[WantedAlarm]]:
    times = np.asarray(start + np.arange(round(DAY / STEP)) * STEP, dtype=np.float64)
    values, wanted = HEALTHY + _slow_noise(rng, len(times)), []
    at = 3600.0
    for number in range(rng.poisson(_A_DAY)):
        at += 1800.0 + rng.exponential(5400.0)
        lasts = float(np.exp(rng.normal(np.log(1500.0), 0.4)))
        if at + lasts > DAY - 1800.0:
            break
        strength = float(np.exp(rng.uniform(*np.log(_STRENGTHS))))
        is_on = (times - start >= at) & (times - start < at + lasts)
        values[is_on] += GAIN * strength
        begin, end = start + at, start + at + lasts
        if strength >= RED_FROM:
            name = f"{start / DAY:.0f}-{number}"
            wanted.append(WantedAlarm(name, "it", "red", begin, end, end + 2 * STEP))
        at += lasts
    return Recording(times, values[np.newaxis], STEP), wanted


def _slow_noise(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """White noise with a mean that wanders."""
    slow = np.interp(np.arange(n), np.arange(0, n + 120, 120), rng.normal(0, _NOISE, n // 120 + 1))
    return np.asarray(slow + rng.normal(0.0, _NOISE, n), dtype=np.float64)
