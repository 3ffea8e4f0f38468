"""The proposal: the best thresholds and holds, as a person would type them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Final

from simulator.tuning.choosing.optimum import threshold_intervals
from simulator.tuning.choosing.pairs import Choice, at_one_hold, chosen
from simulator.tuning.choosing.rounding import rounded
from simulator.tuning.choosing.sweep import SearchSpace, Sweep
from simulator.tuning.judging.criteria import precision, recall
from simulator.tuning.judging.effective import Interval
from simulator.tuning.judging.ground_truth import GroundTruth
from simulator.tuning.judging.judgements import Setting, hold_steps
from simulator.tuning.judging.objectives import Search
from simulator.tuning.judging.ranking import Floats, Ranking, Recording
from simulator.tuning.truth.incidents import LEVELS, Incident

__all__ = ["Chosen", "Proposal", "proposals"]

_LEAST_WHERE_SILENT: Final = 0.5
"""The precision of what takes the place of a threshold that never fires."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for a level.

    `exact` is the best threshold before rounding, `interval` between which thresholds the best are
    in 95 % of resamples (too narrow where a few extreme values decide: a bootstrap knows none
    beyond those seen; nan with fewer than two incidents), `plateau` from where to where every
    threshold is as good, and `rounding_cost` what rounding took from the score. `is_today` says
    that today's setting is kept, since the best one gains too little.
    """

    setting: Setting
    exact: float
    interval: Interval
    plateau: Interval
    rounding_cost: float
    is_today: bool


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The proposals of a signal by level, and the sweeps of the space that they come from."""

    proposals: Mapping[str, Proposal]
    sweeps: Mapping[str, Sweep]
    space: SearchSpace

    def precision_recall(self, level: str, hold: float) -> tuple[Floats, Floats]:
        """Those of all thresholds with a hold in seconds, each of shape (candidates,)."""
        found = self.space.matched(level, hold_steps(hold, self.space.step))
        return precision(found), recall(found)


def proposals(  # noqa: PLR0913 - what is chosen, on what, and within which bounds
    recordings: Sequence[Recording],
    incidents: Mapping[str, Sequence[Incident]],
    today: Mapping[str, Setting],
    search: Search,
    *,
    is_lower_worse: bool,
    with_hold: Collection[str] = LEVELS,
) -> Chosen:
    """The proposals for all levels that have incidents; none where no candidate is good enough.

    Holds move at levels `with_hold`: at others nobody could be told of them.
    """
    ranking = Ranking.of(recordings, is_lower_worse=is_lower_worse)
    truths = {
        level: GroundTruth.of(recordings, incidents[level])
        for level in LEVELS
        if level in today and incidents.get(level)
    }
    truths = {level: one for level, one in truths.items() if one.windows}
    keeps = {level: one.keep_firing for level, one in today.items()}
    space = SearchSpace(ranking, truths, search, recordings[0].step, keeps)
    sweeps = space.sweeps()
    for level, swept in sweeps.items():
        if level not in with_hold:
            only = space.sweep_of_hold(level, today[level].hold)
            sweeps[level] = replace(only, trade_offs=swept.trade_offs)
    choices = _worth_it(space, _choices(space, sweeps, today), today)
    at_hold = {level: space.scores(level, one.steps) for level, one in choices.items()}
    choices = {level: at_one_hold(one, at_hold[level], ranking) for level, one in choices.items()}
    numbers = rounded(choices, at_hold, ranking, today, search.objective.least_gain)
    intervals = threshold_intervals(
        recordings,
        {level: incidents[level] for level in choices},
        space,
        {level: one.steps for level, one in choices.items()},
    )
    plain = {
        level: Proposal(
            setting=Setting(numbers[level], one.steps * space.step, keeps[level]),
            exact=one.middle,
            interval=intervals[level],
            plateau=(one.low, one.high),
            rounding_cost=one.score - float(at_hold[level][ranking.candidate(numbers[level])]),
            is_today=False,
        )
        for level, one in choices.items()
    }
    return Chosen(_kept_where_good(plain, choices, space, today), sweeps, space)


def _worth_it(
    space: SearchSpace, choices: Mapping[str, Choice], today: Mapping[str, Setting]
) -> dict[str, Choice]:
    """Without those that are better than today's only because that never fires.

    They have to be right more often than wrong.
    """
    found = {}
    for level, one in choices.items():
        setting = today[level]
        now = space.matched(level, hold_steps(setting.hold, space.step))
        fires = now.alarms[space.ranking.candidate(setting.threshold)] > 0
        right = precision(space.matched(level, one.steps))[one.candidate]
        if fires or right >= _LEAST_WHERE_SILENT:
            found[level] = one
    return found


def _choices(
    space: SearchSpace, sweeps: Mapping[str, Sweep], today: Mapping[str, Setting]
) -> dict[str, Choice]:
    """The best choice of each level, with the holds of today where others gain too little."""
    best = chosen(sweeps, space.ranking)
    least = sum(one.score for one in best.values()) - space.search.objective.least_gain
    with_hold_of_today = {level: space.sweep_of_hold(level, today[level].hold) for level in best}
    options = product(*([with_hold_of_today[level], sweeps[level]] for level in best))
    for mixed in sorted(options, key=lambda m: sum(one in sweeps.values() for one in m)):
        found = chosen(dict(zip(best, mixed, strict=True)), space.ranking)
        if found.keys() == best.keys() and sum(c.score for c in found.values()) >= least:
            return found
    return best


def _kept_where_good(
    plain: Mapping[str, Proposal],
    choices: Mapping[str, Choice],
    space: SearchSpace,
    today: Mapping[str, Setting],
) -> Mapping[str, Proposal]:
    """Today's setting where the best one gains too little; orange and red stay in order."""
    gain = space.search.objective.least_gain
    all_kept = {
        level: replace(one, setting=today[level], rounding_cost=0.0, is_today=True)
        for level, one in plain.items()
    }
    some_kept = {
        level: all_kept[level]
        if space.score(level, today[level]) >= choices[level].score - one.rounding_cost - gain
        else one
        for level, one in plain.items()
    }
    is_lower_worse = space.ranking.is_lower_worse
    return next(
        (
            found
            for found in (some_kept, plain)
            if _are_in_order(found, today, is_lower_worse=is_lower_worse)
        ),
        all_kept,
    )


def _are_in_order(
    found: Mapping[str, Proposal], today: Mapping[str, Setting], *, is_lower_worse: bool
) -> bool:
    """Whether red is harder to reach than orange, those included that nothing is proposed for."""
    sign = -1.0 if is_lower_worse else 1.0
    settled = {**today, **{level: one.setting for level, one in found.items()}}
    values = [sign * settled[level].threshold for level in LEVELS if level in settled]
    return all(a < b for a, b in pairwise(values))
