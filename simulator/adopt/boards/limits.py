"""Thresholds in a metric's own terms: what its values, rates or quantiles are held against."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from simulator.adopt.boards.families import Family
from simulator.promql.shapes import Shape, essence, metrics_in, scaled

__all__ = ["Bound", "Form", "bounds_of"]

#: Of what a threshold is: values as they are, a rate per second, events in a window, a quantile, a
#: mean of sizes.
Form: TypeAlias = Literal["value", "rate", "increase", "quantile", "mean"]
_SAME: Final = frozenset(
    {"sum", "avg", "max", "min", "topk", "bottomk", "avg_over_time", "max_over_time"}
    | {"min_over_time", "last_over_time", "quantile", "abs", "scalar", "vector", "round"}
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A number that is a limit for a metric, in the unit of its values."""

    form: Form
    sign: str
    number: float
    is_alert: bool


def bounds_of(family: Family) -> Iterator[Bound]:
    """The thresholds that are for this metric alone."""
    for one in family.need.thresholds:
        factor, shape = scaled(essence(one.compared))
        names = set(metrics_in(shape))
        if not names <= {family.name, *family.names}:
            continue
        form = _form(shape)
        if form is not None and factor:
            yield Bound(form, one.sign, one.number / factor, one.is_alert)


def _form(shape: Shape) -> Form | None:  # noqa: PLR0911 - one for each
    if shape.kind == "metric":
        return "value"
    if shape.name in _SAME and shape.parts:
        below = [one for one in shape.parts if one.kind not in {"number", "text"}]
        return _form(below[0]) if len(below) == 1 else None
    if shape.name in {"rate", "irate"}:
        return "rate"
    if shape.name == "increase":
        return "increase"
    if shape.name == "histogram_quantile":
        return "quantile"
    names = list(metrics_in(shape))
    is_mean = len(names) == 2 and names[0].endswith("_sum") and names[1].endswith("_count")  # noqa: PLR2004 - both sides
    if shape.name == "/" and is_mean:
        return "mean"
    return None
