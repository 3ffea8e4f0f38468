"""Between which values a query can lie, whatever its metrics are: what follows from its form."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from simulator.promql.shapes import Shape, metrics_in

__all__ = ["ANYTHING", "SHARE", "Bounds", "TopBucket", "bounds"]

#: The highest finite bound of a histogram's buckets, by the metric's name; None if unknown.
TopBucket: TypeAlias = Callable[[str], float | None]


@dataclass(frozen=True, slots=True)
class Bounds:
    """From the lowest to the highest value; `why` says what makes the highest one so."""

    low: float = -math.inf
    high: float = math.inf
    why: str = ""

    def times(self, factor: float) -> "Bounds":
        """Of a value multiplied by a number, which may turn it around."""
        ends = sorted(0.0 if factor == 0.0 else one * factor for one in (self.low, self.high))
        return Bounds(ends[0], ends[1], self.why)

    def plus(self, other: "Bounds") -> "Bounds":
        """Of the sum with another value."""
        return Bounds(self.low + other.low, self.high + other.high, self.why or other.why)

    def around(self, other: "Bounds") -> "Bounds":
        """Of what is either this or another value."""
        low, high = min(self.low, other.low), max(self.high, other.high)
        return Bounds(low, high, self.why or other.why)

    @property
    def is_share(self) -> bool:
        """Whether it is known to be from 0 to 1."""
        return self.low >= 0.0 and self.high <= 1.0


ANYTHING: Final = Bounds()
SHARE: Final = Bounds(0.0, 1.0, "a part of the whole is at most 1")
_POSITIVE: Final = Bounds(0.0)
_FLAG: Final = Bounds(0.0, 1.0, "it is 0 or 1")

_COUNTING: Final = frozenset(
    {"rate", "increase", "irate", "changes", "resets", "stddev_over_time"}
    | {"stdvar_over_time", "abs", "sqrt", "mad_over_time", "stddev", "stdvar", "timestamp"}
)
_NUMBERING: Final = frozenset({"count", "count_over_time", "count_values"})
_KEEPING: Final = frozenset(
    {"avg", "min", "max", "quantile", "avg_over_time", "min_over_time", "max_over_time"}
    | {"last_over_time", "quantile_over_time", "subquery", "scalar", "vector", "limitk"}
)
_FIXED: Final = {
    "absent": Bounds(1.0, 1.0, "absent is 1"),
    "absent_over_time": Bounds(1.0, 1.0, "absent_over_time is 1"),
    "present_over_time": Bounds(1.0, 1.0, "present_over_time is 1"),
    "group": Bounds(1.0, 1.0, "group is 1"),
    "sgn": Bounds(-1.0, 1.0, "a sign is -1, 0 or 1"),
    "hour": Bounds(0.0, 23.0, "an hour is at most 23"),
    "minute": Bounds(0.0, 59.0, "a minute is at most 59"),
    "day_of_week": Bounds(0.0, 6.0, "a day of the week is at most 6"),
    "day_of_month": Bounds(1.0, 31.0, "a day of the month is at most 31"),
    "month": Bounds(1.0, 12.0, "a month is at most 12"),
}
_FLAGS: Final = frozenset({"up", "probe_success"})
_COUNTER: Final = re.compile(r".*_(total|count|bucket)")
_ADDITIVE: Final = frozenset({"rate", "increase", "irate"})
_SUMS: Final = frozenset({("aggregation", "sum"), ("aggregation", "count")})
_CHOOSING: Final = frozenset({"==", "!=", ">", "<", ">=", "<=", "and", "unless"})
_PART_WORDS: Final = frozenset(
    {"error", "errors", "failed", "failure", "failures", "success", "successes", "succeeded"}
    | {"rejected", "hits", "misses", "timeouts", "dropped", "exceptions"}
)
_FILLING: Final = frozenset({"total", "count", "request"})
_WHOLE_WORDS: Final = frozenset({"requests", "attempts", "queries", "calls", "lookups"})


def _unknown(_metric: str) -> float | None:
    return None


def bounds(shape: Shape, top_bucket: TopBucket = _unknown) -> Bounds:
    """Between which values the result of a query lies; nothing is taken from what data shows.

    >>> from simulator.promql.parsing import parsed
    >>> from simulator.promql.shapes import shape_of
    >>> errors = 'sum(rate(h_total{code=~"5.."}[5m])) / sum(rate(h_total[5m]))'
    >>> found = bounds(shape_of(parsed(f"100 * (1 - {errors})")))
    >>> found.low, found.high
    (0.0, 100.0)
    """
    match shape.kind:
        case "number":
            return Bounds(float(shape.name), float(shape.name))
        case "metric":
            return _of_metric(shape)
        case "operator":
            return _of_operator(shape, top_bucket)
        case "function" | "aggregation":
            return _of_function(shape, top_bucket)
    return ANYTHING


def _of_metric(shape: Shape) -> Bounds:
    if shape.name in _FLAGS:
        return _FLAG
    return _POSITIVE if _COUNTER.fullmatch(shape.name) else ANYTHING


def _of_function(shape: Shape, top_bucket: TopBucket) -> Bounds:  # noqa: PLR0911 - one a kind
    name, inside = shape.name, shape.parts[-1] if shape.parts else None
    if name in _FIXED:
        return _FIXED[name]
    if name == "histogram_quantile":
        return _of_quantile(shape, top_bucket)
    if name in _NUMBERING:
        return Bounds(1.0)  # of nothing there is no series
    if name in _COUNTING:
        return _POSITIVE
    if inside is None:
        return ANYTHING
    if name in _KEEPING:
        return bounds(inside, top_bucket)
    if name in {"sum", "sum_over_time"}:
        of_one = bounds(inside, top_bucket)
        return _POSITIVE if of_one.low >= 0.0 else ANYTHING
    if name.startswith("clamp"):
        return _of_clamp(shape, top_bucket)
    return ANYTHING


def _of_quantile(shape: Shape, top_bucket: TopBucket) -> Bounds:
    """A quantile beyond the last finite bucket is that bucket's bound (promql/quantile.go)."""
    read = {one for one in metrics_in(shape) if one}
    top = top_bucket(next(iter(read))) if len(read) == 1 else None
    if top is None:
        return ANYTHING
    return Bounds(-math.inf, top, f"the last bucket ends at {top:g}")


