"""A scenario for given dashboards: trials, a search between them, few chosen, and the proof."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from simulator.coverage.plan.findings import Findings
from simulator.coverage.plan.goals import Goal, GoalState
from simulator.coverage.plan.levers import levers
from simulator.coverage.plan.proving import Proof, proven
from simulator.coverage.plan.reasons import reason_missed
from simulator.coverage.plan.search import first_trials, next_trials
from simulator.coverage.plan.selection import selected
from simulator.coverage.plan.trials import (
    CALM,
    Laboratory,
    PanelId,
    Timing,
    Trial,
    TrialResults,
    trial_scenario,
)
from simulator.coverage.verdicts import Coverage
from simulator.progress import Report, unreported, within
from simulator.scenario.model import Scenario

__all__ = ["Plan", "Unreached", "plan_scenario"]

_MOST_ROUNDS: Final = 4
_MOST_REHEARSALS: Final = 3
_TRIAL_STEP_SECONDS: Final = 30.0
_STALE_SECONDS: Final = 300.0  # for so long Prometheus shows a series that has ended


@dataclass(frozen=True, slots=True)
class Unreached:
    """A goal that the scenario does not reach, and why."""

    goal: Goal
    reason: str

    def __str__(self) -> str:
        return f"{self.goal}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A scenario, what it was seen to reach, and what it cannot.

    `reached` names for each goal the episode that was on, "" where it was none; `purposes` the
    goals for which each episode is there; `coverage` is the scenario's own, as proof.
    """

    scenario: Scenario
    reached: Mapping[Goal, str]
    unreached: tuple[Unreached, ...]
    purposes: Mapping[str, tuple[Goal, ...]]
    coverage: Coverage
    trials: int

    @property
    def is_complete(self) -> bool:
        """Whether every goal is reached, of which there is at least one."""
        return bool(self.reached) and not self.unreached


def plan_scenario(  # noqa: PLR0913 - the scenario's name and text, by keyword
    base: Scenario,
    laboratory: Laboratory,
    *,
    look_back: float = 900.0,
    name: str = "planned",
    about: str = "Takes every panel through each of its threshold steps that incidents can reach.",
    report: Report = unreported,
    tell: Callable[[Unreached], None] = lambda _: None,
) -> Plan:
    """A scenario on the base's platform and traffic that reaches every step that can be reached.

    `look_back` is how many seconds back the panels' queries look. `tell` hears, before any incident
    is tried, what the panels themselves keep from being reached.
    """
    timing = Timing(look_back)
    healthy = base.model_copy(update={"episodes": ()})
    findings = _looked_at(healthy, laboratory, timing, report)
    for goal, reason in findings.hopeless.items():
        tell(Unreached(goal, reason))
    _explore(healthy, laboratory, findings, report)
    _rehearse(healthy, laboratory, findings, report)
    proof = proven(healthy, laboratory, findings, report, name=name, about=about)
    return _plan(findings, proof)


def _looked_at(base: Scenario, laboratory: Laboratory, timing: Timing, report: Report) -> Findings:
    """What the healthy platform shows, and what no incident could change."""
    findings = Findings(timing)
    this = within("the healthy platform", report)
    findings.add([CALM], _run(base, laboratory, timing, [CALM], only=None, report=this))
    return findings


def _explore(base: Scenario, laboratory: Laboratory, findings: Findings, report: Report) -> None:
    trials: tuple[Trial, ...] = tuple(first_trials(levers(base)))
    for number in range(1, _MOST_ROUNDS + 1):
        only = _panels(findings.open)
        if not trials or not only:
            break
        wanted = f"for {len(findings.open)} open steps"
        this = within(f"round {number}: {len(trials)} trials {wanted}", report)
        seen = _run(base, laboratory, findings.timing, trials, only=only, report=this)
        findings.add(trials, seen)
        trials = next_trials(findings)


def _rehearse(base: Scenario, laboratory: Laboratory, findings: Findings, report: Report) -> None:
    """Runs what would be chosen once more with other chances, until all of it has been."""
    rehearsed = {CALM}
    other = base.model_copy(update={"seed": (base.seed + 1) % 2**63})
    for _ in range(_MOST_REHEARSALS):
        chosen = {t: trial for t, trial in selected(findings).items() if trial not in rehearsed}
        trials = tuple(dict.fromkeys(chosen.values()))
        if not trials:
            return
        rehearsed.update(trials)
        this = within(f"rehearsal: {len(trials)} trials with another seed", report)
        only = _panels(chosen)
        seen = _run(other, laboratory, findings.timing, trials, only=only, report=this)
        findings.add(trials, seen)


def _run(  # noqa: PLR0913 - what a laboratory is asked, the rest of it by keyword
    base: Scenario,
    laboratory: Laboratory,
    timing: Timing,
    trials: Sequence[Trial],
    *,
    only: Collection[PanelId] | None,
    report: Report,
) -> TrialResults:
    scenarios = [trial_scenario(base, trial, timing) for trial in trials]
    apart = timing.look_back + _STALE_SECONDS
    return laboratory.try_out(
        scenarios, apart=apart, step=_TRIAL_STEP_SECONDS, only=only, report=report
    )


def _panels(goals: Iterable[Goal]) -> set[PanelId]:
    return {(goal.of.dashboard, goal.of.path) for goal in goals}


def _plan(findings: Findings, proof: Proof) -> Plan:
    reached = {state.goal: _credit(state, proof) for state in proof.states if state.is_reached}
    unreached = tuple(
        Unreached(state.goal, reason_missed(findings, state, proof.chosen.get(state.goal)))
        for state in proof.states
        if not state.is_reached
    )
    purposes: dict[str, tuple[Goal, ...]] = {}
    for goal, name in reached.items():
        if name:
            purposes[name] = (*purposes.get(name, ()), goal)
    return Plan(
        scenario=proof.scenario,
        reached=reached,
        unreached=unreached,
        purposes=purposes,
        coverage=proof.coverage,
        trials=len(findings.trials),
    )


def _credit(state: GoalState, proof: Proof) -> str:
    """The episode that is there for a goal; else the one that was on when it was reached."""
    trial = proof.chosen.get(state.goal)
    if trial is None:
        return next(iter(state.episodes), "")
    return proof.names.get(trial, "")
