"""How often a platform in health violates a rule, and how much oftener without an archive."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from simulator.scenario.vocabulary import ViolationType

__all__ = ["AUDIT_GAP_FACTOR", "ORDINARY_PER_10K", "REFUSED_GAP_FACTOR"]

#: Violations per 10 000 scorings on an ordinary day. No rates are published: a design choice.
ORDINARY_PER_10K: Final[Mapping[ViolationType, float]] = MappingProxyType(
    {
        "automated_refusal_without_review": 0.20,
        "refusal_reason_missing": 0.30,
        "legal_basis_missing": 0.25,
        "retention_exceeded": 0.10,
        "unauthorised_access": 0.003,
        "kyc_document_expired": 0.35,
        "screening_missed": 0.01,
        "suspicion_report_late": 0.02,
        "ficp_check_missing": 0.15,
        "audit_log_gap": 0.08,
    }
)
#: Times as many audit records are lost while the archive cannot be written.
AUDIT_GAP_FACTOR: Final = 50.0
#: And of the decisions that Kafka does not take: the API refuses what it cannot record, so that
#: fewer of them stand without a record than while the archive lags behind.
REFUSED_GAP_FACTOR: Final = 25.0
