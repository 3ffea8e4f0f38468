"""How a platform writes scores: its own scale over the points of the scorecard.

The model gives whole points from 300 to 850, and all that is simulated is counted in cells of ten
of them. What a platform calls a score is worked out from the points where it is shown, and nowhere
else: along straight lines from the worst score over its cut-offs to the best. A cut-off is the
beginning of the cell that is nearest, so that it may be any number.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

__all__ = [
    "CELL_POINTS",
    "HIGHEST_POINTS",
    "LOWEST_POINTS",
    "MOST_DECIMALS",
    "ScoreScale",
    "cell_width",
    "decimals_of",
    "score_scale",
    "usual_score",
]

LOWEST_POINTS: Final = 300
HIGHEST_POINTS: Final = 850
#: Points are counted in cells of ten; every band of risk, decision and histogram is a union.
CELL_POINTS: Final = 10
MOST_DECIMALS: Final = 6

_N_STEPS: Final = HIGHEST_POINTS - LOWEST_POINTS
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class ScoreScale:
    """A platform's scores.

    `scores` are those of the points 300, 301... to 850: whole numbers where there are no
    `decimals`. They fall where a high score is a high risk.
    """

    worst: float
    best: float
    cut_offs: tuple[float, ...]
    decimals: int
    scores: tuple[float, ...]

    def score_of(self, points: int) -> float:
        """What the platform calls so many points."""
        return self.scores[points - LOWEST_POINTS]

    def points_at(self, cut_off: float) -> int:
        """The points from which a cut-off lets through: those at which a cell begins."""
        return _points_at(cut_off, self.worst, self.best)

    def edge_below(self, points: int) -> float:
        """What is half a unit worse than the score of so many points."""
        half = 0.5 * 10.0**-self.decimals
        score = self.score_of(points) + (half if self.best < self.worst else -half)
        return round(score, self.decimals + 1)


def decimals_of(number: float) -> int:
    """After how many decimals a number ends, one more than the most there may be if it does not.

    >>> decimals_of(620.0), decimals_of(0.615), decimals_of(1 / 3)
    (0, 3, 7)
    """
    found = (d for d in range(MOST_DECIMALS + 1) if round(number, d) == number)
    return next(found, MOST_DECIMALS + 1)


@lru_cache(maxsize=64)
def score_scale(worst: float, best: float, cut_offs: tuple[float, ...] = ()) -> ScoreScale:
    """The scale on which these cut-offs are; they are a cell and more apart.

    >>> usual, percent = score_scale(300, 850, (640.0,)), score_scale(100, 0, (35.0,))
    >>> usual.score_of(640), usual.score_of(850), percent.score_of(300), percent.score_of(660)
    (640, 850, 100.0, 35.0)
    >>> percent.points_at(35.0)
    660
    """
    ends = {worst: LOWEST_POINTS, best: HIGHEST_POINTS}
    knots = {_points_at(score, worst, best): score for score in cut_offs if score not in ends}
    knots |= {points: score for score, points in ends.items()}
    decimals = max(_fitting(worst, best), *map(decimals_of, (worst, best, *cut_offs)))
    scores = _along(sorted(knots.items()), min(decimals, MOST_DECIMALS), is_rising=best > worst)
    whole = tuple(map(int, scores)) if decimals == 0 else tuple(scores)
    return ScoreScale(worst, best, cut_offs, min(decimals, MOST_DECIMALS), whole)


def cell_width(worst: float, best: float) -> float:
    """How far apart cut-offs are, at least.

    >>> cell_width(300, 850), cell_width(110, 0)
    (10.0, 2.0)
    """
    return abs(best - worst) * CELL_POINTS / _N_STEPS


def usual_score(points: int, worst: float, best: float) -> float:
    """Where so many points are on a scale, to as many decimals as fit it.

    >>> usual_score(640, 300, 850), usual_score(640, 0, 1000), usual_score(640, 1, 0)
    (640.0, 618.0, 0.382)
    """
    share = (points - LOWEST_POINTS) / _N_STEPS
    return round(worst + share * (best - worst), _fitting(worst, best))


def _points_at(score: float, worst: float, best: float) -> int:
    cell = (score - worst) / (best - worst) * _N_STEPS / CELL_POINTS
    points = LOWEST_POINTS + CELL_POINTS * math.floor(cell + 0.5 + _ROUNDING)
    return min(max(points, LOWEST_POINTS), HIGHEST_POINTS)


def _fitting(worst: float, best: float) -> int:
    """As many decimals as come nearest to the step from one of the points to the next."""
    return min(max(round(math.log10(_N_STEPS / abs(best - worst))), 0), MOST_DECIMALS)


def _along(knots: Iterable[tuple[int, float]], decimals: int, *, is_rising: bool) -> list[float]:
    """Scores of all points, rounded to the worse, so that none looks as if it passed a cut-off."""
    found: list[float] = []
    for (low, from_score), (high, to_score) in pairwise(knots):
        slope = (to_score - from_score) / (high - low)
        found += (from_score + slope * step for step in range(high - low))
        last = to_score
    unit, worse = 10.0**decimals, math.floor if is_rising else math.ceil
    slack = _ROUNDING if is_rising else -_ROUNDING
    return [round(worse(score * unit + slack) / unit, decimals) for score in (*found, last)]
