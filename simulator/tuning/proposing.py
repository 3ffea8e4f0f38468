"""The proposal: the best thresholds and holds, as a person would type them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.aims import Constraints, Objective, scores
from simulator.tuning.badness import Badness, Recording
from simulator.tuning.choosing import Choice, at_one_hold, chosen, stretch_around
from simulator.tuning.holds import held
from simulator.tuning.incidents import LEVELS, Incident
from simulator.tuning.intervals import Interval, optimum_interval
from simulator.tuning.judging import Setting, hold_steps
from simulator.tuning.measures import measures
from simulator.tuning.outcomes import Outcomes, outcomes
from simulator.tuning.rounding import neighbours, shortest_between
from simulator.tuning.sweep import Sweep, sweep
from simulator.tuning.trade_offs import TradeOffs
from simulator.tuning.windows import Judged

__all__ = ["Chosen", "Proposal", "Search", "proposals"]

Floats = NDArray[np.float64]

_MOST_RESAMPLED: Final = 400
"""Thresholds among which the optimum of a resample is looked for."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for a level.

    `exact` is the best threshold before rounding, `interval` where it is in 95 % of resamples (too
    narrow where a few extreme values decide: a bootstrap knows none beyond those seen), and
    `rounding_cost` what rounding took from the score. `is_today` says that today's setting is kept,
    since the best one gains too little.
    """

    setting: Setting
    exact: float
    interval: Interval
    rounding_cost: float
    is_today: bool


@dataclass(frozen=True, slots=True)
class Search:
    """What proposals are chosen by: the aims, and holds up to `most_hold` seconds."""

    objective: Objective
    constraints: Constraints
    most_hold: float = 1800.0


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The proposals of a signal by level, and the sweeps they come from."""

    proposals: Mapping[str, Proposal]
    sweeps: Mapping[str, Sweep]
    badness: Badness


def proposals(
    recordings: Sequence[Recording],
    incidents: Mapping[str, Sequence[Incident]],
    today: Mapping[str, Setting],
    search: Search,
    *,
    is_lower_worse: bool,
) -> Chosen:
    """The proposals for all levels that have incidents; none where no candidate is good enough."""
    badness = Badness.of(recordings, is_lower_worse=is_lower_worse)
    of_level = {
        level: Judged.of(recordings, incidents[level])
        for level in LEVELS
        if level in today and incidents.get(level)
    }
    judged = {level: one for level, one in of_level.items() if one.windows}
    step = recordings[0].step
    sweeps = sweep(
        badness,
        judged,
        most_steps=hold_steps(search.most_hold, step),
        objective=search.objective,
        constraints=search.constraints,
    )
    with_hold_of_today = {
        level: _of_one_hold(badness, one, hold_steps(today[level].hold, step), search)
        for level, one in judged.items()
    }
    choices = _choices(badness, sweeps, with_hold_of_today, search.objective.worth_changing)
    at_hold = {
        level: _at_hold(badness, judged[level], choice.steps, search)
        for level, choice in choices.items()
    }
    choices = {
        level: at_one_hold(choice, at_hold[level], badness) for level, choice in choices.items()
    }
    typed = _typed(choices, at_hold, badness, today, search.objective.worth_changing)
    plain = {
        level: _proposal(
            Setting(typed[level], choice.steps * step),
            choice,
            choice.score - float(at_hold[level][badness.candidate(typed[level])]),
            _interval(recordings, incidents[level], badness, choice.steps, search),
        )
        for level, choice in choices.items()
    }
    kept = {
        level: _kept(one, today[level])
        for level, one in plain.items()
        if _score_today(badness, judged[level], today[level], step, search)
        >= choices[level].score - one.rounding_cost - search.objective.worth_changing
    }
    every = {level: _kept(one, today[level]) for level, one in plain.items()}
    found = next(
        (
            some
            for some in ({**plain, **kept}, plain)
            if _are_in_order(some, today, is_lower_worse=is_lower_worse)
        ),
        every,
    )
    return Chosen(found, sweeps, badness)


