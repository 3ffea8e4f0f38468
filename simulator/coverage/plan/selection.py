"""Few trials that together bring every goal into its band."""

from collections.abc import Collection, Mapping
from typing import Final

from simulator.coverage.plan.findings import Findings
from simulator.coverage.plan.goals import Goal
from simulator.coverage.plan.trials import CALM, Trial

__all__ = ["candidates", "selected"]

_GOOD: Final = 0.75
_NEAR_THE_BEST: Final = 0.9
_CALM_IS_ENOUGH: Final = 0.5


def candidates(findings: Findings, goal: Goal) -> list[Trial]:
    """Trials that bring the goal into its band, the deepest first, weaker ones before strong."""
    found = {trial: one.score for trial, one in findings.of(goal).items() if one.score > 0.0}
    return sorted(found, key=lambda trial: (-round(found[trial], 2), trial.rank))


def selected(
    findings: Findings, *, barred: Mapping[Goal, Collection[Trial]] | None = None
) -> dict[Goal, Trial]:
    """The trial chosen for each goal that any can bring into its band.

    Greedily, as for a set cover (V. Chvatal, "A greedy heuristic for the set-covering problem",
    1979): the trial that serves most goals, the shorter and the weaker one where as many. One
    serves a goal only if hardly another trial does it better, and one that the platform does not
    notice only if no other does it as well. What the calm platform shows needs no other. `barred`
    are trials that failed a goal before.
    """
    barred = barred or {}
    serving: dict[Goal, list[Trial]] = {}
    for goal in findings.goals:
        kept = [t for t in candidates(findings, goal) if t not in barred.get(goal, ())]
        if kept:
            serving[goal] = _near_the_best(findings, goal, kept)
    chosen: dict[Goal, Trial] = {}
    while left := [goal for goal in serving if goal not in chosen]:
        trial = _next(findings, [serving[goal] for goal in left], set(chosen.values()))
        if trial is None:
            break
        chosen.update({goal: trial for goal in left if trial in serving[goal]})
    return chosen


def _near_the_best(findings: Findings, goal: Goal, kept: list[Trial]) -> list[Trial]:
    found = findings.of(goal)
    if CALM in kept and found[CALM].score >= _CALM_IS_ENOUGH:
        return [CALM]
    bar = min(_GOOD, _NEAR_THE_BEST * max(found[trial].score for trial in kept))
    near = [trial for trial in kept if found[trial].score >= bar]
    return [t for t in near if t.lever is None or not t.lever.is_unnoticed] or near


def _next(findings: Findings, options: list[list[Trial]], taken: set[Trial]) -> Trial | None:
    """The trial that serves most, among those of which there may be one more."""
    counts: dict[Trial, int] = {}
    for trials in options:
        for trial in trials:
            counts[trial] = counts.get(trial, 0) + 1
    order = {trial: number for number, trial in enumerate(findings.trials)}
    possible = [trial for trial in counts if trial in taken or _fits(trial, taken)]

    def merit(trial: Trial) -> tuple[float, ...]:
        seconds = findings.timing.trial_seconds(trial)
        return (trial.lever is not None, -counts[trial], seconds, trial.rank, order[trial])

    return min(possible, key=merit, default=None)


def _fits(trial: Trial, taken: set[Trial]) -> bool:
    if trial.lever is None:
        return True
    of_lever = sum(1 for t in taken if t.lever is not None and t.lever.name == trial.lever.name)
    return of_lever < trial.lever.most
