"""Offsets and lag as kafka_exporter reads them, glitches of its own included.

As danielqsj/kafka_exporter does it: log-end offsets first, committed ones afterwards. A partition
without a commit is shown with an offset and a lag of -1; the sum of lags leaves it out, the sum of
offsets does not.
"""

import numpy as np

from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.trace import Trace

__all__ = ["committed", "committed_sum", "lag", "lag_sum", "log_end", "members"]


def log_end(trace: Trace) -> Ints:
    """By partition, shape (ticks, partitions): without what comes before commits are read."""
    if not trace.exposure.has_glitches:
        return trace.topic.log_end
    apart = trace.exposure.read_apart[:, np.newaxis]
    return trace.topic.log_end - np.ceil(apart * trace.topic.produced).astype(np.int64)


def lag(trace: Trace) -> Floats | Ints:
    """By partition, shape (ticks, groups, partitions)."""
    found = log_end(trace)[:, np.newaxis] - trace.topic.committed
    return _where_seen(trace, _where_committed(trace, found, -1))


def lag_sum(trace: Trace) -> Floats | Ints:
    """Of a group's partitions with a commit, shape (ticks, groups)."""
    found = log_end(trace)[:, np.newaxis] - trace.topic.committed
    return _where_seen(trace, _where_committed(trace, found, 0).sum(axis=2))


def committed(trace: Trace) -> Floats | Ints:
    """Offsets by partition, shape (ticks, groups, partitions)."""
    return _where_seen(trace, _where_committed(trace, trace.topic.committed, -1))


def committed_sum(trace: Trace) -> Floats | Ints:
    """Of all partitions of a group, shape (ticks, groups)."""
    return _where_seen(trace, _where_committed(trace, trace.topic.committed, -1).sum(axis=2))


def members(trace: Trace) -> Floats | Ints:
    """Of each group, shape (ticks, groups)."""
    return _where_seen(trace, trace.topic.members)


def _where_committed(trace: Trace, values: Ints, otherwise: int) -> Ints:
    """Values by partition, and what stands in the place of those without a commit."""
    if not trace.exposure.has_glitches:
        return values
    partition = np.arange(values.shape[2])
    is_without = partition < trace.exposure.uncommitted[:, :, np.newaxis]
    return np.where(is_without, otherwise, values)


def _where_seen(trace: Trace, values: Ints) -> Floats | Ints:
    """`nan` for groups that have vanished; the values as they are where none has."""
    if not trace.exposure.has_glitches:
        return values
    vanished = trace.exposure.vanished
    if not vanished.any():
        return values  # whole numbers stay whole
    return np.where(vanished.reshape(*vanished.shape, *(1,) * (values.ndim - 2)), np.nan, values)
