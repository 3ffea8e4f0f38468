"""What the buckets say of steps: a quantile ends where they end, and is a guess between them."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from simulator.coverage.findings import Code, Finding
from simulator.coverage.verdicts import FieldCoverage, StepCoverage, Verdict
from simulator.grafana.model import Target
from simulator.grafana.units import formatted
from simulator.observation.known_series import KnownSeries
from simulator.promql.quantiles import quantile

__all__ = ["bucket_notes", "within_reach"]


def within_reach(field: FieldCoverage, target: Target, known: KnownSeries) -> FieldCoverage:
    """The field; steps beyond the last bucket of a quantile say that nothing can reach them.

    Raises:
        UnreachablePrometheusError: nothing answers.
    """
    bounds = _bounds(field, target, known)
    if not bounds:
        return field
    return replace(field, steps=tuple(_step(one, bounds[-1], field) for one in field.steps))


def _step(step: StepCoverage, highest: float, field: FieldCoverage) -> StepCoverage:
    if step.verdict is not Verdict.NOT_REACHED or step.low <= highest:
        return step
    top = formatted(highest, field.unit)
    return replace(step, reason=f"{Code.OUT_OF_REACH}: the highest bucket is {top}")


def bucket_notes(field: FieldCoverage, target: Target, known: KnownSeries) -> tuple[Finding, ...]:
    """A note for each threshold that lies inside a bucket, where a quantile is interpolated.

    Raises:
        UnreachablePrometheusError: nothing answers.
    """
    bounds = _bounds(field, target, known)
    values = [step.value for step in field.steps if step.value is not None]
    inside = [one for one in values if bounds and one < bounds[-1] and not _is_bound(one, bounds)]
    return tuple(_inside(one, bounds, field, target) for one in inside)


def _is_bound(value: float, bounds: Sequence[float]) -> bool:
    return any(math.isclose(value, one) for one in bounds)


def _inside(value: float, bounds: Sequence[float], field: FieldCoverage, target: Target) -> Finding:
    upper = bisect_left(bounds, value)
    ends = (bounds[upper - 1] if upper else 0.0, bounds[upper], value)
    low, high, at = (formatted(one, field.unit) for one in ends)
    said = f"{at} lies inside the bucket from {low} to {high}: a quantile there is interpolated"
    return Finding(Code.INSIDE_BUCKET, said, target.ref_id)


def _bounds(field: FieldCoverage, target: Target, known: KnownSeries) -> list[float]:
    """The finite bounds of the buckets in the query's unit, rising; none if it is no quantile."""
    found = quantile(target.expr)
    if found is None or field.is_percentage or not field.steps:
        return []
    values = [_number(text) for text in known.values("le", found.buckets)]
    return sorted(value * found.scale for value in values if math.isfinite(value))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
