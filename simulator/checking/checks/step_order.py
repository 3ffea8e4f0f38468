"""Steps whose values do not rise: Grafana stops at the first that is not reached."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from simulator.checking.material import Material
from simulator.checking.painted import Painted
from simulator.checking.problems import Check, Problem, Weight
from simulator.checking.values import number
from simulator.grafana.thresholds import Step

__all__ = ["STEP_ORDER"]


def _look(material: Material) -> Iterator[Problem]:
    for one in material.painted:
        if one.is_seen:
            for before, after in pairwise(one.thresholds.steps):
                yield from _of(one, before, after)


def _of(painted: Painted, before: Step, after: Step) -> Iterator[Problem]:
    if after.value > before.value or before.color == after.color:
        return
    if math.isnan(before.value) or math.isnan(after.value):
        if not painted.is_migrated and math.isnan(after.value):
            said = f"{after.color} has no number to begin at, and is never shown"
            yield Problem(painted.subject, said, painted.place)
        return
    if after.value == before.value:
        said = f"{before.color} is never shown: {after.color} begins at the same value"
        # three colours for two states were the only way in a singlestat
        weight = Weight.NOTE if painted.is_migrated else Weight.FINDING
        yield Problem(painted.subject, f"{said}, {number(after.value)}", painted.place, weight)
        return
    said = (
        f"{after.color} from {number(after.value)} stands behind {before.color} from "
        f"{number(before.value)}: Grafana takes steps in their order, and does not sort a file's"
    )
    yield Problem(painted.subject, said, painted.place, proposal="sort the steps by value")


STEP_ORDER: Final = Check("step-order", "steps of a panel whose values do not rise", _look)
