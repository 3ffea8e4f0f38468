"""A control fails."""

from collections.abc import Iterator
from typing import Literal

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.fields import Factor
from simulator.scenario.lever import Lever
from simulator.scenario.severity import compliance_of
from simulator.scenario.violation_rates import ordinary_per_10k
from simulator.scenario.vocabulary import VIOLATION_TYPES, Alarms, ViolationType

__all__ = ["ComplianceIncident"]


class ComplianceIncident(EpisodeBase):
    """A control fails: a violation becomes `factor` times as likely per parent event."""

    kind: Literal["compliance-incident"]
    violation: ViolationType
    factor: Factor

    def consequences(self, base: Baseline) -> Alarms:
        """The violations beyond the usual ones."""
        usual = ordinary_per_10k(base.platform)[self.violation]
        return {"compliance": compliance_of(usual * (self.factor - 1.0), base)}

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Each violation."""
        return map(_of_violation, VIOLATION_TYPES)


def _of_violation(violation: ViolationType) -> Lever:
    return Lever(
        violation.replace("_", "-"),
        "compliance-incident",
        lambda factor: {"violation": violation, "factor": factor},
        (8.0, 120.0),
    )
