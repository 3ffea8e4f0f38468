"""Values as 1 where they meet a condition and 0 elsewhere: pkg/expr/threshold.go."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from simulator.grafana.expressions.values import ExpressionError, Numbers, Value
from simulator.quoting import quoted

__all__ = ["compared"]


def compared(values: Sequence[Value], conditions: Sequence[object]) -> tuple[Value, ...]:
    """The values compared; nan stays.

    Raises:
        ExpressionError: there is no condition, or one that is not known.
    """
    first = conditions[0] if conditions else None
    evaluator = first.get("evaluator") if isinstance(first, dict) else None
    if not isinstance(evaluator, dict):
        raise ExpressionError("a threshold without a condition")
    kind, params = str(evaluator.get("type")), _numbers(evaluator.get("params"))
    compare = _CONDITIONS.get(kind)
    if compare is None or len(params) < (2 if "range" in kind else 1):
        raise ExpressionError(f"threshold {quoted(kind)} is not known, or has too few numbers")
    return tuple(
        Value(
            one.labels,
            np.where(np.isnan(one.numbers), np.nan, compare(one.numbers, params)),
            one.times,
        )
        for one in values
    )


def _numbers(params: object) -> list[float]:
    found = params if isinstance(params, list) else []
    return [float(one) for one in found if isinstance(one, int | float)]


_CONDITIONS: Mapping[str, Callable[[Numbers, Sequence[float]], np.ndarray]] = MappingProxyType(
    {
        "gt": lambda a, p: a > p[0],
        "lt": lambda a, p: a < p[0],
        "gte": lambda a, p: a >= p[0],
        "lte": lambda a, p: a <= p[0],
        "eq": lambda a, p: a == p[0],
        "ne": lambda a, p: a != p[0],
        "within_range": lambda a, p: (a > p[0]) & (a < p[1]),
        "outside_range": lambda a, p: (a < p[0]) | (a > p[1]),
        "within_range_included": lambda a, p: (a >= p[0]) & (a <= p[1]),
        "outside_range_included": lambda a, p: (a <= p[0]) | (a >= p[1]),
    }
)
