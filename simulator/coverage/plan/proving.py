"""The proof of a plan: the scenario itself is run, and what it fails to reach is repaired."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from simulator.coverage.plan.field_responses import Cut, responses
from simulator.coverage.plan.findings import Findings
from simulator.coverage.plan.goals import Goal, GoalState, fields_by_id, goal_states
from simulator.coverage.plan.layout import laid_out
from simulator.coverage.plan.levers import levers
from simulator.coverage.plan.selection import candidates, selected
from simulator.coverage.plan.trials import CALM, Laboratory, Timing, Trial
from simulator.coverage.verdicts import Coverage
from simulator.progress import Report, within
from simulator.scenario.model import Scenario

__all__ = ["Proof", "proven"]

_MOST_REPAIRS: Final = 2
_LONGER: Final = 1.5
_WEAK: Final = 0.25


@dataclass(frozen=True, slots=True)
class Proof:
    """A scenario that was run: what it is made of and how every goal fared.

    `names` are those of the trials' episodes; `scores` of goals with one are as in a trial, in
    that episode's time.
    """

    scenario: Scenario
    names: Mapping[Trial, str]
    chosen: Mapping[Goal, Trial]
    coverage: Coverage
    states: tuple[GoalState, ...]
    scores: Mapping[Goal, float]

    @property
    def reached(self) -> frozenset[Goal]:
        """What the coverage says is exercised."""
        return frozenset(state.goal for state in self.states if state.is_reached)

    @property
    def merit(self) -> tuple[int, float]:
        """How many goals were reached, and how well."""
        return len(self.reached), sum(self.scores.values())


@dataclass(slots=True)
class _Repairs:
    """What the next scenario is to do otherwise: trials not to rely on, episodes to last longer."""

    barred: dict[Goal, list[Trial]] = field(default_factory=dict)
    stretches: dict[Trial, float] = field(default_factory=dict)

    def note(self, findings: Findings, proof: Proof) -> bool:
        """Whether there is something to repair."""
        reached = proof.reached
        is_needed = False
        for goal, trial in proof.chosen.items():
            is_weak = proof.scores.get(goal, 1.0) < _WEAK
            others = self._others(findings, goal, trial)
            better = any(findings.of(goal)[one].score >= _WEAK for one in others)
            if goal in reached and not (is_weak and better):
                continue
            is_needed = True
            if others:
                self.barred.setdefault(goal, []).append(trial)
            self.stretches[trial] = self.stretches.get(trial, 1.0) * _LONGER
        return is_needed

    def _others(self, findings: Findings, goal: Goal, trial: Trial) -> list[Trial]:
        barred = {trial, *self.barred.get(goal, ())}
        return [one for one in candidates(findings, goal) if one not in barred]


def proven(  # noqa: PLR0913 - the scenario's name and text, by keyword
    base: Scenario,
    laboratory: Laboratory,
    findings: Findings,
    report: Report,
    *,
    name: str,
    about: str,
) -> Proof:
    """The best of a few scenarios: what one fails to reach, the next is to reach otherwise."""
    repairs = _Repairs()
    proofs: list[Proof] = []
    for attempt in range(_MOST_REPAIRS + 1):
        chosen = selected(findings, barred=repairs.barred)
        scenario, names = laid_out(
            base,
            [(trial, repairs.stretches.get(trial, 1.0)) for trial in _in_order(base, chosen)],
            findings.timing,
            name=name,
            about=about,
        )
        again = f", repair {attempt}" if attempt else ""
        this = within(f"proof{again}: {len(names)} episodes", report)
        coverage = laboratory.prove(scenario, report=this)
        proof = _proof(findings, scenario, names, chosen, coverage)
        proofs.append(proof)
        if not repairs.note(findings, proof):
            break
    return max(proofs, key=lambda proof: proof.merit)


def _in_order(base: Scenario, chosen: Mapping[Goal, Trial]) -> list[Trial]:
    """The trials in the order of the levers, weak ones before strong."""
    order = {lever.name: number for number, lever in enumerate(levers(base))}
    keyed = {
        (order[trial.lever.name], trial.strength): trial
        for trial in chosen.values()
        if trial.lever is not None
    }
    return [keyed[key] for key in sorted(keyed)]


def _proof(
    findings: Findings,
    scenario: Scenario,
    names: Mapping[Trial, str],
    chosen: Mapping[Goal, Trial],
    coverage: Coverage,
) -> Proof:
    fields = fields_by_id(coverage)
    cuts = _cuts(scenario, coverage.start, findings.timing, names)
    scores = {
        goal: responses(fields.get(goal.of), findings.aims[goal], [cuts[trial]])[0]
        for goal, trial in chosen.items()
        if trial is not CALM
    }
    return Proof(
        scenario=scenario,
        names=names,
        chosen=chosen,
        coverage=coverage,
        states=tuple(goal_states(coverage)),
        scores={goal: one.score for goal, one in scores.items()},
    )


def _cuts(
    scenario: Scenario, origin: float, timing: Timing, names: Mapping[Trial, str]
) -> dict[Trial, Cut]:
    """When each trial's episode is judged: from its start on, held at the end."""
    episodes = {episode.name: episode for episode in scenario.episodes}
    cuts = {}
    for trial, name in names.items():
        if trial.lever is not None:
            start = origin + episodes[name].start
            lasting = max(episodes[name].duration, timing.seconds_until_judged(trial.lever))
            cuts[trial] = Cut(start, start + lasting - timing.hold, start + lasting)
    return cuts
