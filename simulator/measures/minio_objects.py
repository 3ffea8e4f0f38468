"""MinIO: what is stored, and the bytes and requests that move it."""

from collections.abc import Callable
from typing import Final

import numpy as np

from simulator.measures.measure import Fold, Measure, Numbers, over
from simulator.measures.seen import Seen
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.minio import FIRST_BYTE_MEANS, Storage
from simulator.simulation.objects import BUCKETS

__all__ = ["OBJECTS"]

_SERVER: Final = ("server",)
_SUMMED: Final[tuple[Fold, ...]] = ("sum", "max", "min", "mean")


def _seen_by_one(values: Numbers) -> Numbers:
    """All of it, as the server says that is asked."""
    return values[..., np.newaxis]


def _objects(seen: Seen, _: tuple[str, ...]) -> Numbers:
    return _seen_by_one(seen.trace.storage.objects)


def _bucket_bytes(seen: Seen, _: tuple[str, ...]) -> Numbers:
    return _seen_by_one(seen.trace.storage.bucket_bytes)


def _buckets(seen: Seen, _: tuple[str, ...]) -> Numbers:
    return _seen_by_one(np.full(seen.trace.grid.count, len(BUCKETS)))


def _in_flight(seen: Seen, _: tuple[str, ...]) -> Floats:
    """The mean in the tick, by Little's law: how many came, times how long each was answered."""
    seconds = (seen.trace.storage.first_byte * FIRST_BYTE_MEANS).sum(axis=2)
    return _seen_by_one(seconds / seen.trace.grid.step)


def _traffic(name: str, help_text: str, n_bytes: Callable[[Storage], Ints]) -> Measure:
    def of(seen: Seen, asked: tuple[str, ...]) -> Ints:
        return over(_seen_by_one(n_bytes(seen.trace.storage)), _SERVER, asked)

    return Measure(name, "minio", "count", help_text, _SERVER, of)


OBJECTS: Final = (
    Measure(
        "objects",
        "minio",
        "state",
        "Total number of objects",
        ("bucket", "range", "server"),
        _objects,
        folds=_SUMMED,
    ),
    Measure(
        "bucket_bytes",
        "minio",
        "state",
        "Total bucket size in bytes",
        ("bucket", "server"),
        _bucket_bytes,
        folds=_SUMMED,
        signal="free-space",
    ),
    Measure(
        "buckets",
        "minio",
        "state",
        "Total number of buckets in the cluster",
        _SERVER,
        _buckets,
        folds=("max", "min", "mean"),
    ),
    Measure(
        "s3_in_flight",
        "minio",
        "state",
        "Total number of S3 requests currently in flight",
        ("api", "server"),
        _in_flight,
        folds=_SUMMED,
    ),
    _traffic("s3_received_bytes", "Total number of s3 bytes received", lambda s: s.received),
    _traffic("s3_sent_bytes", "Total number of s3 bytes sent", lambda s: s.sent),
)
