"""Orange and red chosen together: the best pair that stays in order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simulator.tuning.choosing.sweep import Sweep
from simulator.tuning.judging.ranking import Floats, Ranking
from simulator.tuning.truth.incidents import LEVELS

__all__ = ["Choice", "at_one_hold", "chosen", "plateau_around"]

_TIE: Final = 1e-9
_GEOMETRIC_FROM: Final = 4.0
"""The ratio of two ends above which their middle is the geometric one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate of a level with its hold in steps and its score, and the plateau it is on.

    All thresholds above `low` and up to `high` score the same, with the best hold of each.
    """

    candidate: int
    steps: int
    score: float
    low: float
    high: float

    @property
    def middle(self) -> float:
        """The threshold as far from worse ones as can be.

        >>> Choice(0, 0, 1.0, 0.2, 0.4).middle, Choice(0, 0, 1.0, 1.0, 100.0).middle
        (0.30000000000000004, 10.0)
        """
        return _middle(self.low, self.high)


def chosen(sweeps: Mapping[str, Sweep], ranking: Ranking) -> dict[str, Choice]:
    """The choice of each level; empty where no candidate keeps the constraints.

    Of two levels the pair with the largest sum of scores, red nowhere easier to reach than orange;
    found in one pass, since for each red threshold the best orange one is a running maximum. Among
    equals the widest plateau is taken.
    """
    sweeps = {
        level: one for level, one in sweeps.items() if one.score.max(initial=-np.inf) > -np.inf
    }
    if len(sweeps) < len(LEVELS):
        return {
            level: _choice(only, ranking, float(only.score.max()), 0, len(only.score))
            for level, only in sweeps.items()
        }
    orange, red = (sweeps[level] for level in LEVELS)
    easier = np.maximum.accumulate(orange.score)
    total = easier + red.score
    best = float(total.max(initial=-np.inf))
    if best == -np.inf:
        return {}
    both = np.where(total >= best - _TIE, total, -np.inf)
    first, end = _widest(both, ranking)
    strict = _choice_in(red, ranking, first, end)
    orange_best = float(easier[strict.candidate])
    return {
        "orange": _choice(orange, ranking, orange_best, 0, strict.candidate + 1),
        "red": strict,
    }


def at_one_hold(choice: Choice, score: Floats, ranking: Ranking) -> Choice:
    """The choice among the thresholds that are just as good with its own hold.

    `score` is that of all candidates with this hold: others may have reached it with another.
    """
    first, end = plateau_around(score, choice.candidate, choice.score - _TIE)
    lows, highs = ranking.edges
    low, high = float(lows[first:end].min()), float(highs[first:end].max())
    q = min(max(ranking.candidate(_middle(low, high)), first), end - 1)
    return replace(choice, candidate=q, low=low, high=high)


def plateau_around(score: Floats, candidate: int, least: float) -> tuple[int, int]:
    """The neighbours of a candidate that score at least so much: the first, and behind the last.

    >>> plateau_around(np.array([1.0, 0.0, 1.0, 1.0, 0.5]), 3, 1.0)
    (2, 4)
    """
    worse = np.flatnonzero(score < least)
    place = int(np.searchsorted(worse, candidate))
    first = int(worse[place - 1]) + 1 if place else 0
    return first, int(worse[place]) if place < len(worse) else len(score)


def _choice(found: Sweep, ranking: Ranking, best: float, first: int, end: int) -> Choice:
    """The choice among candidates `first` up to `end` that score so much."""
    score = np.full(len(found.score), -np.inf)
    score[first:end] = found.score[first:end]
    low, high = _widest(np.where(score >= best - _TIE, score, -np.inf), ranking)
    return _choice_in(found, ranking, low, high)


def _choice_in(found: Sweep, ranking: Ranking, first: int, end: int) -> Choice:
    """The candidate in the middle of a plateau."""
    lows, highs = ranking.edges
    low, high = float(lows[first:end].min()), float(highs[first:end].max())
    q = ranking.candidate(_middle(low, high))
    q = min(max(q, first), end - 1)
    return Choice(q, int(found.hold[q]), float(found.score[q]), low, high)


def _widest(score: Floats, ranking: Ranking) -> tuple[int, int]:
    """The widest plateau of candidates that have a score, as a share of all values' range."""
    lows, highs = ranking.edges
    is_good = np.concatenate([[False], score > -np.inf, [False]])
    turns = np.flatnonzero(is_good[1:] != is_good[:-1])
    plateaus = list(zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True))
    return max(plateaus, key=lambda s: highs[s[0] : s[1]].max() - lows[s[0] : s[1]].min())


def _middle(low: float, high: float) -> float:
    if low > 0.0 and high / low > _GEOMETRIC_FROM:
        return float(np.sqrt(low) * np.sqrt(high))
    return low + (high - low) / 2.0
