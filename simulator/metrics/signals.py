"""Which metric tells of which signal: how a query is known to be about one."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from simulator.promql.selectors import selectors
from simulator.scenario.vocabulary import Signal

__all__ = ["SIGNAL_FAMILIES", "signal_of"]

#: The family in the catalog that no other signal's queries read.
SIGNAL_FAMILIES: Final[Mapping[Signal, str]] = MappingProxyType(
    {
        "accuracy": "ml_model_accuracy",
        "calibration": "ml_model_default_ratio",
        "prediction-latency": "ml_prediction_duration",
        "drift": "ml_model_drift_score",
        "success-rate": "scoring_errors_total",
        "response-time": "http_request_duration_seconds",
        "consumer-lag": "kafka_consumergroup_lag",
        "replication": "kafka_topic_partition_under_replicated_partition",
        "min-isr": "kafka_topic_partition_in_sync_replica",
        "drives": "minio_cluster_drive_offline_total",
        "write-quorum": "minio_cluster_health_status",
        "free-space": "minio_cluster_capacity_usable_free_bytes",
        "compliance": "compliance_violations_total",
    }
)
_OF_HISTOGRAM: Final = re.compile("(_bucket|_sum|_count)$")


def signal_of(query: str) -> Signal | None:
    """The signal that a PromQL query is about; None where it reads no family of any.

    >>> signal_of("histogram_quantile(0.95, rate(ml_prediction_duration_bucket[5m]))")
    'prediction-latency'
    >>> signal_of("up") is None
    True
    """
    metrics = {one.metric for one in selectors(query)}
    families = metrics | {_OF_HISTOGRAM.sub("", metric) for metric in metrics}
    found = (signal for signal, family in SIGNAL_FAMILIES.items() if family in families)
    return next(found, None)
