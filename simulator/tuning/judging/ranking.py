"""The values of a signal as ranks of badness: what every threshold can tell apart, and no more."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["ABSENT", "Ranking", "Recording", "is_reached"]

Floats = NDArray[np.float64]
Ranks = NDArray[np.int32]

ABSENT: Final = -1
"""The rank where there is no value, or between two recordings: no threshold is reached there."""

_BEYOND: Final = 0.01
_SMALLEST: Final = 1e-12
_LARGEST: Final = 1e300
"""What is larger counts as this, so that there is always a threshold beyond all values."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What a signal did over one uninterrupted time, such as one simulated day.

    `times` in unix seconds, `step` seconds apart, shape (moments,); `values` of each of its series,
    shape (series, moments), nan where there is none. A moment stands for the time until the next.
    `before` has the values of the moments before, which holds look back on and nobody judges.
    It counts `weight` times: less than once where more happened in it than usual.
    """

    times: Floats
    values: Floats
    step: float
    before: Floats | None = None
    weight: float = 1.0

    @property
    def start(self) -> float:
        """The first moment."""
        return float(self.times[0])

    @property
    def end(self) -> float:
        """The end of the time that the last moment stands for."""
        return float(self.times[-1]) + self.step


def is_reached(values: Floats, threshold: float, *, is_lower_worse: bool) -> NDArray[np.bool_]:
    """Whether a threshold is reached, as Grafana colours it: from it on, or below it. nan never is.

    >>> is_reached(np.array([1.0, 2.0, np.nan]), 2.0, is_lower_worse=False).tolist()
    [False, True, False]
    >>> is_reached(np.array([1.0, 2.0, np.nan]), 2.0, is_lower_worse=True).tolist()
    [True, False, False]
    """
    return values < threshold if is_lower_worse else values >= threshold


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Recordings in terms of the values seen in them, from best to worst.

    `ranks` holds all recordings one after the other, a column of ABSENT after each, shape (series,
    moments + recordings); columns of moments before a recording are there as well, and are not
    `judged`. Candidate `q` of the thresholds, 0 to the number of values seen, is reached by ranks
    from q on: 0 always, the last one never. `ends` are the columns after recordings.
    """

    ranks: Ranks
    seen: Floats
    is_lower_worse: bool
    judged: NDArray[np.bool_] | None = None
    ends: tuple[int, ...] = ()

    @classmethod
    def of(cls, recordings: Sequence[Recording], *, is_lower_worse: bool) -> "Ranking":
        """The ranks of all values, those of the series of one recording in the same rows."""
        n_series = max((len(one.values) for one in recordings), default=0)
        parts, judged = [], []
        for one in recordings:
            before = np.empty((len(one.values), 0)) if one.before is None else one.before
            part = np.full((n_series, before.shape[1] + len(one.times) + 1), np.nan)
            whole = np.concatenate([before, one.values], axis=1)
            part[: len(one.values), :-1] = np.clip(whole, -_LARGEST, _LARGEST)
            parts.append(part)
            judged.append(np.arange(part.shape[1]) >= before.shape[1])
        values = np.concatenate(parts, axis=1) if parts else np.empty((0, 0))
        ends = tuple((np.cumsum([len(one) for one in judged], dtype=np.int64) - 1).tolist())
        is_there = ~np.isnan(values)
        seen, place = np.unique(values[is_there], return_inverse=True)
        worst_first = len(seen) - 1 - place if is_lower_worse else place
        ranks = np.full(values.shape, ABSENT, dtype=np.int32)
        ranks[is_there] = worst_first
        return cls(ranks, seen, is_lower_worse, np.concatenate([[], *judged]) > 0, ends)

    @classmethod
    def at(
        cls, recordings: Sequence[Recording], threshold: float, *, is_lower_worse: bool
    ) -> "Ranking":
        """Only whether one threshold is reached: candidate 1 is that threshold."""

        def reached_by(values: Floats) -> Floats:
            is_on = is_reached(values, threshold, is_lower_worse=is_lower_worse)
            return np.where(np.isnan(values), np.nan, is_on)

        reached = [
            replace(
                one,
                values=reached_by(one.values),
                before=None if one.before is None else reached_by(one.before),
            )
            for one in recordings
        ]
        whole = cls.of(reached, is_lower_worse=False)
        if len(whole.seen) == 1 and whole.seen[0] == 1.0:  # always: rank 0 is reached already
            ranks = np.where(whole.ranks == ABSENT, ABSENT, 1).astype(np.int32)
            return replace(whole, ranks=ranks, seen=np.array([0.0, 1.0]))
        return replace(whole, seen=np.array([0.0, 1.0]))

    @property
    def n_candidates(self) -> int:
        """How many thresholds there are to tell apart: one more than values."""
        return len(self.seen) + 1

    @property
    def edges(self) -> tuple[Floats, Floats]:
        """The thresholds that each candidate is: above the first, up to the second.

        Both of shape (candidates,), in the order of the candidates. Those of the outermost have no
        end in truth; here they end 1 % beyond the values.

        >>> recording = Recording(np.arange(3.0), np.array([[1.0, 2.0, 4.0]]), 1.0)
        >>> [ends.tolist() for ends in Ranking.of([recording], is_lower_worse=False).edges]
        [[0.99, 1.0, 2.0, 4.0], [1.0, 2.0, 4.0, 4.04]]
        >>> [ends.tolist() for ends in Ranking.of([recording], is_lower_worse=True).edges]
        [[4.0, 2.0, 1.0, 0.99], [4.04, 4.0, 2.0, 1.0]]
        """
        if not len(self.seen):
            return np.array([0.0]), np.array([0.0])
        first, last = float(self.seen[0]), float(self.seen[-1])
        below = first - max(abs(first) * _BEYOND, _SMALLEST)
        above = last + max(abs(last) * _BEYOND, _SMALLEST)
        lows, highs = np.append(below, self.seen), np.append(self.seen, above)
        return (lows[::-1], highs[::-1]) if self.is_lower_worse else (lows, highs)

    def candidate(self, threshold: float) -> int:
        """The candidate that a threshold is.

        >>> recording = Recording(np.arange(3.0), np.array([[1.0, 2.0, 4.0]]), 1.0)
        >>> both = [Ranking.of([recording], is_lower_worse=lower) for lower in (False, True)]
        >>> [one.candidate(2.0) for one in both], [one.candidate(9.0) for one in both]
        ([1, 2], [3, 0])
        """
        if math.isnan(threshold):
            raise ValueError("nan is no threshold")
        below = int(np.searchsorted(self.seen, threshold, side="left"))
        return len(self.seen) - below if self.is_lower_worse else below
