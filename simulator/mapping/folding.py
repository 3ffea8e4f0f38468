"""Many rows as fewer: what a metric does not tell apart."""

from collections.abc import Sequence

import numpy as np

from simulator.measures.measure import Fold, Histogram, Numbers, Values
from simulator.simulation.arrays import Bools, Ints

__all__ = ["folded", "summed"]


def summed(values: Values, groups: Sequence[Ints]) -> Values:
    """Counts (ticks, rows, ...) added up by group, shape (ticks, groups, ...).

    >>> summed(np.array([[1, 2, 4]]), [np.array([0, 2]), np.array([1])])
    array([[5, 2]])
    """
    if isinstance(values, Histogram):
        return Histogram(_added(values.counts, groups), _added(values.sums, groups))
    return _added(values, groups)


def folded(
    values: Numbers, groups: Sequence[Ints], fold: Fold, counts: Bools | None = None
) -> Numbers:
    """States (ticks, rows) folded by group; `nan` where a group has no value.

    `counts` says which of them are looked at, shape (ticks, rows); all of them without.

    >>> states = np.array([[1.0, np.nan, 3.0]])
    >>> folded(states, [np.array([0, 2]), np.array([1])], "max")
    array([[ 3., nan]])
    >>> folded(states, [np.array([0, 1, 2])], "mean")
    array([[2.]])
    """
    rows = np.concatenate(groups)
    if len(rows) == len(groups) and counts is None:
        return np.asarray(values[:, rows])  # whole numbers stay whole
    seen = values if counts is None else np.where(counts, values, np.nan)
    taken, starts = seen[:, rows].astype(np.float64), _starts(groups)
    if fold == "min":
        return np.fmin.reduceat(taken, starts, axis=1)
    if fold in {"max", "production"}:  # of a version that is alone in production
        return np.fmax.reduceat(taken, starts, axis=1)
    is_known = ~np.isnan(taken)
    total = np.add.reduceat(np.where(is_known, taken, 0.0), starts, axis=1)
    number = np.add.reduceat(is_known, starts, axis=1, dtype=np.int64)
    divided_by = number if fold == "mean" else 1
    return np.where(number > 0, total / np.maximum(divided_by, 1), np.nan)


def _added(values: Numbers, groups: Sequence[Ints]) -> Numbers:
    rows = np.concatenate(groups)
    if len(rows) == len(groups):
        return np.asarray(values[:, rows])
    return np.add.reduceat(values[:, rows], _starts(groups), axis=1)


def _starts(groups: Sequence[Ints]) -> Ints:
    """Where each group begins among the rows of all of them; none is empty."""
    lengths = [len(rows) for rows in groups]
    return np.cumsum([0, *lengths[:-1]], dtype=np.int64)
