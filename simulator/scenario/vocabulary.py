"""The words a scenario may use, in the order in which arrays are laid out."""

from typing import Final, Literal, TypeAlias, get_args

__all__ = [
    "CHANNELS",
    "DEPENDENCIES",
    "ENDPOINTS",
    "FEATURES",
    "JOBS",
    "REASONS",
    "SEVERITIES",
    "SIGNALS",
    "VIOLATION_TYPES",
    "Alarms",
    "Channel",
    "Dependency",
    "Endpoint",
    "Fault",
    "Feature",
    "Job",
    "Reason",
    "Severity",
    "Signal",
    "ViolationType",
]

Feature = Literal[
    "revolving_utilisation",
    "incidents_24m",
    "debt_to_income",
    "job_tenure_months",
    "net_income",
    "ficp_flag",
    "inquiries_6m",
    "duration_months",
    "permanent_contract",
    "home_owner",
    "age",
    "amount",
]
Channel = Literal["web", "mobile", "partner", "branch"]
Endpoint = Literal["score", "batch", "decision", "explanation", "review", "erasure", "models"]
Dependency = Literal["bureau", "feature-store"]
#: Faults the platform may answer with, in the order in which they are decided.
Fault = Literal["unauthorized", "rate_limited", "internal", "unavailable", "timeout"]
#: Why an application is not scored; the first is the client's own fault.
Reason = Literal["validation", "unauthorized", "rate_limited", "internal", "unavailable", "timeout"]
ViolationType = Literal[
    "automated_refusal_without_review",
    "refusal_reason_missing",
    "legal_basis_missing",
    "retention_exceeded",
    "unauthorised_access",
    "kyc_document_expired",
    "screening_missed",
    "suspicion_report_late",
    "ficp_check_missing",
    "audit_log_gap",
]
#: The components of the platform under the names of their jobs, as their series have them.
Job = Literal["ml-model", "scoring-api", "kafka-exporter", "minio", "compliance"]
#: What somebody on call watches; each is one alarm, whichever panels show it.
Signal = Literal[
    "accuracy",
    "calibration",
    "prediction-latency",
    "drift",
    "success-rate",
    "response-time",
    "consumer-lag",
    "replication",
    "min-isr",
    "drives",
    "write-quorum",
    "free-space",
    "compliance",
]
#: How strong an alarm is: none, to look at, to act on.
Severity = Literal["none", "orange", "red"]

#: The strongest alarm that is right on each signal.
Alarms: TypeAlias = dict[Signal, Severity]

FEATURES: Final[tuple[Feature, ...]] = get_args(Feature)
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
ENDPOINTS: Final[tuple[Endpoint, ...]] = get_args(Endpoint)
DEPENDENCIES: Final[tuple[Dependency, ...]] = get_args(Dependency)
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
JOBS: Final[tuple[Job, ...]] = get_args(Job)
VIOLATION_TYPES: Final[tuple[ViolationType, ...]] = get_args(ViolationType)
SIGNALS: Final[tuple[Signal, ...]] = get_args(Signal)
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
