"""The uninterrupted alarms of all thresholds: as many as there are moments, at most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.judging.ranking import ABSENT, Ranks

__all__ = ["Runs", "runs"]

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Stretches of moments, from `start` up to `end`, which is not included; all of shape (runs,).

    Each is one whole alarm of the candidates `lowest` to `highest`, both included.
    """

    start: Places
    end: Places
    lowest: Ranks
    highest: Ranks


def runs(held: Ranks) -> Runs:
    """The runs of every candidate, each once.

    The alarm around a moment, for the threshold that it just reaches, ends at the nearest smaller
    rank on both sides; the larger of these two is the last candidate whose alarm is longer. These
    are the nodes of the signal's Cartesian tree (J. Vuillemin, 1980).

    >>> found = runs(np.array([1, 2, 0, 2], dtype=np.int32))
    >>> [(int(s), int(e)) for s, e in zip(found.start, found.end)]
    [(0, 2), (1, 2), (0, 4), (3, 4)]
    >>> found.lowest.tolist(), found.highest.tolist()
    ([1, 2, 0, 1], [1, 2, 0, 2])
    """
    left = _nearest_smaller(held)
    right = len(held) - 1 - _nearest_smaller(held[::-1])[::-1]
    bounded = np.concatenate([held, [ABSENT]]).astype(np.int32)  # -1 and the length: no rank there
    lowest = np.maximum(bounded[left], bounded[right]) + 1
    # of equal ranks in the same run the first one stands for it: the run's start tells them apart
    order = np.lexsort((np.arange(len(held)), held, left))
    is_first = np.ones(len(held), dtype=np.bool_)
    same = (left[order][1:] == left[order][:-1]) & (held[order][1:] == held[order][:-1])
    is_first[order[1:][same]] = False
    kept = np.flatnonzero(is_first & (held > ABSENT))
    return Runs(left[kept] + 1, right[kept], lowest[kept].astype(np.int32), held[kept])


def _nearest_smaller(ranks: Ranks) -> Places:
    """The nearest place to the left with a smaller rank; -1 where there is none.

    Found by halving, in minima over 1, 2, 4... places: as many passes as the length has digits.
    """
    minima = [ranks]
    while (width := 1 << (len(minima) - 1)) < len(ranks):
        last = minima[-1]
        wider = last.copy()
        np.minimum(last[width:], last[:-width], out=wider[width:])
        minima.append(wider)
    place = np.arange(len(ranks)) - 1  # all places from here up to the moment are not smaller
    for level in reversed(range(len(minima))):
        width = 1 << level
        there = np.maximum(place, 0)
        skips = (place >= 0) & (minima[level][there] >= ranks)
        place = np.where(skips, np.maximum(place - width, -1), place)
    return place
