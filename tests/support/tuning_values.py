"""Recordings and incidents in a few words."""

from collections.abc import Sequence

import numpy as np

from simulator.tuning.judging.ranking import Recording
from simulator.tuning.truth.incidents import Incident

STEP = 30.0


def recording(*series: Sequence[float], start: float = 0.0, step: float = STEP) -> Recording:
    """A recording of these series, a value every `step` seconds."""
    values = np.array(series, dtype=np.float64).reshape(len(series), -1)
    times = start + np.arange(values.shape[1], dtype=np.float64) * step
    return Recording(times, values, step)


def incident(start: float, end: float, until: float | None = None, name: str = "e") -> Incident:
    return Incident(name, start, end, end if until is None else until)
