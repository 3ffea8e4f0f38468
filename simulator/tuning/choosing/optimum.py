"""Where the best threshold is when recordings and incidents are drawn anew."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from simulator.tuning.choosing.pairs import plateau_around
from simulator.tuning.judging.bootstrap import percentile_interval, resamples
from simulator.tuning.judging.effective import Interval
from simulator.tuning.judging.ground_truth import GroundTruth
from simulator.tuning.judging.matching import Matching, matching
from simulator.tuning.judging.objectives import Search
from simulator.tuning.judging.ranking import Ranking, Ranks, Recording
from simulator.tuning.truth.incidents import Incident

__all__ = ["threshold_interval"]

_MOST_RESAMPLED: Final = 400
"""Thresholds among which the optimum of a resample is looked for."""

_RESAMPLES: Final = 200


def threshold_interval(
    recordings: Sequence[Recording],
    incidents: Sequence[Incident],
    ranking: Ranking,
    ranks: Ranks,
    search: Search,
) -> Interval:
    """The middle 95 % of the best thresholds of resamples; `ranks` are those held."""
    few = np.unique(
        np.linspace(0, ranking.n_candidates - 1, _MOST_RESAMPLED).round().astype(np.int64)
    )
    lows, highs = ranking.edges
    parts, offset = [], 0
    for one in recordings:
        end = offset + len(one.times) + 1
        found = matching(ranks[offset:end], GroundTruth.of([one], incidents), ranking.n_candidates)
        parts.append(found.of_candidates(few))
        offset = end

    def optimum(found: Matching) -> float:
        score = search.scores(found)
        best = int(score.argmax())
        if score[best] == -np.inf:
            return np.nan
        first, end = plateau_around(score, best, score[best])
        ends = few[[first, end - 1]]
        return float(lows[ends].min() + highs[ends].max()) / 2.0

    weights = [one.weight for one in recordings]
    return percentile_interval([optimum(one) for one in resamples(parts, _RESAMPLES, weights)])