def _of_clamp(shape: Shape, top_bucket: TopBucket) -> Bounds:
    inside, *ends = shape.parts
    found = bounds(inside, top_bucket)
    if any(one.kind != "number" for one in ends):
        return found if shape.name == "clamp" else ANYTHING
    numbers = [float(one.name) for one in ends]
    if shape.name == "clamp_min":
        return Bounds(max(found.low, numbers[0]), max(found.high, numbers[0]), found.why)
    if shape.name == "clamp_max":
        said = found.why if found.high <= numbers[0] else f"it is clamped to {numbers[0]:g}"
        return Bounds(min(found.low, numbers[0]), min(found.high, numbers[0]), said)
    low, high = numbers
    return Bounds(low, high, f"it is clamped to {high:g}")


def _of_operator(shape: Shape, top_bucket: TopBucket) -> Bounds:  # noqa: PLR0911 - one a kind
    left, right = (bounds(part, top_bucket) for part in shape.parts)
    name = shape.name
    match name:
        case _ if name.endswith(" bool"):
            return _FLAG
        case "and" | "unless" | "==" | "!=":
            return left
        case ">" | ">=" | "<" | "<=":
            return _filtered(left, right, name)
        case "or":
            return left.around(right)
        case "+":
            return left.plus(right)
        case "-":
            return left.plus(right.times(-1.0))
        case "*":
            return _product(left, right)
        case "/":
            return _quotient(shape, left, right)
        case "%":
            return ANYTHING if left.low < 0.0 else _POSITIVE
    return ANYTHING


def _filtered(left: Bounds, right: Bounds, sign: str) -> Bounds:
    """What passes a comparison with a number; the values are those on the left."""
    if right.low != right.high:
        return left
    if sign.startswith(">"):
        return Bounds(max(left.low, right.low), max(left.high, right.low), left.why)
    return Bounds(min(left.low, right.high), min(left.high, right.high), left.why)


def _product(left: Bounds, right: Bounds) -> Bounds:
    if right.low == right.high:
        return left.times(right.low)
    if left.low == left.high:
        return right.times(left.low)
    if left.is_share and right.is_share:
        return SHARE
    return _POSITIVE if left.low >= 0.0 and right.low >= 0.0 else ANYTHING


