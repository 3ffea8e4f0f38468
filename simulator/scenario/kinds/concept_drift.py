"""The same people default for other reasons."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import ApplicantEpisode, Problem
from simulator.scenario.fields import Coefficients
from simulator.scenario.lever import Lever, labels_per_second, readable
from simulator.scenario.predictive_power import predictive_share
from simulator.scenario.severity import graded
from simulator.scenario.vocabulary import FEATURES, Alarms

__all__ = ["ConceptDrift"]

# Of its lead over a coin toss, the model loses a fifth, or half.
_KNOWLEDGE_LOST: Final = (0.2, 0.5)


class ConceptDrift(ApplicantEpisode):
    """The same people default for other reasons: true coefficients are multiplied."""

    kind: Literal["concept-drift"]
    scale: Annotated[float, Field(ge=-2.0, le=3.0)] = 1.0
    coefficients: Coefficients = Field(default={})

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """It changes something."""
        if self.scale == 1.0 and not self.coefficients:
            yield "", f"{self.name!r} needs a scale other than 1, or coefficients"

    def consequences(self, base: Baseline) -> Alarms:
        """Accuracy by the share of what the model knows that no longer holds."""
        lost = sum(
            predictive_share(f) * (1.0 - self.scale * self.coefficients.get(f, 1.0))
            for f in FEATURES
        )  # more of it than there was is no harm
        return {"accuracy": graded(lost, *_KNOWLEDGE_LOST)}

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Seen once labels have arrived and the window is full of them."""
        monitoring = base.platform.monitoring
        seen = monitoring.label_delay + monitoring.performance_window / labels_per_second(base)
        yield Lever(
            "reasons-change",
            "concept-drift",
            lambda lost: {"scale": readable(1.0 - lost)},
            (0.05, 0.2, 0.4, 0.7, 1.0, 1.6, 2.5),
            scale="difference",
            seen_after=seen,
            recovers=seen,
        )
