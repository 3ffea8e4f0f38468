"""Families of MinIO, under the names, labels and help texts of its metrics version 2."""

from collections.abc import Callable
from itertools import product
from typing import Final

import numpy as np

from simulator.metrics.families import Family, Labels
from simulator.scenario.erasure_coding import quorums
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.minio import APIS, TTFB_EDGES
from simulator.simulation.trace import Trace

__all__ = ["MINIO"]

_SERVER: Final = "minio-1:9000"


def _drive_total(trace: Trace) -> int:
    minio = trace.scenario.platform.minio
    return minio.nodes * minio.drives_per_node


def _constant(trace: Trace, value: float) -> Floats:
    return np.full(trace.grid.count, float(value))


def _healthy(trace: Trace) -> Floats:
    """1 with a write quorum: what MinIO's own health check asks for."""
    return np.asarray(trace.drives.can_write.astype(np.float64))


def _minio(
    name: str,
    help_text: str,
    values: Callable[[Trace], Floats | Ints],
    labels: tuple[str, ...] = ("server",),
) -> Family:
    label_values = {"server": _SERVER, "pool": "0", "set": "0"}
    at: Labels = tuple(label_values[label] for label in labels)
    return Family(name, "gauge", "minio", help_text, labels, lambda _: [at], values)


def _s3(name: str, help_text: str, values: Callable[[Trace], Ints]) -> Family:
    labels = ("api", "server")
    return Family(
        name, "counter", "minio", help_text, labels, lambda _: [(a, _SERVER) for a in APIS], values
    )


_SET = ("pool", "set", "server")
_TTFB_LABELS = [f"{edge:g}" for edge in TTFB_EDGES] + ["+Inf"]

MINIO: Final = (
    _minio(
        "minio_cluster_nodes_online_total",
        "Total number of MinIO nodes online",
        lambda t: t.scenario.platform.minio.nodes - t.drives.nodes_offline,
    ),
    _minio(
        "minio_cluster_nodes_offline_total",
        "Total number of MinIO nodes offline",
        lambda t: t.drives.nodes_offline,
    ),
    _minio(
        "minio_cluster_drive_online_total",
        "Total drives online in this cluster",
        lambda t: _drive_total(t) - t.drives.drives_offline,
    ),
    _minio(
        "minio_cluster_drive_offline_total",
        "Total drives offline in this cluster",
        lambda t: t.drives.drives_offline,
    ),
    _minio(
        "minio_cluster_drive_total",
        "Total drives in this cluster",
        lambda t: _constant(t, _drive_total(t)),
    ),
    _minio(
        "minio_cluster_health_status",
        "Get current cluster health status",
        _healthy,
    ),
    _minio(
        "minio_cluster_write_quorum",
        "Maximum write quorum across all pools and sets",
        lambda t: _constant(t, quorums(t.scenario.platform.minio)[1]),
    ),
    _minio(
        "minio_cluster_health_erasure_set_status",
        "Get current health status for this erasure set",
        _healthy,
        _SET,
    ),
    _minio(
        "minio_cluster_health_erasure_set_online_drives",
        "Get the count of the online drives in this erasure set",
        lambda t: _drive_total(t) - t.drives.drives_offline,
        _SET,
    ),
    _minio(
        "minio_cluster_health_erasure_set_healing_drives",
        "Get the count of healing drives of this erasure set",
        lambda t: t.drives.healing,
        _SET,
    ),
    _minio(
        "minio_cluster_health_erasure_set_read_quorum",
        "Get the read quorum for this erasure set",
        lambda t: _constant(t, quorums(t.scenario.platform.minio)[0]),
        _SET,
    ),
    _minio(
        "minio_cluster_health_erasure_set_write_quorum",
        "Get the write quorum for this erasure set",
        lambda t: _constant(t, quorums(t.scenario.platform.minio)[1]),
        _SET,
    ),
    _minio(
        "minio_cluster_capacity_raw_total_bytes",
        "Total capacity online in the cluster",
        lambda t: t.storage.raw_total,
    ),
    _minio(
        "minio_cluster_capacity_raw_free_bytes",
        "Total free capacity online in the cluster",
        lambda t: t.storage.raw_free,
    ),
    _minio(
        "minio_cluster_capacity_usable_total_bytes",
        "Total usable capacity online in the cluster",
        lambda t: t.storage.usable_total,
    ),
    _minio(
        "minio_cluster_capacity_usable_free_bytes",
        "Total free usable capacity online in the cluster",
        lambda t: t.storage.usable_free,
    ),
    _minio(
        "minio_cluster_usage_total_bytes",
        "Total cluster usage in bytes",
        lambda t: t.storage.used,
    ),
    _s3(
        "minio_s3_requests_total",
        "Total number of S3 requests",
        lambda t: t.totals.s3_requests,
    ),
    _s3(
        "minio_s3_requests_errors_total",
        "Total number of S3 requests with (4xx and 5xx) errors",
        lambda t: t.totals.s3_missing + t.totals.s3_errors,
    ),
    _s3(
        "minio_s3_requests_4xx_errors_total",
        "Total number of S3 requests with (4xx) errors",
        lambda t: t.totals.s3_missing,
    ),
    _s3(
        "minio_s3_requests_5xx_errors_total",
        "Total number of S3 requests with (5xx) errors",
        lambda t: t.totals.s3_errors,
    ),
    Family(
        "minio_s3_requests_ttfb_seconds_distribution",
        "gauge",
        "minio",
        "Distribution of time to first byte across API calls",
        ("api", "le", "server"),
        lambda _: [(a, le, _SERVER) for a, le in product(APIS, _TTFB_LABELS)],
        lambda t: np.cumsum(t.totals.first_byte, axis=2),
        unit="seconds",
    ),
)
