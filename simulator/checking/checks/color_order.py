"""Colours that do not grow worse in one direction: orange on the far side of red."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from simulator.checking.material import Material
from simulator.checking.painted import Painted
from simulator.checking.problems import Check, Problem
from simulator.checking.values import number
from simulator.grafana.alarm_steps import severity

__all__ = ["COLOR_ORDER"]

_RANKS: Final = {"": 0, "orange": 1, "red": 2}


def _look(material: Material) -> Iterator[Problem]:
    for one in material.painted:
        # values that are mapped to words are states, which have no order
        if one.is_seen and not one.mappings and one.rises and not _are_states(one):
            yield from _peaks(one)


def _are_states(painted: Painted) -> bool:
    """Whether steps go from one whole number to the next, as codes of states do."""
    values = [one.value for one in painted.thresholds.steps[1:]]
    return any(b - a == 1.0 and a.is_integer() for a, b in pairwise(values))


def _peaks(painted: Painted) -> Iterator[Problem]:
    """From the mildest step outwards, no step may be milder than the one before."""
    steps = painted.thresholds.steps
    ranks = [_RANKS[severity(step.color)] for step in steps]
    if not {0, 1, 2} <= set(ranks):
        return
    first, last = ranks.index(0), len(ranks) - 1 - ranks[::-1].index(0)
    for index, rank in enumerate(ranks):
        is_above = index > last and rank < max(ranks[last : index + 1])
        is_below = index < first and rank < max(ranks[index : first + 1])
        if rank == 1 and (is_above or is_below):
            side = "above" if is_above else "below"
            at = steps[index].value if is_above else steps[index + 1].value
            said = f"{steps[index].color} {side} {number(at)} lies beyond red, which is worse"
            yield Problem(painted.subject, said, painted.place)


COLOR_ORDER: Final = Check("color-order", "orange on the far side of red", _look)
