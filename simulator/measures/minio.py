"""MinIO: servers, drives, capacity and S3 requests."""

from collections.abc import Callable
from typing import Final

import numpy as np

from simulator.measures.measure import Fold, Measure, over
from simulator.measures.seen import Seen
from simulator.scenario.erasure_coding import quorums
from simulator.scenario.vocabulary import Signal
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.drives import Drives
from simulator.simulation.minio import Storage
from simulator.simulation.trace import Trace

__all__ = ["MINIO"]

_CLUSTER: Final = ("server",)
_SET: Final = ("pool", "set", "server")
_ALIKE: Final[tuple[Fold, ...]] = ("max", "min", "mean")  # every server says the same
_WORST: Final[tuple[Fold, ...]] = ("min", "max", "mean", "sum")  # of several pools
_SUMMED: Final[tuple[Fold, ...]] = ("sum", "min", "max", "mean")


def _state(
    name: str,
    help_text: str,
    values: Callable[[Trace], Floats | Ints],
    *,
    signal: Signal | None = None,
) -> Measure:
    def of(seen: Seen, _: tuple[str, ...]) -> Floats | Ints:
        return values(seen.trace)[:, np.newaxis]

    return Measure(name, "minio", "state", help_text, _CLUSTER, of, folds=_ALIKE, signal=signal)


def _of_sets(
    name: str,
    help_text: str,
    values: Callable[[Drives], Floats | Ints],
    *,
    folds: tuple[Fold, ...] = _WORST,
    signal: Signal | None = None,
) -> Measure:
    """Of the erasure set of each pool: `values` (ticks, pools)."""

    def of(seen: Seen, _: tuple[str, ...]) -> Floats | Ints:
        found = values(seen.trace.drives)
        return found[:, :, np.newaxis, np.newaxis]

    return Measure(name, "minio", "state", help_text, _SET, of, folds=folds, signal=signal)


def _requests(name: str, help_text: str, counts: Callable[[Storage], Ints]) -> Measure:
    def of(seen: Seen, asked: tuple[str, ...]) -> Ints:
        found = counts(seen.trace.storage)[:, :, np.newaxis]
        return over(found, ("api", "server"), asked)

    return Measure(name, "minio", "count", help_text, ("api", "server"), of)


def _first_byte(seen: Seen, asked: tuple[str, ...]) -> Ints:
    up_to = np.cumsum(seen.trace.storage.first_byte, axis=2)
    return over(up_to[..., np.newaxis], ("api", "le", "server"), asked)


def _constant(trace: Trace, value: float) -> Floats:
    return np.full(trace.grid.count, float(value))


def _drives(trace: Trace) -> int:
    return trace.scenario.platform.minio.drives


def _healthy(trace: Trace) -> Floats:
    """1 with a write quorum: what MinIO's own health check asks for."""
    return np.asarray(trace.drives.can_write.astype(np.float64))


MINIO: Final = (
    _state(
        "nodes_online",
        "Total number of MinIO nodes online",
        lambda t: t.scenario.platform.minio.nodes - t.drives.nodes_offline,
    ),
    _state(
        "nodes_offline",
        "Total number of MinIO nodes offline",
        lambda t: t.drives.nodes_offline,
    ),
    _state(
        "drives_online",
        "Total drives online in this cluster",
        lambda t: _drives(t) - t.drives.drives_offline,
    ),
    _state(
        "drives_offline",
        "Total drives offline in this cluster",
        lambda t: t.drives.drives_offline,
        signal="drives",
    ),
    _state("drives", "Total drives in this cluster", lambda t: _constant(t, _drives(t))),
    _state("store_health", "Get current cluster health status", _healthy, signal="write-quorum"),
    _state(
        "write_quorum",
        "Maximum write quorum across all pools and sets",
        lambda t: _constant(t, quorums(t.scenario.platform.minio)[1]),
    ),
    _of_sets(
        "set_health",
        "Get current health status for this erasure set",
        lambda d: (d.write_tolerance >= 0).astype(np.float64),
        signal="write-quorum",
    ),
    _of_sets(
        "set_drives_online",
        "Get the count of the online drives in this erasure set",
        lambda d: d.online_of_pools,
        folds=_SUMMED,
    ),
    _of_sets(
        "set_drives_healing",
        "Get the count of healing drives of this erasure set",
        lambda d: d.healing_of_pools,
        folds=_SUMMED,
    ),
    _of_sets(
        "set_read_quorum",
        "Get the read quorum for this erasure set",
        lambda d: np.full(d.online_of_pools.shape, float(quorums(d.spec)[0])),
    ),
    _of_sets(
        "set_write_quorum",
        "Get the write quorum for this erasure set",
        lambda d: np.full(d.online_of_pools.shape, float(quorums(d.spec)[1])),
    ),
    _of_sets(
        "set_read_tolerance",
        "No of drive failures that can be tolerated without disrupting read operations",
        lambda d: d.read_tolerance,
        signal="write-quorum",
    ),
    _of_sets(
        "set_write_tolerance",
        "No of drive failures that can be tolerated without disrupting write operations",
        lambda d: d.write_tolerance,
        signal="write-quorum",
    ),
    _state("raw_bytes", "Total capacity online in the cluster", lambda t: t.storage.raw_total),
    _state(
        "raw_free_bytes", "Total free capacity online in the cluster", lambda t: t.storage.raw_free
    ),
    _state(
        "usable_bytes",
        "Total usable capacity online in the cluster",
        lambda t: t.storage.usable_total,
    ),
    _state(
        "usable_free_bytes",
        "Total free usable capacity online in the cluster",
        lambda t: t.storage.usable_free,
        signal="free-space",
    ),
    _state("used_bytes", "Total cluster usage in bytes", lambda t: t.storage.used),
    _requests("s3_requests", "Total number of S3 requests", lambda s: s.requests),
    _requests(
        "s3_errors",
        "Total number of S3 requests with (4xx and 5xx) errors",
        lambda s: s.missing + s.errors,
    ),
    _requests(
        "s3_client_errors", "Total number of S3 requests with (4xx) errors", lambda s: s.missing
    ),
    _requests(
        "s3_server_errors", "Total number of S3 requests with (5xx) errors", lambda s: s.errors
    ),
    Measure(
        "s3_first_byte",
        "minio",
        "count",
        "Distribution of time to first byte across API calls",
        ("api", "le", "server"),
        _first_byte,
        unit="seconds",
        needs=("le",),
    ),
)
