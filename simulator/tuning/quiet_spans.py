"""Recorded time cut into parts, so that a choice can be judged on parts it did not see."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.incidents import Wanted
from simulator.tuning.watched import Span

__all__ = ["quiet_spans"]

_SETTLED_SECONDS: Final = 3600.0
"""After an incident's effects: what queries that look back see of them, and holds, are over."""


def quiet_spans(
    start: float, end: float, wanted: Sequence[Wanted], *, count: int, step: float
) -> tuple[Span, ...]:
    """At most `count` parts, about as long as each other, cut where no incident is.

    Each cut is at the quiet moment nearest to where equal parts would end; a cut that has none
    within half a part is left out.

    >>> one = [Wanted("a", "lag", "red", 40.0, 60.0, 60.0)]
    >>> [span.end for span in quiet_spans(0.0, 40_000.0, one, count=2, step=10.0)]
    [20000.0, 40000.0]
    >>> late = [Wanted("a", "lag", "red", 19_000.0, 20_000.0, 20_000.0)]
    >>> [span.end for span in quiet_spans(0.0, 40_000.0, late, count=2, step=10.0)]
    [18990.0, 40000.0]
    """
    moments = np.arange(start + step, end, step)
    is_quiet = np.ones(len(moments), dtype=np.bool_)
    for one in wanted:
        is_quiet &= (moments < one.start) | (moments > one.until + _SETTLED_SECONDS)
    length = (end - start) / count
    cuts = [_nearest(moments[is_quiet], start + n * length, length / 2) for n in range(1, count)]
    inner = [cut for cut in dict.fromkeys(cuts) if cut is not None]
    bounds = [start, *inner, end]
    return tuple(Span(a, b) for a, b in pairwise(bounds))


def _nearest(quiet: NDArray[np.float64], wanted: float, reach: float) -> float | None:
    if not len(quiet):
        return None
    nearest = float(quiet[np.argmin(np.abs(quiet - wanted))])
    return nearest if abs(nearest - wanted) < reach else None
