"""Everybody defaults more often, or more rarely, whoever they are."""

from collections.abc import Iterator
from typing import Final, Literal

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import ApplicantEpisode, Problem
from simulator.scenario.fields import Factor
from simulator.scenario.lever import Lever, labels_per_second
from simulator.scenario.severity import calibration_of
from simulator.scenario.vocabulary import Alarms

__all__ = ["PriorShift"]

# Twice the odds are not twice the defaults: who is sure to pay, or not to, does so all the same.
_ODDS_THAT_COUNT: Final = 0.7


class PriorShift(ApplicantEpisode):
    """The same people default more often: everybody's odds are multiplied by `odds_factor`."""

    kind: Literal["prior-shift"]
    odds_factor: Factor

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """It changes something."""
        if self.odds_factor == 1.0:
            yield "odds_factor", f"{self.name!r} needs a factor other than 1"

    def consequences(self, base: Baseline) -> Alarms:
        """By how much worse everybody is than the model says; that some are better is no harm."""
        return {"calibration": calibration_of(self.odds_factor**_ODDS_THAT_COUNT)}

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Seen once labels have arrived and the window is full of them."""
        monitoring = base.platform.monitoring
        seen = monitoring.label_delay + monitoring.performance_window / labels_per_second(base)
        yield Lever(
            "odds-change",
            "prior-shift",
            lambda factor: {"odds_factor": factor},
            (1.5, 3.0, 8.0, 30.0),
            seen_after=seen,
            recovers=seen,
        )
