"""Small recordings and incidents drawn at random, with gaps, ties, and incidents across ends."""

import math

from hypothesis import strategies as st

from simulator.tuning.judging.ranking import Recording
from simulator.tuning.truth.incidents import Incident
from tests.support.tuning_values import STEP, incident, recording

_VALUES = st.integers(0, 5).map(float) | st.just(math.nan)
_TENTHS = 10.0
"""Seconds: incidents begin and end between moments, too."""


@st.composite
def recordings(draw: st.DrawFn, *, most_series: int = 2, most: int = 2) -> list[Recording]:
    """One after the other with time between them, all of as many series."""
    n_series = draw(st.integers(1, most_series))
    found: list[Recording] = []
    start = 0.0
    for _ in range(draw(st.integers(1, most))):
        length = draw(st.integers(1, 16))
        row = st.lists(_VALUES, min_size=length, max_size=length)
        found.append(recording(*(draw(row) for _ in range(n_series)), start=start))
        start += (length + 5) * STEP
    return found


@st.composite
def incidents(draw: st.DrawFn, *, least: int = 0) -> list[Incident]:
    """Apart from each other."""
    found, at = [], 0.0
    for _ in range(draw(st.integers(least, 4))):
        start = at + draw(st.integers(1, 35)) * _TENTHS
        end = start + draw(st.integers(1, 30)) * _TENTHS
        until = end + draw(st.integers(0, 8)) * _TENTHS
        found.append(incident(start, end, until))
        at = until + 1.0
    return found
