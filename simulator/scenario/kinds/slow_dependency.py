"""A dependency is slow."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.impact import bureau_timeouts, busy, service_seconds
from simulator.scenario.lever import Lever
from simulator.scenario.severity import compliance_of, model_slower, overloaded, waiting, worst
from simulator.scenario.vocabulary import DEPENDENCIES, Alarms, Dependency

__all__ = ["SlowDependency"]


class SlowDependency(EpisodeBase):
    """A dependency takes `factor` times as long to answer."""

    kind: Literal["slow-dependency"]
    dependency: Dependency
    factor: Annotated[float, Field(ge=1.0, le=1000.0)]

    def consequences(self, base: Baseline) -> Alarms:
        """Applicants wait; what the bureau does not answer in time goes unchecked."""
        if self.dependency == "bureau":
            # one request in ten asks it, so half of those are the slowest in twenty
            slow, seconds = 0.05 + 0.16 * self.factor, service_seconds(bureau=self.factor)
            # 5 % of answers that never came end as a loan without the check that the law asks for
            found: Alarms = {"compliance": compliance_of(500.0 * bureau_timeouts(self.factor))}
        else:
            slow, seconds = 0.17 + 0.03 * self.factor, service_seconds(feature_store=self.factor)
            found = {"prediction-latency": model_slower(self.factor)}
        found["response-time"] = waiting(slow)
        return worst(found, overloaded(busy(base, seconds=seconds)))

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Each dependency."""
        return map(_of_dependency, DEPENDENCIES)


def _of_dependency(dependency: Dependency) -> Lever:
    return Lever(
        f"{dependency}-slow",
        "slow-dependency",
        lambda factor: {"dependency": dependency, "factor": factor},
        (1.5, 2.5, 4.0, 7.0, 14.0, 30.0, 100.0),
    )
