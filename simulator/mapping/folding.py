"""Many rows as fewer: what a metric does not tell apart."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from simulator.measures.measure import Fold, Histogram, Numbers, Values
from simulator.simulation.arrays import Bools, Floats, Ints

__all__ = ["folded", "summed"]

_REDUCTIONS: Final[dict[Fold, Callable[..., Floats]]] = {
    "sum": np.nansum,
    "min": np.nanmin,
    "max": np.nanmax,
    "mean": np.nanmean,
    "production": np.nanmax,  # of a version that is alone in production
}


def summed(values: Values, groups: Sequence[Ints]) -> Values:
    """Counts (ticks, rows, ...) added up by group, shape (ticks, groups, ...).

    >>> summed(np.array([[1, 2, 4]]), [np.array([0, 2]), np.array([1])])
    array([[5, 2]])
    """
    if isinstance(values, Histogram):
        return Histogram(_added(values.counts, groups), _added(values.sums, groups))
    return _added(values, groups)


def _added(values: Numbers, groups: Sequence[Ints]) -> Numbers:
    if all(len(rows) == 1 for rows in groups):
        return np.asarray(values[:, np.concatenate(groups)])
    return np.stack([values[:, rows].sum(axis=1) for rows in groups], axis=1)


def folded(
    values: Numbers, groups: Sequence[Ints], fold: Fold, counts: Bools | None = None
) -> Numbers:
    """States (ticks, rows) folded by group; `nan` where a group has no value.

    `counts` says which of them are looked at, shape (ticks, rows); all of them without.

    >>> states = np.array([[1.0, np.nan, 3.0]])
    >>> folded(states, [np.array([0, 2]), np.array([1])], "max")
    array([[ 3., nan]])
    """
    if all(len(rows) == 1 for rows in groups) and counts is None:
        return np.asarray(values[:, np.concatenate(groups)])  # whole numbers stay whole
    seen = values if counts is None else np.where(counts, values, np.nan)
    found = np.full((len(values), len(groups)), np.nan)
    for column, rows in enumerate(groups):
        of_group = seen[:, rows]
        has_some = ~np.isnan(of_group).all(axis=1)
        found[has_some, column] = _REDUCTIONS[fold](of_group[has_some], axis=1)
    return found
