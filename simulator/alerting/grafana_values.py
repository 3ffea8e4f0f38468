"""Values of labelled series at each evaluation of a rule of Grafana's, and what is done to them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["REDUCERS", "Floats", "Numbers", "combined", "reduced"]

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """One series: its values and where it is there, both of shape (evaluations,)."""

    labels: Mapping[str, str]
    values: Floats
    is_there: Flags


def _last(windows: Floats) -> Floats:
    known = ~np.isnan(windows)
    place = windows.shape[-1] - 1 - np.argmax(known[..., ::-1], axis=-1)
    return np.take_along_axis(windows, place[..., np.newaxis], axis=-1)[..., 0]


def _first(windows: Floats) -> Floats:
    place = np.argmax(~np.isnan(windows), axis=-1)
    return np.take_along_axis(windows, place[..., np.newaxis], axis=-1)[..., 0]


def _count(windows: Floats) -> Floats:
    return np.count_nonzero(~np.isnan(windows), axis=-1).astype(np.float64)


def _difference(windows: Floats) -> Floats:
    return _last(windows) - _first(windows)


def _percent(windows: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        change: Floats = 100.0 * _difference(windows) / np.abs(_first(windows))
    return change


_MOST_AT_ONCE: Final = 1_000_000
"""Points that are reduced at once: windows overlap, so that all of them may be billions."""

REDUCERS: Final[Mapping[str, Callable[[Floats], Floats]]] = {
    "last": _last,
    "avg": lambda windows: np.nanmean(windows, axis=-1),
    "mean": lambda windows: np.nanmean(windows, axis=-1),
    "min": lambda windows: np.nanmin(windows, axis=-1),
    "max": lambda windows: np.nanmax(windows, axis=-1),
    "sum": lambda windows: np.nansum(windows, axis=-1),
    "median": lambda windows: np.nanmedian(windows, axis=-1),
    "count": _count,
    "count_non_null": _count,
    "diff": _difference,
    "diff_abs": lambda windows: np.abs(_difference(windows)),
    "percent_diff": _percent,
    "percent_diff_abs": lambda windows: np.abs(_percent(windows)),
}
"""By the names of Grafana's reduce expressions and classic conditions; of windows of points."""


def reduced(windows: Floats, reducer: str) -> tuple[Floats, Flags]:
    """A value of each window of points, shape (evaluations, points), and whether it has any.

    >>> values, is_there = reduced(np.array([[1.0, 3.0], [np.nan, np.nan]]), "mean")
    >>> float(values[0]), is_there.tolist()
    (2.0, [True, False])
    """
    is_there = np.zeros(len(windows), dtype=np.bool_)
    values = np.full(len(windows), np.nan)
    at_once = max(_MOST_AT_ONCE // max(windows.shape[-1], 1), 1)
    for first in range(0, len(windows), at_once):
        some = windows[first : first + at_once]
        known = ~np.isnan(some).all(axis=-1)
        is_there[first : first + at_once] = known
        if known.any():
            values[first : first + at_once][known] = REDUCERS[reducer](some[known])
    return values, is_there


def combined(
    left: Sequence[Numbers], right: Sequence[Numbers], operator: Callable[[Floats, Floats], Floats]
) -> list[Numbers]:
    """Each pair of series of which one has all the labels of the other.

    So Grafana's math joins them; where both sides have one series, they are a pair.
    """
    is_single = len(left) == len(right) == 1
    found = []
    for one in left:
        for other in right:
            small, large = sorted((one.labels, other.labels), key=len)
            if is_single or small.items() <= large.items():
                values = operator(one.values, other.values)
                found.append(Numbers(large, values, one.is_there & other.is_there))
    return found
