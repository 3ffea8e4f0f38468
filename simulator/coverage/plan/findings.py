"""What the trials have shown so far: the response of every target to every trial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simulator.coverage.plan.responses import NO_RESPONSE, Aim, Cut, Response, aim_at, responses
from simulator.coverage.plan.targets import Target, TargetState, fields_by_id, target_states
from simulator.coverage.plan.trials import CALM, Observation, Timing, Trial

__all__ = ["WELL_INSIDE", "Findings"]

#: The score from which on a target needs no better trial.
WELL_INSIDE = 0.7


@dataclass(slots=True)
class Findings:
    """Responses by target and trial, put together round by round; the first round has CALM.

    `trials` are all of them, `hopeless` targets that the panel itself keeps from being reached,
    with the reason.
    """

    timing: Timing
    aims: dict[Target, Aim] = field(default_factory=dict)
    hopeless: dict[Target, str] = field(default_factory=dict)
    trials: dict[Trial, None] = field(default_factory=dict)
    _responses: dict[Target, dict[Trial, Response]] = field(default_factory=dict)

    @property
    def targets(self) -> tuple[Target, ...]:
        """All targets, in the order of the dashboards."""
        return tuple(self._responses)

    @property
    def open(self) -> tuple[Target, ...]:
        """Targets that no trial brought well inside, and that are not hopeless."""
        return tuple(t for t in self.targets if t not in self.hopeless and not self._is_done(t))

    def of(self, target: Target) -> Mapping[Trial, Response]:
        """The responses of a target, by trial."""
        return self._responses[target]

    def add(self, trials: Sequence[Trial], seen: Observation) -> None:
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
        for state in target_states(seen.coverage):
            self._know(state)
        for target in self.targets:
            one = known.get(target.of)
            if one is None and target in self.aims:
                continue
            if target not in self.aims:
                calm = responses(one, Aim(target.low, target.high, 1.0), cuts)
                usual = dict(zip(trials, calm, strict=True)).get(CALM, NO_RESPONSE)
                self.aims[target] = aim_at(target, usual)
            before = self._responses[target]
            for trial, now in zip(trials, responses(one, self.aims[target], cuts), strict=True):
                if now.score <= before.get(trial, now).score:
                    before[trial] = now

    def _know(self, state: TargetState) -> None:
        found = self._responses.setdefault(state.target, {})
        if state.reason and not state.is_reached and not found:
            self.hopeless[state.target] = state.reason

    def _is_done(self, target: Target) -> bool:
        return any(one.score >= WELL_INSIDE for one in self._responses[target].values())
