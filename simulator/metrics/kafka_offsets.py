"""Offsets and lag as kafka_exporter reads them, glitches of its own included.

As danielqsj/kafka_exporter does it: log-end offsets first, committed ones afterwards. A partition
without a commit is shown with an offset and a lag of -1; the sum of lags leaves it out, the sum of
offsets does not.
"""

import numpy as np

from simulator.simulation.arrays import Bools, Floats, Ints
from simulator.simulation.trace import Trace

__all__ = ["committed", "committed_sum", "lag", "lag_sum", "log_end", "members"]


def log_end(trace: Trace) -> Ints:
    """By partition, shape (ticks, partitions): without what comes before commits are read."""
    apart = trace.exposure.read_apart[:, np.newaxis]
    return trace.topic.log_end - np.ceil(apart * trace.topic.produced).astype(np.int64)


def lag(trace: Trace) -> Floats | Ints:
    """By partition, shape (ticks, groups, partitions)."""
    return _where_seen(trace, np.where(_uncommitted(trace), -1, _lag(trace)))


def lag_sum(trace: Trace) -> Floats | Ints:
    """Of a group's partitions with a commit, shape (ticks, groups)."""
    return _where_seen(trace, np.where(_uncommitted(trace), 0, _lag(trace)).sum(axis=2))


def committed(trace: Trace) -> Floats | Ints:
    """Offsets by partition, shape (ticks, groups, partitions)."""
    return _where_seen(trace, _committed(trace))


def committed_sum(trace: Trace) -> Floats | Ints:
    """Of all partitions of a group, shape (ticks, groups)."""
    return _where_seen(trace, _committed(trace).sum(axis=2))


def members(trace: Trace) -> Floats | Ints:
    """Of each group, shape (ticks, groups)."""
    return _where_seen(trace, trace.topic.members)


def _committed(trace: Trace) -> Ints:
    return np.where(_uncommitted(trace), -1, trace.topic.committed)


def _lag(trace: Trace) -> Ints:
    return np.asarray(log_end(trace)[:, np.newaxis] - trace.topic.committed)


def _uncommitted(trace: Trace) -> Bools:
    partition = np.arange(trace.topic.committed.shape[2])
    return np.asarray(partition < trace.exposure.uncommitted[:, :, np.newaxis])


def _where_seen(trace: Trace, values: Ints) -> Floats | Ints:
    """`nan` for groups that have vanished; the values as they are where none has."""
    vanished = trace.exposure.vanished
    if not vanished.any():
        return values
    return np.where(vanished.reshape(*vanished.shape, *(1,) * (values.ndim - 2)), np.nan, values)
