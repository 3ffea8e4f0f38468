"""Recorded time cut into parts, so that a choice can be judged on parts it did not see."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.observation.look_back import LONGEST_LOOK_BACK_SECONDS
from simulator.tuning.monitors.monitor import Span, require_moments
from simulator.tuning.truth.incidents import WantedAlarm

__all__ = ["quiet_spans"]

_SETTLED_SECONDS: Final = LONGEST_LOOK_BACK_SECONDS
"""After an incident's effects: what queries that look back see of them, and holds, are over."""


def quiet_spans(
    start: float, end: float, wanted: Sequence[WantedAlarm], *, count: int, step: float
) -> tuple[Span, ...]:
    """At most `count` parts with about as many incidents each, cut where no incident is.

    Fewer parts where there are too few incidents, or too few quiet moments between them; so that
    some incident begins in each.

    Raises:
        TuningError: too few or too many moments.

    >>> starts = (600.0, 9_000.0)
    >>> early = [WantedAlarm("a", "lag", "red", at, at + 60.0, at + 60.0) for at in starts]
    >>> [span.end for span in quiet_spans(0.0, 40_000.0, early, count=5, step=10.0)]
    [6630.0, 40000.0]
    >>> len(quiet_spans(0.0, 40_000.0, early[:1], count=5, step=10.0))
    1
    """
    require_moments([end - start], step)
    moments = np.arange(start + 2 * step, end - 2 * step, step)
    is_quiet = np.ones(len(moments), dtype=np.bool_)
    for one in wanted:
        is_quiet &= (moments < one.start) | (moments > one.until + _SETTLED_SECONDS)
    quiet = moments[is_quiet]
    starts = np.sort([one.start for one in wanted if start <= one.start < end])
    begun = np.searchsorted(starts, quiet)
    cuts, before = [start], 0
    for n in range(1, count):
        off = np.abs(begun - n * len(starts) / count)
        is_best = (off == off.min(initial=np.inf)) & (begun > before) & (begun < len(starts))
        if is_best.any():
            place = _middle(quiet, np.flatnonzero(is_best), step)
            cuts.append(float(quiet[place]))
            before = int(begun[place])
    return tuple(Span(a, b) for a, b in pairwise([*cuts, end]))


def _middle(quiet: NDArray[np.float64], places: NDArray[np.int64], step: float) -> int:
    """The middle of the longest uninterrupted quiet time among these places."""
    breaks = np.flatnonzero(np.diff(quiet[places]) > 1.5 * step) + 1
    longest = max(np.split(places, breaks), key=len)
    return int(longest[len(longest) // 2])