def _choices(
    badness: Badness,
    sweeps: Mapping[str, Sweep],
    with_hold_of_today: Mapping[str, Sweep],
    least_gain: float,
) -> dict[str, Choice]:
    """The best choice of each level, with the holds of today where others gain too little."""
    best = chosen(sweeps, badness)
    least = sum(one.score for one in best.values()) - least_gain
    options = product(*([with_hold_of_today[level], sweeps[level]] for level in best))
    for mixed in sorted(options, key=lambda m: sum(one in sweeps.values() for one in m)):
        found = chosen(dict(zip(best, mixed, strict=True)), badness)
        if found.keys() == best.keys() and sum(c.score for c in found.values()) >= least:
            return found
    return best


def _kept(proposal: Proposal, today: Setting) -> Proposal:
    return replace(proposal, setting=today, rounding_cost=0.0, is_today=True)


def _proposal(setting: Setting, choice: Choice, cost: float, interval: Interval) -> Proposal:
    return Proposal(setting, choice.middle, interval, cost, is_today=False)


def _at_hold(badness: Badness, judged: Judged, steps: int, search: Search) -> Floats:
    """The scores of all thresholds with one hold."""
    found = outcomes(held(badness, steps), judged, badness.n_candidates)
    return scores(found, measures(found), search.objective, search.constraints)


def _of_one_hold(badness: Badness, judged: Judged, steps: int, search: Search) -> Sweep:
    """A sweep over all thresholds with a single hold."""
    score = _at_hold(badness, judged, steps, search)
    return Sweep(score, np.full(len(score), steps, dtype=np.int64), TradeOffs())


def _score_today(
    badness: Badness, judged: Judged, today: Setting, step: float, search: Search
) -> float:
    q = badness.candidate(today.threshold)
    return float(_at_hold(badness, judged, hold_steps(today.hold, step), search)[q])


def _typed(
    choices: Mapping[str, Choice],
    at_hold: Mapping[str, Floats],
    badness: Badness,
    today: Mapping[str, Setting],
    most_cost: float,
) -> dict[str, float]:
    """For each level a number of two digits, red harder to reach; the best sum of scores wins.

    Where two digits cost more than `most_cost`, as at 99.9 %, there are as many as it takes.
    """
    levels = list(choices)
    sign = -1.0 if badness.is_lower_worse else 1.0

    def worth(picked: tuple[float, ...]) -> float:
        ordered = all(sign * a < sign * b for a, b in pairwise(picked))
        if not ordered:
            return -np.inf
        return sum(
            float(at_hold[level][badness.candidate(value)])
            for level, value in zip(levels, picked, strict=True)
        )

    options = [list(_options(choices[level], badness, today[level])) for level in levels]
    best = max(product(*options), key=worth, default=())
    if worth(best) < sum(one.score for one in choices.values()) - most_cost:
        options = [
            [*two, shortest_between(choices[level].low, choices[level].high)]
            for level, two in zip(levels, options, strict=True)
        ]
        best = max(product(*options), key=worth, default=())
    return dict(zip(levels, best, strict=True))


def _options(choice: Choice, badness: Badness, today: Setting) -> Iterator[float]:
    """Numbers a person would type, the plainest first; counts stay whole."""
    if choice.low < today.threshold <= choice.high:
        yield today.threshold
    if len(badness.seen) and np.all(badness.seen == np.round(badness.seen)):
        yield from (v for v in neighbours(float(np.ceil(choice.middle))) if v == round(v))
    third = (choice.high - choice.low) / 3.0
    for value in (choice.middle, choice.low + third, choice.high - third, choice.high):
        yield from neighbours(value)


def _interval(
    recordings: Sequence[Recording],
    incidents: Sequence[Incident],
    badness: Badness,
    steps: int,
    search: Search,
) -> Interval:
    """Where the best threshold is when recordings and incidents are drawn anew."""
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


def _are_in_order(
    found: Mapping[str, Proposal], today: Mapping[str, Setting], *, is_lower_worse: bool
) -> bool:
    """Whether red is harder to reach than orange, those included that nothing is proposed for."""
    sign = -1.0 if is_lower_worse else 1.0
    settled = {**today, **{level: one.setting for level, one in found.items()}}
    values = [sign * settled[level].threshold for level in LEVELS if level in settled]
    return all(a < b for a, b in pairwise(values))
