"""What the trials have shown so far: the response of every goal to every trial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simulator.coverage.plan.field_responses import (
    NO_RESPONSE,
    Aim,
    Cut,
    Response,
    aim_at,
    responses,
)
from simulator.coverage.plan.goals import Goal, GoalState, fields_by_id, goal_states
from simulator.coverage.plan.trials import CALM, Timing, Trial, TrialResults

__all__ = ["WELL_INSIDE", "Findings"]

#: The score from which on a goal needs no better trial.
WELL_INSIDE = 0.7


@dataclass(slots=True)
class Findings:
    """Responses by goal and trial, put together round by round; the first round has CALM.

    `trials` are all of them, `hopeless` goals that the panel itself keeps from being reached,
    with the reason.
    """

    timing: Timing
    aims: dict[Goal, Aim] = field(default_factory=dict)
    hopeless: dict[Goal, str] = field(default_factory=dict)
    trials: dict[Trial, None] = field(default_factory=dict)
    _responses: dict[Goal, dict[Trial, Response]] = field(default_factory=dict)

    @property
    def goals(self) -> tuple[Goal, ...]:
        """All goals, in the order of the dashboards."""
        return tuple(self._responses)

    @property
    def open(self) -> tuple[Goal, ...]:
        """Goals that no trial brought well inside, and that are not hopeless."""
        return tuple(t for t in self.goals if t not in self.hopeless and not self._is_done(t))

    def of(self, goal: Goal) -> Mapping[Trial, Response]:
        """The responses of a goal, by trial."""
        return self._responses[goal]

    def add(self, trials: Sequence[Trial], seen: TrialResults) -> None:
        """The trials of a round, with what was seen of them in the same order.

        A round may have looked at some of the panels only. Of a trial that was run before, the
        poorer response counts: what chance gave once is no plan.
        """
        self.trials.update(dict.fromkeys(trials))
        cuts = [
            Cut(start, end - self.timing.hold, end)
            for start, end in ((start + self.timing.lead, end) for start, end in seen.spans)
        ]
        known = fields_by_id(seen.coverage)
        for state in goal_states(seen.coverage):
            self._know(state)
        for goal in self.goals:
            one = known.get(goal.of)
            if one is None and goal in self.aims:
                continue
            if goal not in self.aims:
                calm = responses(one, Aim(goal.low, goal.high, 1.0), cuts)
                usual = dict(zip(trials, calm, strict=True)).get(CALM, NO_RESPONSE)
                self.aims[goal] = aim_at(goal, usual)
            before = self._responses[goal]
            for trial, now in zip(trials, responses(one, self.aims[goal], cuts), strict=True):
                if now.score <= before.get(trial, now).score:
                    before[trial] = now

    def _know(self, state: GoalState) -> None:
        found = self._responses.setdefault(state.goal, {})
        if state.reason and not state.is_reached and not found:
            self.hopeless[state.goal] = state.reason

    def _is_done(self, goal: Goal) -> bool:
        return any(one.score >= WELL_INSIDE for one in self._responses[goal].values())
