"""Few trials that together bring every target into its band."""

from collections.abc import Collection, Mapping
from typing import Final

from simulator.coverage.plan.findings import Findings
from simulator.coverage.plan.targets import Target
from simulator.coverage.plan.trials import CALM, Trial

__all__ = ["candidates", "selected"]

_GOOD: Final = 0.75
_NEAR_THE_BEST: Final = 0.9
_CALM_IS_ENOUGH: Final = 0.5


def candidates(findings: Findings, target: Target) -> list[Trial]:
    """Trials that bring the target into its band, the deepest first, weaker ones before strong."""
    found = {trial: one.score for trial, one in findings.of(target).items() if one.score > 0.0}
    return sorted(found, key=lambda trial: (-round(found[trial], 2), trial.rank))


def selected(
    findings: Findings, *, barred: Mapping[Target, Collection[Trial]] | None = None
) -> dict[Target, Trial]:
    """The trial chosen for each target that any can bring into its band.

    Greedily, as for a set cover (V. Chvatal, "A greedy heuristic for the set-covering problem",
    1979): the trial that serves most targets, the shorter and the weaker one where as many. One
    serves a target only if hardly another trial does it better. What the calm platform shows
    needs no other. `barred` are trials that failed a target before.
    """
    barred = barred or {}
    serving: dict[Target, list[Trial]] = {}
    for target in findings.targets:
        kept = [t for t in candidates(findings, target) if t not in barred.get(target, ())]
        if kept:
            serving[target] = _near_the_best(findings, target, kept)
    chosen: dict[Target, Trial] = {}
    while left := [target for target in serving if target not in chosen]:
        trial = _next(findings, [serving[target] for target in left], set(chosen.values()))
        if trial is None:
            break
        chosen.update({target: trial for target in left if trial in serving[target]})
    return chosen


def _near_the_best(findings: Findings, target: Target, kept: list[Trial]) -> list[Trial]:
    found = findings.of(target)
    if CALM in kept and found[CALM].score >= _CALM_IS_ENOUGH:
        return [CALM]
    bar = min(_GOOD, _NEAR_THE_BEST * max(found[trial].score for trial in kept))
    return [trial for trial in kept if found[trial].score >= bar]


def _next(findings: Findings, options: list[list[Trial]], taken: set[Trial]) -> Trial | None:
    """The trial that is worth most, among those of which there may be one more."""
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
    alike = sum(1 for t in taken if t.lever is not None and t.lever.name == trial.lever.name)
    return alike < trial.lever.most
