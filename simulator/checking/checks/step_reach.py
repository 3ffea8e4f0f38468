"""Steps that no value of their query can reach."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.painted import Painted
from simulator.checking.problems import Check, Problem, Weight
from simulator.checking.values import number
from simulator.grafana.alarm_steps import severity
from simulator.promql.bounds import Bounds, bounds
from simulator.promql.parsing import parsed
from simulator.promql.shapes import shape_of

__all__ = ["STEP_REACH", "bounds_of"]


def bounds_of(painted: Painted, material: Material) -> Bounds | None:
    """Between which values what is coloured lies; None where that is no value of a query."""
    tree = parsed(painted.query.text) if painted.query is not None else None
    if tree is None or not painted.is_value:
        return None
    return bounds(shape_of(tree), material.facts.top_buckets.get)


def _look(material: Material) -> Iterator[Problem]:
    for one in material.painted:
        if not one.is_seen or one.thresholds.is_percentage or not one.rises:
            continue
        found = bounds_of(one, material)
        if found is not None:
            yield from _too_high(one, found)
            yield from _too_low(one, found)


def _too_high(painted: Painted, found: Bounds) -> Iterator[Problem]:
    weight = Weight.NOTE if painted.is_default else Weight.FINDING
    for step in painted.thresholds.steps[1:]:
        if step.value > found.high:
            said = f"{step.color} from {number(step.value)} cannot be reached: {found.why}"
            yield Problem(painted.subject, said, painted.place, weight)


def _too_low(painted: Painted, found: Bounds) -> Iterator[Problem]:
    """An alarm for what is low, none of whose steps begins below a value that there can be."""
    steps = painted.thresholds.steps
    if not steps:
        return
    ends = [one.value for one in steps[1:]] + [float("inf")]
    reached = {severity(one.color) for one, end in zip(steps, ends, strict=True) if end > found.low}
    for step, end in zip(steps, ends, strict=True):
        level = severity(step.color)
        if level and level not in reached:
            said = f"{step.color} below {number(end)} cannot be reached: it is at least"
            weight = Weight.NOTE if painted.is_migrated else Weight.FINDING
            yield Problem(painted.subject, f"{said} {number(found.low)}", painted.place, weight)


STEP_REACH: Final = Check("step-reach", "steps that no value of the query can reach", _look)
