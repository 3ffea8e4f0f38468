"""Descriptions of panels that name other limits than their steps have."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.claims import Claim, colored_claims, is_one_of
from simulator.checking.material import Material
from simulator.checking.painted import Painted
from simulator.checking.problems import Check, Problem
from simulator.checking.values import number
from simulator.grafana.alarm_steps import severity

__all__ = ["PANEL_TEXT"]


def _look(material: Material) -> Iterator[Problem]:
    by_panel: dict[int, list[Painted]] = {}
    for one in material.painted:
        if one.is_seen and not one.thresholds.is_percentage:
            by_panel.setdefault(id(one.panel), []).append(one)
    for together in by_panel.values():
        yield from _of_panel(together)


def _of_panel(together: list[Painted]) -> Iterator[Problem]:
    first = together[0]
    for claim in colored_claims(first.panel.description):
        ends = sorted({end for one in together for end in _ends(one, claim)})
        if ends and not is_one_of(claim, ends):
            has = ", ".join(map(number, ends))
            said = f"its description says {claim.text!r}, {claim.level or 'green'} ends at {has}"
            yield Problem(first.subject, said, first.place)


def _ends(painted: Painted, claim: Claim) -> Iterator[float]:
    """The finite ends of the bands of the claim's colour."""
    steps = painted.thresholds.steps
    for index, step in enumerate(steps):
        if severity(step.color) != claim.level:
            continue
        if index:
            yield step.value
        if index + 1 < len(steps):
            yield steps[index + 1].value


PANEL_TEXT: Final = Check("panel-text", "descriptions with other limits than the steps", _look)
