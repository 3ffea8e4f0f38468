"""Series at other times: pkg/expr/mathexp/resample.go."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from simulator.grafana.expressions.values import ExpressionError, Numbers, Value
from simulator.grafana.intervals import duration_milliseconds
from simulator.quoting import quoted

__all__ = ["resampled"]

_MOST_POINTS = 100_000
_MILLISECONDS = 1000.0


def resampled(
    values: Sequence[Value], options: Mapping[str, object], *, start: float, end: float
) -> tuple[Value, ...]:
    """The series at `start` and every window after it.

    Points since the time before are made one by the downsampler; where there is none the upsampler
    says what is put there.

    Raises:
        ExpressionError: a setting is not known, the window does not fit, or a value is no series.
        DashboardError: the window is no duration.
    """
    window = duration_milliseconds(str(options.get("window", ""))) / _MILLISECONDS
    down, up = str(options.get("downsampler", "")), str(options.get("upsampler", ""))
    if down not in _DOWN or up not in _UP:
        raise ExpressionError(f"resampling by {quoted(down)} and {quoted(up)} is not known")
    count = int((end - start) / window) if window > 0 else 0
    if not 0 < count < _MOST_POINTS:
        raise ExpressionError(f"{quoted(options.get('window'))} does not fit into the time range")
    times: Numbers = start + window * np.arange(count + 1, dtype=np.float64)
    return tuple(_series(one, times, _DOWN[down], up) for one in values)


def _series(one: Value, times: Numbers, down: Callable[[Numbers], float], up: str) -> Value:
    if one.times is None:
        raise ExpressionError("a number is resampled, which only a series can be")
    ends = np.searchsorted(one.times, times + 1e-6, side="right")
    found, before = np.full(len(times), np.nan), 0
    for row, after in enumerate(ends.tolist()):
        if after > before:
            found[row] = down(one.numbers[before:after])
        elif up == "pad" and after:
            found[row] = one.numbers[after - 1]
        elif up == "backfilling" and after < len(one.numbers):
            found[row] = one.numbers[after]
        before = after
    return Value(one.labels, found, times)


_UP = frozenset({"pad", "backfilling", "fillna"})
_DOWN: Mapping[str, Callable[[Numbers], float]] = MappingProxyType(
    {
        "sum": lambda numbers: float(numbers.sum()),
        "mean": lambda numbers: float(numbers.mean()),
        "min": lambda numbers: float(numbers.min()),
        "max": lambda numbers: float(numbers.max()),
        "last": lambda numbers: float(numbers[-1]),
    }
)
