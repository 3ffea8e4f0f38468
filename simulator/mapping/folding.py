"""Many rows as fewer: what a metric does not tell apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from simulator.measures.measure import Fold, Histogram, Numbers, Values
from simulator.simulation.arrays import Bools, Ints

__all__ = ["Groups", "folded", "summed"]


@dataclass(frozen=True)
class Groups:
    """Rows that become one: those of all groups, one group after the other, and where each begins.

    None is empty; both (rows,) and (groups,).
    """

    rows: Ints
    starts: Ints

    @classmethod
    def of(cls, groups: Sequence[Ints]) -> Self:
        """The rows of each group."""
        lengths = [len(rows) for rows in groups]
        return cls(np.concatenate(groups), np.cumsum([0, *lengths[:-1]], dtype=np.int64))

    @property
    def lengths(self) -> Ints:
        """How many rows each has, shape (groups,)."""
        return np.diff(self.starts, append=len(self.rows))

    @property
    def are_single(self) -> bool:
        """Whether each is of one row."""
        return len(self.rows) == len(self.starts)


def summed(values: Values, groups: Groups) -> Values:
    """Counts (ticks, rows, ...) added up by group, shape (ticks, groups, ...).

    >>> summed(np.array([[1, 2, 4]]), Groups.of([np.array([0, 2]), np.array([1])]))
    array([[5, 2]])
    """
    if isinstance(values, Histogram):
        return Histogram(_added(values.counts, groups), _added(values.sums, groups))
    return _added(values, groups)


def folded(values: Numbers, groups: Groups, fold: Fold, counts: Bools | None = None) -> Numbers:
    """States (ticks, rows) folded by group; `nan` where a group has no value.

    `counts` says which of them are looked at, shape (ticks, rows); all of them without.

    >>> states = np.array([[1.0, np.nan, 3.0]])
    >>> folded(states, Groups.of([np.array([0, 2]), np.array([1])]), "max")
    array([[ 3., nan]])
    >>> folded(states, Groups.of([np.array([0, 1, 2])]), "mean")
    array([[2.]])
    """
    if groups.are_single and counts is None:
        return np.asarray(values[:, groups.rows])  # whole numbers stay whole
    seen = values if counts is None else np.where(counts, values, np.nan)
    taken = seen[:, groups.rows].astype(np.float64)
    if fold == "min":
        return np.fmin.reduceat(taken, groups.starts, axis=1)
    if fold in {"max", "production"}:  # of a version that is alone in production
        return np.fmax.reduceat(taken, groups.starts, axis=1)
    if seen.dtype.kind != "f":  # and none is unknown
        total = np.add.reduceat(taken, groups.starts, axis=1)
        return np.asarray(total / groups.lengths if fold == "mean" else total)
    is_known = ~np.isnan(taken)
    total = np.add.reduceat(np.where(is_known, taken, 0.0), groups.starts, axis=1)
    number = np.add.reduceat(is_known, groups.starts, axis=1, dtype=np.int64)
    divided_by = number if fold == "mean" else 1
    return np.where(number > 0, total / np.maximum(divided_by, 1), np.nan)


def _added(values: Numbers, groups: Groups) -> Numbers:
    if groups.are_single:
        return np.asarray(values[:, groups.rows])
    return np.add.reduceat(values[:, groups.rows], groups.starts, axis=1)
