"""Where the best thresholds are when recordings and incidents are drawn anew."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from simulator.tuning.choosing.pairs import chosen
from simulator.tuning.choosing.sweep import SearchSpace, Sweep
from simulator.tuning.judging.bootstrap import percentile_interval, resamples
from simulator.tuning.judging.effective import Interval
from simulator.tuning.judging.ground_truth import GroundTruth
from simulator.tuning.judging.holds import held
from simulator.tuning.judging.matching import Counts, Matching, matching
from simulator.tuning.judging.ranking import Ranking, Ranks, Recording
from simulator.tuning.truth.incidents import Incident

__all__ = ["threshold_intervals"]

_MOST_RESAMPLED: Final = 400
"""Thresholds among which the optimum of a resample is looked for."""

_RESAMPLES: Final = 200
_UNKNOWN: Final = (np.nan, np.nan)
_FEWEST_INCIDENTS: Final = 2


def threshold_intervals(
    recordings: Sequence[Recording],
    incidents: Mapping[str, Sequence[Incident]],
    space: SearchSpace,
    steps: Mapping[str, int],
) -> dict[str, Interval]:
    """By level between which thresholds the best ones of 95 % of the resamples are.

    In each of them all thresholds of a plateau are as good: the interval is from where plateaus
    begin to where they end. Orange and red are chosen together in each, as they are from all, with
    the holds that were. Unknown, nan, with fewer than two incidents, which nobody can draw anew.
    """
    ranking = space.ranking
    few = np.unique(
        np.linspace(0, ranking.n_candidates - 1, _MOST_RESAMPLED).round().astype(np.int64)
    )
    thin = _of_candidates(ranking, few)
    weights = [one.weight for one in recordings]
    drawn = {
        level: resamples(
            list(_parts(recordings, incidents[level], space, few, (level, hold))),
            _RESAMPLES,
            weights,
        )
        for level, hold in steps.items()
    }
    found: dict[str, list[Interval]] = {level: [] for level in steps}
    for together in zip(*drawn.values(), strict=True):
        sweeps = {
            level: Sweep(space.proposal_scores(one), np.zeros(len(few), dtype=np.int64))
            for level, one in zip(drawn, together, strict=True)
        }
        for level, choice in chosen(sweeps, thin).items():
            found[level].append((choice.low, choice.high))
    return {
        level: _from_first_to_last(ends)
        if len(space.truths[level].windows) >= _FEWEST_INCIDENTS
        else _UNKNOWN
        for level, ends in found.items()
    }


def _from_first_to_last(plateaus: Sequence[Interval]) -> Interval:
    lows, highs = zip(*plateaus, strict=True) if plateaus else ((), ())
    return percentile_interval(lows)[0], percentile_interval(highs)[1]


def _parts(
    recordings: Sequence[Recording],
    incidents: Sequence[Incident],
    space: SearchSpace,
    few: Counts,
    level_and_steps: tuple[str, int],
) -> Iterator[Matching]:
    """What a level's alarms do in each recording, of a few thresholds with one hold."""
    level, steps = level_and_steps
    ranks: Ranks = held(space.ranking, steps, space.keep_steps(level))
    offset = 0
    for one in recordings:
        end = offset + len(one.times) + 1
        truth = GroundTruth.of([one], incidents)
        found = matching(ranks[offset:end], truth, space.ranking.n_candidates)
        yield found.of_candidates(few)
        offset = end


def _of_candidates(ranking: Ranking, few: Counts) -> Ranking:
    """A ranking whose candidates are a few of another's, the first and the last among them."""
    count = len(ranking.seen)
    places = count - few[1:] if ranking.is_lower_worse else few[:-1]
    return Ranking(ranking.ranks[:, :0], np.sort(ranking.seen[places]), ranking.is_lower_worse)
