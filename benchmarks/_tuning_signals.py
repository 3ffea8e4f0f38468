"""Signals to tune on: noise that goes on a while, and incidents that raise it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from simulator.seeding import generator
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.truth.incidents import WantedAlarm

STEP_SECONDS = 30.0
DAY_STEPS = 2880
SETTLING_STEPS = 10
_INCIDENT_EVERY, _INCIDENT_STEPS = 340, 30
_GOES_ON = 0.9
"""How much of the noise is that of the step before; its deviation is 1."""

Floats = NDArray[np.float64]


def recording_of(
    start: float, n_moments: int, n_series: int, name: str, raised_by: Sequence[float]
) -> Recording:
    """Noise that goes on a while, which incidents raise in all series, by these in turns."""
    shocks = generator(1, f"benchmarks.tuning.{name}").standard_normal((n_series, n_moments))
    values: Floats = lfilter([np.sqrt(1.0 - _GOES_ON**2)], [1.0, -_GOES_ON], shocks, axis=1)
    for number, first in enumerate(_firsts(n_moments)):
        values[:, first : first + _INCIDENT_STEPS] += raised_by[number % len(raised_by)]
    return Recording(start + np.arange(float(n_moments)) * STEP_SECONDS, values, STEP_SECONDS)


def wanted_alarms_of(
    recording: Recording, signal: str, severities: Sequence[str]
) -> list[WantedAlarm]:
    times = recording.times.tolist()
    return [
        WantedAlarm(
            f"{signal}-{first}",
            signal,
            severities[number % len(severities)],
            times[first],
            times[first + _INCIDENT_STEPS],
            times[first + _INCIDENT_STEPS + SETTLING_STEPS],
        )
        for number, first in enumerate(_firsts(len(times)))
    ]


def _firsts(n_moments: int) -> range:
    return range(
        _INCIDENT_EVERY // 2, n_moments - _INCIDENT_STEPS - SETTLING_STEPS, _INCIDENT_EVERY
    )
