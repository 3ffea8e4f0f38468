"""MinIO: each of its servers, and each of their drives."""

from typing import Final

import numpy as np

from simulator.measures.measure import Fold, Measure, over
from simulator.measures.seen import Seen
from simulator.scenario.vocabulary import JOBS
from simulator.simulation.arrays import Bools, Floats, Ints
from simulator.simulation.drives import OFFLINE
from simulator.simulation.trace import Trace

__all__ = ["SERVERS"]

_NODE: Final = ("node",)
_DRIVE: Final = ("node", "drive")
_SUMMED: Final[tuple[Fold, ...]] = ("sum", "max", "min", "mean")


def _is_up(seen: Seen, _: tuple[str, ...]) -> Ints:
    return seen.trace.drives.is_up.astype(np.int64)


def _started(seen: Seen, _: tuple[str, ...]) -> Floats:
    """Unix seconds; `nan` of a server that is down. All of them restart with the job."""
    trace = seen.trace
    of_job = trace.exposure.started[:, [JOBS.index("minio")]]
    return np.where(trace.drives.is_up, np.maximum(of_job, trace.storage.returned), np.nan)


def _uptime(seen: Seen, asked: tuple[str, ...]) -> Floats:
    return np.maximum(seen.trace.grid.ends[:, np.newaxis] - _started(seen, asked), 0.0)


def _internode(seen: Seen, asked: tuple[str, ...]) -> Ints:
    """What servers send each other, in equal parts of those that are up; what is over the first's.

    As much is received as is sent, and data are spread evenly.
    """
    total, is_up = seen.trace.storage.internode, seen.trace.drives.is_up
    n_up = np.maximum(is_up.sum(axis=1), 1)
    each = np.where(is_up, (total // n_up)[:, np.newaxis], 0)
    each[:, 0] += total - each.sum(axis=1)
    return over(each, _NODE, asked)


def _states(seen: Seen, _: tuple[str, ...]) -> Ints:
    return seen.trace.drives.states


def _is_online(trace: Trace) -> Bools:
    return np.asarray(trace.drives.states != OFFLINE)


def _drive_bytes(seen: Seen, _: tuple[str, ...]) -> Floats:
    """`nan` of a drive that is offline, as for what is used and free."""
    is_online = _is_online(seen.trace)
    return np.where(is_online, seen.trace.scenario.platform.minio.drive_bytes, np.nan)


def _drive_used_bytes(seen: Seen, asked: tuple[str, ...]) -> Floats:
    """Data and parity, which all drives share equally."""
    minio = seen.trace.scenario.platform.minio
    raw = seen.trace.storage.used / minio.data_drives
    return np.minimum(raw[:, np.newaxis, np.newaxis], _drive_bytes(seen, asked))


def _drive_free_bytes(seen: Seen, asked: tuple[str, ...]) -> Floats:
    return _drive_bytes(seen, asked) - _drive_used_bytes(seen, asked)


SERVERS: Final = (
    Measure(
        "server_up",
        "minio",
        "state",
        "1 while a server of MinIO is up, 0 while it is down",
        _NODE,
        _is_up,
        folds=_SUMMED,
        signal="drives",
    ),
    Measure(
        "server_started",
        "minio",
        "state",
        "Start time for MinIO process per node, time in seconds since Unix epoc",
        _NODE,
        _started,
        unit="seconds",
        folds=("max", "min"),
    ),
    Measure(
        "server_uptime",
        "minio",
        "state",
        "Uptime for MinIO process per node in seconds",
        _NODE,
        _uptime,
        unit="seconds",
        folds=("min", "max"),
    ),
    Measure(
        "internode_bytes",
        "minio",
        "count",
        "Total number of bytes sent to the other peer nodes, as many as received from them",
        _NODE,
        _internode,
    ),
    Measure(
        "drive_state",
        "minio",
        "state",
        "Drive health (0 = offline, 1 = healthy, 2 = healing)",
        _DRIVE,
        _states,
        folds=("min", "max"),
        signal="drives",
    ),
    Measure(
        "drive_bytes",
        "minio",
        "state",
        "Total storage on a drive",
        _DRIVE,
        _drive_bytes,
        folds=_SUMMED,
    ),
    Measure(
        "drive_used_bytes",
        "minio",
        "state",
        "Total storage used on a drive",
        _DRIVE,
        _drive_used_bytes,
        folds=_SUMMED,
        signal="free-space",
    ),
    Measure(
        "drive_free_bytes",
        "minio",
        "state",
        "Total storage available on a drive",
        _DRIVE,
        _drive_free_bytes,
        folds=_SUMMED,
        signal="free-space",
    ),
)