def _quotient(shape: Shape, left: Bounds, right: Bounds) -> Bounds:
    if right.low == right.high:
        return left.times(1.0 / right.low) if right.low else ANYTHING
    if left.low < 0.0 or right.low < 0.0:
        return ANYTHING
    factor = _common_factor(shape)
    part, whole = _without_guard(shape.parts[0]), _without_guard(shape.parts[1])
    if factor is not None:
        return SHARE.times(factor)
    return SHARE if _is_part(part, whole) else _POSITIVE


def _common_factor(shape: Shape) -> float | None:
    """That of a part which is scaled before it is divided: 100 in `100 * a / b`."""
    part, whole = _without_guard(shape.parts[0]), _without_guard(shape.parts[1])
    if part.kind != "operator" or part.name != "*" or part.parts[1].kind != "number":
        return None
    return float(part.parts[1].name) if _is_part(part.parts[0], whole) else None


def _without_guard(shape: Shape) -> Shape:
    while shape.kind == "operator" and shape.name in {">", "or"}:
        if shape.name == "or" and any(metrics_in(shape.parts[1])):
            break
        shape = shape.parts[0]
    return shape


def _is_part(  # noqa: PLR0911 - one for each kind of part
    part: Shape, whole: Shape, *, is_counted: bool = False
) -> bool:
    """Whether each value of one is made of some of what another is made of, and of no more."""
    part, whole = _without_guard(part), _without_guard(whole)
    if whole.kind == "operator" and whole.name == "+":
        return any(_is_part(part, one, is_counted=is_counted) for one in whole.parts)
    if part.kind == "operator" and part.name == "-":
        return _is_part(part.parts[0], whole) and _is_part(part.parts[1], part.parts[0])
    if part.kind == "operator" and part.name in _CHOOSING:
        return _is_part(part.parts[0], whole, is_counted=is_counted)
    kinds = (part.kind, part.name), (whole.kind, whole.name)
    if kinds[0] in _SUMS:
        is_up = kinds[1] == ("aggregation", "count") and part.parts[-1].name in _FLAGS
        if kinds[0] != kinds[1] and not is_up:
            return False
        is_counted = kinds[1] == ("aggregation", "count")
        inside = part.parts[-1], whole.parts[-1]
        return _is_finer(part, whole) and _is_part(*inside, is_counted=is_counted)
    if part.kind == "function" and part.name in _ADDITIVE:
        return kinds[0] == kinds[1] and _is_part_of_metric(part.parts[0], whole.parts[0])
    return _is_part_of_metric(part, whole, is_counted=is_counted)


def _is_finer(part: Shape, whole: Shape) -> bool:
    """Whether groups of one lie within those of the other."""
    if part.grouping == whole.grouping or not whole.grouping:
        return True
    if not (part.grouping.startswith("by") and whole.grouping.startswith("by")):
        return False
    return _labels(whole.grouping) <= _labels(part.grouping)


def _labels(grouping: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", grouping)[1:])


def _is_part_of_metric(part: Shape, whole: Shape, *, is_counted: bool = False) -> bool:
    if part.kind != "metric" or whole.kind != "metric":
        return False
    if (part.span, part.moved) != (whole.span, whole.moved):
        return False
    if not (is_counted and part.name == whole.name) and not _is_counted_in(part.name, whole.name):
        return False
    own = {one for one in part.matchers if not one.startswith("le=")}
    return whole.matchers <= own


def _is_counted_in(part: str, whole: str) -> bool:
    """The same metric, buckets of a histogram and its count, or by their names a part of it."""
    if not part or not whole:
        return False
    if part == whole:
        return bool(_COUNTER.fullmatch(part))
    if part.endswith("_bucket") and whole == f"{part.removesuffix('_bucket')}_count":
        return True
    words, others = set(part.split("_")), set(whole.split("_"))
    is_whole = bool(others & _WHOLE_WORDS) and not others & _PART_WORDS
    subject = words - _PART_WORDS - _WHOLE_WORDS - _FILLING
    is_same = bool(subject) and subject == others - _PART_WORDS - _WHOLE_WORDS - _FILLING
    return bool(words & _PART_WORDS) and is_whole and is_same
