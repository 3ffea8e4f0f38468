"""Series as one number each: pkg/expr/mathexp/reduce.go."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from simulator.grafana.expressions.values import ExpressionError, Numbers, Value
from simulator.quoting import quoted

__all__ = ["reduced_values"]


def reduced_values(values: Sequence[Value], options: Mapping[str, object]) -> tuple[Value, ...]:
    """A number of each series; numbers stay as they are.

    NaN makes every reducer but `count` and `last` NaN, unless the settings drop or replace it.

    Raises:
        ExpressionError: the reducer is not known.
    """
    name = str(options.get("reducer", ""))
    reducer = _REDUCERS.get(name)
    if reducer is None:
        raise ExpressionError(f"reducer {quoted(name)} is not known")
    found = options.get("settings")
    settings = found if isinstance(found, dict) else {}
    return tuple(
        Value(one.labels, np.array([reducer(_kept(one.numbers, settings))]))
        if one.times is not None
        else one
        for one in values
    )


def _kept(numbers: Numbers, settings: Mapping[str, object]) -> Numbers:
    is_number = np.isfinite(numbers)
    match settings.get("mode"):
        case "dropNN":
            return numbers[is_number]
        case "replaceNN":
            value = settings.get("replaceWithValue")
            return np.where(is_number, numbers, value if isinstance(value, int | float) else np.nan)
    return numbers


def _or_nan(reducer: Callable[[Numbers], float]) -> Callable[[Numbers], float]:
    def reduced(numbers: Numbers) -> float:
        return float(reducer(numbers)) if len(numbers) else np.nan

    return reduced


_REDUCERS: Mapping[str, Callable[[Numbers], float]] = MappingProxyType(
    {
        "sum": lambda numbers: float(numbers.sum()),
        "mean": _or_nan(np.mean),
        "min": _or_nan(np.min),
        "max": _or_nan(np.max),
        "median": _or_nan(np.median),
        "last": _or_nan(lambda numbers: float(numbers[-1])),
        "count": lambda numbers: float(len(numbers)),
    }
)
