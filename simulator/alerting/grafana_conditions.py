"""Thresholds and classic conditions of rules that Grafana evaluates."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from simulator.alerting.grafana_values import Floats, Numbers

__all__ = ["conditions_of", "meets", "threshold_result"]

_ONE_BOUND: Final = {
    "gt": np.greater,
    "lt": np.less,
    "eq": np.equal,
    "ne": np.not_equal,
    "gte": np.greater_equal,
    "lte": np.less_equal,
}


def meets(values: Floats, evaluator: Mapping[str, Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where values meet an evaluator, such as `{"type": "gt", "params": [5]}`; nan never does.

    Raises:
        ValueError: it is none that is known, or lacks its numbers.

    >>> meets(np.array([1.0, 5.0, 7.0]), {"type": "outside_range", "params": [2, 6]}).tolist()
    [True, False, True]
    """
    kind, params = str(evaluator.get("type")), evaluator.get("params") or []
    if kind == "no_value":
        return np.isnan(values)
    try:
        bounds = [float(one) for one in params]
        if kind in _ONE_BOUND:
            return np.asarray(_ONE_BOUND[kind](values, bounds[0]) & ~np.isnan(values))
        low, high = sorted(bounds[:2])
    except (ValueError, TypeError, IndexError) as error:
        raise ValueError(f"{kind} with {params} is no threshold") from error
    if kind == "within_range":
        return np.asarray((values > low) & (values < high))
    if kind == "within_range_included":
        return np.asarray((values >= low) & (values <= high))
    if kind == "outside_range":
        return np.asarray((values < low) | (values > high))
    if kind == "outside_range_included":
        return np.asarray((values <= low) | (values >= high))
    raise ValueError(f"{kind} is no evaluator that is known")


def conditions_of(model: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The conditions of a node.

    Raises:
        ValueError: it has none.
    """
    found = model.get("conditions")
    if not isinstance(found, list) or not found or not all(isinstance(o, Mapping) for o in found):
        raise ValueError("it has no conditions")
    return found


def threshold_result(of: Sequence[Numbers], model: Mapping[str, Any]) -> list[Numbers]:
    """1 where a series is beyond the threshold, else 0.

    With a recovery threshold it is so until the value meets that one.

    Raises:
        ValueError: the threshold is none.

    >>> one = Numbers({}, np.array([5.0, 9.0, 7.0, 3.0]), np.ones(4, dtype=bool))
    >>> above = {"evaluator": {"type": "gt", "params": [8]}}
    >>> until = {**above, "unloadEvaluator": {"type": "lt", "params": [4]}}
    >>> [threshold_result([one], {"conditions": [c]})[0].values.tolist() for c in (above, until)]
    [[0.0, 1.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0]]
    """
    condition = conditions_of(model)[0]
    evaluator, unload = condition.get("evaluator") or {}, condition.get("unloadEvaluator")
    found = []
    for one in of:
        is_on = meets(one.values, evaluator)
        if unload:
            is_on = _until(is_on, meets(one.values, unload) | ~one.is_there)
        values = np.where(np.isnan(one.values), np.nan, is_on.astype(np.float64))
        found.append(Numbers(one.labels, values, one.is_there))
    return found


def _until(is_on: Any, is_over: Any) -> Any:  # noqa: ANN401 - arrays of flags, as numpy types them
    """On from each moment that is on until one that is over and not on."""
    places = np.arange(len(is_on))
    latest_on = np.maximum.accumulate(np.where(is_on, places, -1))
    latest_over = np.maximum.accumulate(np.where(is_over & ~is_on, places, -1))
    return latest_on > latest_over
