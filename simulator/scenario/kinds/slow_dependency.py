"""A dependency is slow."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.impact import busy
from simulator.scenario.lever import Lever
from simulator.scenario.severity import compliance_of, model_slower, overloaded, waiting, worst
from simulator.scenario.violation_rates import chances
from simulator.scenario.vocabulary import DEPENDENCIES, Alarms, Dependency
from simulator.scenario.waits import (
    bureau_timeouts,
    service_seconds,
    slow_bureau_seconds,
    slow_features_seconds,
)

__all__ = ["SlowDependency"]


class SlowDependency(EpisodeBase):
    """A dependency takes `factor` times as long to answer."""

    kind: Literal["slow-dependency"]
    dependency: Dependency
    factor: Annotated[float, Field(ge=1.0, le=1000.0)]

    def consequences(self, base: Baseline) -> Alarms:
        """Applicants wait; what the bureau does not answer in time goes unchecked."""
        parts = base.platform.api.service_times
        if self.dependency == "bureau":
            slow = slow_bureau_seconds(parts, self.factor)
            seconds = service_seconds(parts, bureau=self.factor)
            # 5 % of answers that never came end as a loan without the check that the law asks for
            unchecked = bureau_timeouts(parts.bureau, self.factor)
            gone = 1e4 * chances(base.platform)["ficp_check_missing"] * unchecked
            found: Alarms = {"compliance": compliance_of(gone, base)}
        else:
            slow = slow_features_seconds(parts, self.factor)
            seconds = service_seconds(parts, feature_store=self.factor)
            found = {"prediction-latency": model_slower(self.factor)}
        found["response-time"] = waiting(slow, base)
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
