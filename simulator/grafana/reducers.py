"""Grafana's reducers: one number of a field's values, as in 13.2.

Grafana 8.5 and 9.5 give NaN for `lastNotNull` and `mean` where the newer ones skip it, and up to
10.4 `diffperc` is a fraction; lastNotNull, last, min, max and sum of numbers are the same in all.
The names of the time before (`current`, `avg`, `total`) are unknown on purpose: Grafana computes
the value, then looks it up under the name it was asked by, and shows nothing.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.quoting import quoted

__all__ = ["KNOWN_REDUCERS", "UnknownReducer", "percentile_of", "reduced"]

_Numbers = NDArray[np.float64]

_LAST_PERCENTILE = 99


@dataclass(frozen=True, slots=True)
class UnknownReducer:
    """In place of a number: the reducer's name is not known, or it gives no single number."""

    name: str

    def __str__(self) -> str:
        return f"reducer {quoted(self.name)} is not known here"


def reduced(values: _Numbers, name: str) -> float | UnknownReducer | None:
    """The values as one number, None where Grafana shows nothing (no point, or only nan).

    nan is skipped, except by first, last, count, countAll, distinctCount, changeCount and the
    ones that do not drop it: stdDev, variance, median, p1 to p99.

    >>> points = np.array([4.0, 2.0, 8.0, np.nan])
    >>> [reduced(points, name) for name in ("lastNotNull", "last", "diff", "count", "mode")]
    [8.0, nan, 4.0, 4.0, UnknownReducer(name='mode')]
    """
    percentile = percentile_of(name)
    if percentile is None and name not in _REDUCERS:
        return UnknownReducer(name)
    if not len(values):
        return 0.0 if name in {"sum", "count", "countAll"} else None
    if percentile is not None:
        place = math.floor((len(values) - 1) * (percentile / 100) + 0.5)
        return float(_sorted(values)[place])
    with np.errstate(invalid="ignore"):  # inf - inf is nan, here as in JavaScript
        return _REDUCERS[name](values, values[~np.isnan(values)])


def percentile_of(name: str) -> int | None:
    """The percentile of a reducer, p1 to p99; None for another."""
    digits = name[1:]
    is_one = name[:1] == "p" and digits in map(str, range(1, _LAST_PERCENTILE + 1))
    return int(digits) if is_one else None


def _sorted(values: _Numbers) -> _Numbers:
    # JavaScript's order of nan is undefined; numpy puts it last.
    return np.sort(values)


def _sum(_: _Numbers, kept: _Numbers) -> float:
    total = 0.0
    for value in kept.tolist():  # in order, as Grafana adds: numpy's pairwise sum differs
        total += value
    return total


def _mean(values: _Numbers, kept: _Numbers) -> float | None:
    return _sum(values, kept) / len(kept) if len(kept) else None


def _difference(_: _Numbers, kept: _Numbers) -> float | None:
    return float(kept[-1] - kept[0]) if len(kept) else None


def _difference_percent(values: _Numbers, kept: _Numbers) -> float | None:
    difference = _difference(values, kept)
    if difference is None:
        return 0.0
    if kept[0] == 0:
        return math.copysign(math.inf, difference) if difference else math.nan
    return float(difference / kept[0] * 100)


def _delta(_: _Numbers, kept: _Numbers) -> float:
    """Sum of the increases; the first one after a fall is not counted (a counter's reset)."""
    delta, was_rising = 0.0, True
    for before, after in zip(kept[:-1].tolist(), kept[1:].tolist(), strict=True):
        is_rising = after >= before
        if is_rising and was_rising:
            delta += after - before
        was_rising = is_rising
    return delta


def _smallest_step(_: _Numbers, kept: _Numbers) -> float | None:
    return float(np.diff(kept).min()) if len(kept) > 1 else None


def _smallest_positive(_: _Numbers, kept: _Numbers) -> float:
    positive = kept[(kept > 0) & (kept < np.inf)]
    return float(positive.min()) if len(positive) else float(np.finfo(np.float64).max)


def _median(values: _Numbers, _: _Numbers) -> float:
    ordered, middle = _sorted(values), len(values) // 2
    if len(values) % 2:
        return float(ordered[middle])
    return float((ordered[middle - 1] + ordered[middle]) / 2)


def _changes(values: _Numbers, _: _Numbers) -> float:
    # nan differs from nan, as in JavaScript
    return float(np.count_nonzero(values[1:] != values[:-1]))


def _minimum(_: _Numbers, kept: _Numbers) -> float | None:
    # Grafana starts from the largest finite number, so that +Inf alone has no minimum
    below = kept[kept < np.inf]
    return float(below.min()) if len(below) else None


def _maximum(_: _Numbers, kept: _Numbers) -> float | None:
    above = kept[kept > -np.inf]
    return float(above.max()) if len(above) else None


def _range(values: _Numbers, kept: _Numbers) -> float | None:
    low, high = _minimum(values, kept), _maximum(values, kept)
    return None if low is None or high is None else high - low


_REDUCERS: dict[str, Callable[[_Numbers, _Numbers], float | None]] = {
    "lastNotNull": lambda _, kept: float(kept[-1]) if len(kept) else None,
    "firstNotNull": lambda _, kept: float(kept[0]) if len(kept) else None,
    "last": lambda values, _: float(values[-1]),
    "first": lambda values, _: float(values[0]),
    "min": _minimum,
    "max": _maximum,
    "range": _range,
    "sum": _sum,
    "mean": _mean,
    "count": lambda values, _: float(len(values)),
    "countAll": lambda values, _: float(len(values)),
    "diff": _difference,
    "diffperc": _difference_percent,
    "delta": _delta,
    "step": _smallest_step,
    "logmin": _smallest_positive,
    "median": _median,
    "variance": lambda values, _: float(np.var(values)),
    "stdDev": lambda values, _: float(np.std(values)),
    "distinctCount": lambda values, _: float(len(np.unique(values))),
    "changeCount": _changes,
}

KNOWN_REDUCERS = frozenset(_REDUCERS)
"""Those with names; `percentile_of` reads the others."""
