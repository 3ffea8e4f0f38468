"""The rules that a platform is checked against, and how often it breaks them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import Field

from simulator.scenario.fields import Described, LabelText
from simulator.scenario.vocabulary import VIOLATION_TYPES, ViolationType

__all__ = ["USUAL_RULES", "Compliance", "Rule", "Violation"]

PerTenThousand = Annotated[float, Field(ge=0.0, le=10_000.0)]


@dataclass(frozen=True)
class Rule:
    """What a type of violation is called, the rule it breaks, and how bad that is.

    `per_10k` are violations per 10 000 scorings on an ordinary day.
    """

    name: str
    regulation: str
    severity: str
    per_10k: float


#: The ten types, in the order of VIOLATION_TYPES; 1.46 per 10 000 scorings in all. No rates are
#: published: a design choice.
USUAL_RULES: Final[Mapping[ViolationType, Rule]] = MappingProxyType(
    {
        name: Rule(name, regulation, severity, per_10k)
        for name, (regulation, severity, per_10k) in zip(
            VIOLATION_TYPES,
            (
                ("RGPD art. 22", "high", 0.20),
                ("RGPD art. 15", "medium", 0.30),
                ("RGPD art. 6", "medium", 0.25),
                ("RGPD art. 5-1-e", "medium", 0.10),
                ("RGPD art. 32", "critical", 0.003),
                ("CMF L561-5", "high", 0.35),
                ("CMF L562-4", "critical", 0.01),
                ("CMF L561-15", "high", 0.02),
                ("C. conso L312-16", "high", 0.15),
                ("AI Act art. 12", "low", 0.08),
            ),
            strict=True,
        )
    }
)


class Violation(Described):
    """What a platform says of a type of violation; what is left out is as usual."""

    name: LabelText | None = None
    """What the type is called, as the value of a label."""
    regulation: LabelText | None = None
    """The rule that is broken."""
    severity: LabelText | None = None
    """How bad that is."""
    per_10k: PerTenThousand | None = None
    """Violations per 10 000 scorings on an ordinary day; 0 is none in health. Without, as often as
    usual per event that could be one, such as a refusal."""


class Compliance(Described):
    """What the platform's compliance checks count."""

    violations: dict[ViolationType, Violation] = Field(default={})
    """What is particular of each type of violation."""

    def rules(self) -> Mapping[ViolationType, Rule]:
        """What each type is on this platform; rates that are not told are the usual ones.

        >>> own = Compliance(violations={"audit_log_gap": Violation(severity="high")})
        >>> own.rules()["audit_log_gap"]
        Rule(name='audit_log_gap', regulation='AI Act art. 12', severity='high', per_10k=0.08)
        """
        nothing = Violation()
        return {
            kind: Rule(
                own.name or usual.name,
                own.regulation or usual.regulation,
                own.severity or usual.severity,
                usual.per_10k if own.per_10k is None else own.per_10k,
            )
            for kind, usual in USUAL_RULES.items()
            for own in (self.violations.get(kind, nothing),)
        }
