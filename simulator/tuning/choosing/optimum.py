"""Where the best threshold is when recordings and incidents are drawn anew."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.choosing.pairs import stretch_around
from simulator.tuning.choosing.search import Search
from simulator.tuning.judging.aims import scores
from simulator.tuning.judging.badness import Badness, Recording
from simulator.tuning.judging.holds import held
from simulator.tuning.judging.intervals import Interval, optimum_interval
from simulator.tuning.judging.measures import measures
from simulator.tuning.judging.outcomes import Outcomes, outcomes
from simulator.tuning.judging.windows import Judged
from simulator.tuning.truth.incidents import Incident

__all__ = ["threshold_interval"]

_MOST_RESAMPLED: Final = 400
"""Thresholds among which the optimum of a resample is looked for."""


def threshold_interval(
    recordings: Sequence[Recording],
    incidents: Sequence[Incident],
    badness: Badness,
    steps: int,
    search: Search,
) -> Interval:
    """The middle 95 % of the best thresholds of resamples, with a hold of so many steps."""
    few = np.unique(
        np.linspace(0, badness.n_candidates - 1, _MOST_RESAMPLED).round().astype(np.int64)
    )
    lows, highs = badness.edges
    ranks, parts, offset = held(badness, steps), [], 0
    for one in recordings:
        end = offset + len(one.times) + 1
        found = outcomes(ranks[offset:end], Judged.of([one], incidents), badness.n_candidates)
        parts.append(_some(found, few))
        offset = end

    def optimum(found: Outcomes) -> float:
        score = scores(found, measures(found), search.objective, search.constraints)
        best = int(score.argmax())
        if score[best] == -np.inf:
            return np.nan
        first, end = stretch_around(score, best, score[best])
        ends = few[[first, end - 1]]
        return float(lows[ends].min() + highs[ends].max()) / 2.0

    return optimum_interval(parts, optimum)


def _some(found: Outcomes, candidates: NDArray[np.int64]) -> Outcomes:
    return Outcomes(
        alarms=found.alarms[candidates],
        worth=found.worth[candidates],
        false_alarms=found.false_alarms[candidates],
        detection=found.detection[:, candidates],
        reset=found.reset[:, candidates],
        alarms_within=found.alarms_within[:, candidates],
        days=found.days,
    )
