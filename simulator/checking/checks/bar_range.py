"""Steps beyond the ends of the bar, gauge or axis that is to show them."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.painted import Painted
from simulator.checking.problems import Check, Problem, Weight
from simulator.checking.values import number
from simulator.grafana.panel_types import panel_type

__all__ = ["BAR_RANGE"]


def _look(material: Material) -> Iterator[Problem]:
    for one in material.painted:
        if panel_type(one.panel.type).has_ends and one.is_seen:
            yield from _of(one)


def _of(one: Painted) -> Iterator[Problem]:
    if one.low is not None and one.high is not None and one.low >= one.high:
        said = f"its range has no length: min {number(one.low)}, max {number(one.high)}"
        yield Problem(one.subject, said, one.place)
        return
    if one.thresholds.is_percentage:
        return
    for step in one.thresholds.steps[1:]:
        if one.high is not None and step.value > one.high:
            end = f"max {number(one.high)}"
        elif one.low is not None and step.value < one.low:
            end = f"min {number(one.low)}"
        else:
            continue
        said = f"{step.color} from {number(step.value)} lies outside of its range: {end}"
        yield Problem(one.subject, said, one.place, _weight(one))


def _weight(painted: Painted) -> Weight:
    return Weight.NOTE if painted.is_default else Weight.FINDING


BAR_RANGE: Final = Check("bar-range", "steps outside of a bar's or an axis's ends", _look)
