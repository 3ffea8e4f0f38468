"""Classic conditions, 1 where they are met and 0 elsewhere: pkg/expr/classic.

Series are reduced, compared, and the outcomes joined from left to right.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np

from simulator.grafana.expressions.values import ExpressionError, Numbers, Value
from simulator.quoting import quoted

__all__ = ["classic_inputs", "classic_outcome"]

_NOTHING: Final = Value({}, np.array([np.nan]))
"""What a query without any series counts as."""

_Condition = Mapping[str, object]


def classic_inputs(conditions: Sequence[object]) -> tuple[str, ...]:
    """The letters of the queries that conditions are about.

    Raises:
        ExpressionError: one names no query.
    """
    return tuple(dict.fromkeys(map(_letter, conditions)))


def classic_outcome(
    conditions: Sequence[object], inputs: Mapping[str, Sequence[Value]]
) -> tuple[Value, ...]:
    """One number: 1, 0, or nan where there are no data to tell by.

    Raises:
        ExpressionError: a condition is none.
    """
    is_met, is_unknown = False, False
    for index, one in enumerate(conditions):
        met, unknown = _outcome(one, inputs.get(_letter(one)) or (_NOTHING,))
        joined = {"or": np.logical_or, "and": np.logical_and}.get(_text(one, "operator", "type"))
        if index and joined is None:
            raise ExpressionError(f"condition {index + 1} is joined by neither and nor or")
        if index and joined is not None:
            met, unknown = bool(joined(is_met, met)), bool(joined(is_unknown, unknown))
        is_met, is_unknown = met, unknown
    return (Value({}, np.array([np.nan if is_unknown else float(is_met)])),)


def _outcome(condition: object, values: Sequence[Value]) -> tuple[bool, bool]:
    """Whether any value meets a condition, and whether there are no data for it."""
    name, kind = _text(condition, "reducer", "type"), _text(condition, "evaluator", "type")
    reducer, compare = _REDUCERS.get(name), _EVALUATORS.get(kind)
    params = _params(condition, "evaluator")
    limits = [float(one) for one in params if isinstance(one, int | float)]
    if reducer is None:
        raise ExpressionError(f"reducer {quoted(name)} of a condition is not known")
    if compare is None or len(limits) < _needed(kind):
        raise ExpressionError(f"condition {quoted(kind)} is not known, or has too few numbers")
    numbers = [one.number if one.times is None else reducer(one.numbers) for one in values]
    met = [compare(one, limits) for one in numbers]
    is_silent = [np.isnan(one) and not yes for one, yes in zip(numbers, met, strict=True)]
    return any(met), all(is_silent)


def _needed(kind: str) -> int:
    if kind == "no_value":
        return 0
    return 2 if "range" in kind else 1


def _letter(condition: object) -> str:
    found = next(iter(_params(condition, "query")), None)
    if not isinstance(found, str) or not found:
        raise ExpressionError("a condition names no query")
    return found


def _part(condition: object, key: str) -> _Condition:
    found = condition.get(key) if isinstance(condition, dict) else None
    return found if isinstance(found, dict) else {}


def _text(condition: object, key: str, inner: str) -> str:
    return str(_part(condition, key).get(inner) or "")


def _params(condition: object, key: str) -> Sequence[object]:
    found = _part(condition, key).get("params")
    return found if isinstance(found, list) else []


def _of_some(reducer: Callable[[Numbers], float]) -> Callable[[Numbers], float]:
    """A reducer that leaves out null and NaN; of nothing it is nan."""

    def reduced(numbers: Numbers) -> float:
        kept = numbers[~np.isnan(numbers)]
        return float(reducer(kept)) if len(kept) else np.nan

    return reduced


def _of_ends(change: Callable[[float, float], float]) -> Callable[[Numbers], float]:
    """From the oldest number to the newest, where that is not the first point; else 0."""

    def changed(numbers: Numbers) -> float:
        there = np.flatnonzero(~np.isnan(numbers))
        if not len(there):
            return np.nan
        newest, oldest = numbers[there[-1]], numbers[there[0]]
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(change(newest, oldest)) if there[-1] else 0.0

    return changed


_REDUCERS: Final[Mapping[str, Callable[[Numbers], float]]] = MappingProxyType(
    {
        "avg": _of_some(np.mean),
        "sum": _of_some(np.sum),
        "min": _of_some(np.min),
        "max": _of_some(np.max),
        "median": _of_some(np.median),
        "last": _of_some(lambda kept: float(kept[-1])),
        "count": lambda numbers: float(len(numbers)) if len(numbers) else np.nan,
        "count_non_null": _of_some(lambda kept: float(len(kept))),
        "diff": _of_ends(lambda newest, oldest: newest - oldest),
        "diff_abs": _of_ends(lambda newest, oldest: abs(newest - oldest)),
        "percent_diff": _of_ends(lambda newest, oldest: (newest - oldest) / abs(oldest) * 100),
        "percent_diff_abs": _of_ends(lambda newest, oldest: abs((newest - oldest) / oldest * 100)),
    }
)
_EVALUATORS: Final[Mapping[str, Callable[[float, Sequence[float]], bool]]] = MappingProxyType(
    {
        "gt": lambda a, p: a > p[0],
        "lt": lambda a, p: a < p[0],
        "gte": lambda a, p: a >= p[0],
        "lte": lambda a, p: a <= p[0],
        "eq": lambda a, p: a == p[0],
        "ne": lambda a, p: not np.isnan(a) and a != p[0],
        "within_range": lambda a, p: min(p[:2]) < a < max(p[:2]),
        "outside_range": lambda a, p: a < min(p[:2]) or a > max(p[:2]),
        "within_range_included": lambda a, p: min(p[:2]) <= a <= max(p[:2]),
        "outside_range_included": lambda a, p: a <= min(p[:2]) or a >= max(p[:2]),
        "no_value": lambda a, _: bool(np.isnan(a)),
    }
)
