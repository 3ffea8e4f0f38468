"""Trials: the platform for a short while under one incident at one strength, or under none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from simulator.coverage.plan.levers import episode_of
from simulator.coverage.verdicts import Coverage
from simulator.progress import Report, unreported
from simulator.scenario.lever import Lever
from simulator.scenario.model import Scenario

__all__ = ["CALM", "Laboratory", "PanelId", "Timing", "Trial", "TrialResults", "trial_scenario"]


PanelId = tuple[str, str]
"""A dashboard's key (see `dashboard_key`) and the panel's path in its JSON."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A lever at a strength; without a lever, the platform in health."""

    lever: Lever | None
    strength: float = 0.0

    @property
    def rank(self) -> float:
        """How strong it is among what the lever can do, 0 to 1."""
        if self.lever is None or len(self.lever.strengths) == 1:
            return 0.0
        first, last = self.lever.strengths[0], self.lever.strengths[-1]
        return (self.strength - first) / (last - first)

    def __str__(self) -> str:
        return "the calm platform" if self.lever is None else self.lever.described(self.strength)


CALM = Trial(None)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long trials take, in seconds.

    An incident begins after `lead`; then the panels look back over nothing else once `look_back`
    has passed, and are judged during the `hold` that ends the trial.
    """

    look_back: float
    lead: float = 120.0
    hold: float = 600.0

    def episode_seconds(self, lever: Lever) -> float:
        """How long the episode of a lever lasts."""
        return lever.lasts or self.seconds_until_judged(lever)

    def seconds_until_judged(self, lever: Lever) -> float:
        """From the beginning of the episode to the end of the hold: whole minutes."""
        needed = lever.seen_after + self.look_back + self.hold
        return -(-max(needed, lever.lasts) // 60.0) * 60.0

    def trial_seconds(self, trial: Trial) -> float:
        """How long a trial lasts."""
        if trial.lever is None:
            return self.lead + self.look_back + self.hold
        return self.lead + self.seconds_until_judged(trial.lever)


@dataclass(frozen=True, slots=True, eq=False)
class TrialResults:
    """What the dashboards showed of scenarios that were run, and when each was; unix seconds."""

    coverage: Coverage
    spans: tuple[tuple[float, float], ...]


class Laboratory(Protocol):
    """Runs scenarios, and tells what the dashboards showed meanwhile."""

    def try_out(
        self,
        scenarios: Sequence[Scenario],
        *,
        apart: float,
        step: float,
        only: Collection[PanelId] | None = None,
        report: Report = unreported,
    ) -> TrialResults:
        """What was seen of scenarios one after the other, with a span for each.

        Between two of them there is nothing at all for `apart` seconds; `step` is that of the
        ticks. With `only`, it is enough to look at those panels.
        """

    def prove(self, scenario: Scenario, *, report: Report = unreported) -> Coverage:
        """The coverage of one scenario, just as anybody will get it."""


def trial_scenario(base: Scenario, trial: Trial, timing: Timing) -> Scenario:
    """The base for as long as the trial takes, with the trial's episode alone."""
    length = timing.trial_seconds(trial)
    if trial.lever is None:
        return base.model_copy(update={"episodes": (), "duration": length})
    one = episode_of(
        trial.lever,
        trial.strength,
        name=trial.lever.name,
        start=timing.lead,
        duration=timing.episode_seconds(trial.lever),
    )
    return base.model_copy(update={"episodes": (one,), "duration": length})
