"""Where the best threshold is when recordings and incidents are drawn anew."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.choosing.pairs import stretch_around
from simulator.tuning.choosing.search import Search
from simulator.tuning.judging.bootstrap import Interval, optimum_interval
from simulator.tuning.judging.criteria import criteria
from simulator.tuning.judging.detection_windows import DetectionWindows
from simulator.tuning.judging.holds import held
from simulator.tuning.judging.matching import Matching, matching
from simulator.tuning.judging.objectives import scores
from simulator.tuning.judging.ranking import Ranking, Recording
from simulator.tuning.truth.incidents import Incident

__all__ = ["threshold_interval"]

_MOST_RESAMPLED: Final = 400
"""Thresholds among which the optimum of a resample is looked for."""


def threshold_interval(
    recordings: Sequence[Recording],
    incidents: Sequence[Incident],
    ranking: Ranking,
    steps: int,
    search: Search,
) -> Interval:
    """The middle 95 % of the best thresholds of resamples, with a hold of so many steps."""
    few = np.unique(
        np.linspace(0, ranking.n_candidates - 1, _MOST_RESAMPLED).round().astype(np.int64)
    )
    lows, highs = ranking.edges
    ranks, parts, offset = held(ranking, steps), [], 0
    for one in recordings:
        end = offset + len(one.times) + 1
        found = matching(
            ranks[offset:end], DetectionWindows.of([one], incidents), ranking.n_candidates
        )
        parts.append(_some(found, few))
        offset = end

    def optimum(found: Matching) -> float:
        score = scores(found, criteria(found), search.objective, search.constraints)
        best = int(score.argmax())
        if score[best] == -np.inf:
            return np.nan
        first, end = stretch_around(score, best, score[best])
        ends = few[[first, end - 1]]
        return float(lows[ends].min() + highs[ends].max()) / 2.0

    return optimum_interval(parts, optimum)


def _some(found: Matching, candidates: NDArray[np.int64]) -> Matching:
    return Matching(
        alarms=found.alarms[candidates],
        true_positives=found.true_positives[candidates],
        false_alarms=found.false_alarms[candidates],
        detection=found.detection[:, candidates],
        reset=found.reset[:, candidates],
        alarms_within=found.alarms_within[:, candidates],
        days=found.days,
    )
