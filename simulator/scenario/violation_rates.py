"""How often a platform in health violates a rule, and how much oftener without an archive."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from simulator.reading.records import Problem
from simulator.scenario.baseline import Baseline, Platform
from simulator.scenario.platform.compliance import USUAL_RULES
from simulator.scenario.platform.policy import Policy
from simulator.scenario.platform.service_times import Bureau
from simulator.scenario.score_shares import share_below
from simulator.scenario.vocabulary import VIOLATION_TYPES, ViolationType
from simulator.scenario.waits import bureau_timeouts

__all__ = [
    "AUDIT_GAP_FACTOR",
    "REFUSED_GAP_FACTOR",
    "chances",
    "ordinary_per_10k",
    "parent_shares",
    "rates_have_parents",
]

#: Times as many audit records are lost while the archive cannot be written.
AUDIT_GAP_FACTOR: Final = 50.0
#: And of the decisions that Kafka does not take: the API refuses what it cannot record, so that
#: fewer of them stand without a record than while the archive lags behind.
REFUSED_GAP_FACTOR: Final = 25.0
#: How many events that could be a violation come with a scoring on a usual platform in health.
_USUAL_PARENTS: Final[Mapping[ViolationType, float]] = MappingProxyType(
    {
        "automated_refusal_without_review": 0.105,
        "refusal_reason_missing": 0.105,
        "legal_basis_missing": 0.74,
        "retention_exceeded": 1.0,
        "unauthorised_access": 1.0,
        "kyc_document_expired": 0.30,
        "screening_missed": 1.0,
        "suspicion_report_late": 0.01,
        "ficp_check_missing": 3e-4,
        "audit_log_gap": 1.0,
    }
)
_USUAL_BUREAU: Final = Bureau()
_USUAL_POLICY: Final = Policy()


def parent_shares(platform: Platform) -> Mapping[ViolationType, float]:
    """How many events that could be a violation of each type come with a scoring in health.

    >>> parent_shares(Platform())["kyc_document_expired"]
    0.3
    """
    unanswered = _unanswered(platform.api.service_times.bureau) / _unanswered(_USUAL_BUREAU)
    usual = share_below(_USUAL_POLICY.decision_points()[1])
    refused = share_below(platform.policy.decision_points()[1]) / usual
    return {
        **_USUAL_PARENTS,
        "automated_refusal_without_review": refused
        * _USUAL_PARENTS["automated_refusal_without_review"],
        "refusal_reason_missing": refused * _USUAL_PARENTS["refusal_reason_missing"],
        "ficp_check_missing": _USUAL_PARENTS["ficp_check_missing"] * unanswered,
    }


def _unanswered(bureau: Bureau) -> float:
    """Look-ups per scoring that bring no answer."""
    late = bureau_timeouts(bureau, 1.0)
    return late + (bureau.share - late) * bureau.failure_ratio


def chances(platform: Platform) -> Mapping[ViolationType, float]:
    """Probability of a violation per event that could be one, by type, in health.

    >>> round(chances(Platform())["ficp_check_missing"], 4)
    0.05
    """
    told, parents = platform.compliance.violations, parent_shares(platform)
    found: dict[ViolationType, float] = {}
    for kind in VIOLATION_TYPES:
        per_10k = told[kind].per_10k if kind in told else None
        if per_10k is None:
            found[kind] = USUAL_RULES[kind].per_10k / 1e4 / _USUAL_PARENTS[kind]
        else:
            found[kind] = min(per_10k / 1e4 / parents[kind], 1.0) if per_10k else 0.0
    return found


def ordinary_per_10k(platform: Platform) -> Mapping[ViolationType, float]:
    """Violations of each type per 10 000 scorings on an ordinary day.

    >>> round(sum(ordinary_per_10k(Platform()).values()), 2)
    1.46
    """
    parents = parent_shares(platform)
    return {kind: 1e4 * chance * parents[kind] for kind, chance in chances(platform).items()}


def rates_have_parents(base: Baseline) -> Iterator[Problem]:
    """No type of violation happens oftener than what it could come from."""
    parents = parent_shares(base.platform)
    for kind, told in base.platform.compliance.violations.items():
        most = 1e4 * parents[kind]
        if told.per_10k is not None and told.per_10k > most:
            yield (
                f"platform.compliance.violations.{kind}.per_10k",
                f"{told.per_10k:g} of 10 000 scorings, of which only {most:.3g} could be one; "
                f"at most {most:.3g}",
            )
