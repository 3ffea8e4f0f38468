"""Two queries of a panel that ask for the same, so that one of them shows nothing of its own."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from simulator.checking.material import AskedQuery, Material
from simulator.checking.painted import panel_place, panel_subject
from simulator.checking.problems import Check, Problem
from simulator.grafana.variables import names_in
from simulator.promql.parsing import parsed
from simulator.promql.shapes import Shape, shape_of

__all__ = ["SAME_QUERY"]

_Asked: TypeAlias = tuple[int, Shape, frozenset[str], tuple[str, ...], str, str]


def _look(material: Material) -> Iterator[Problem]:
    first: dict[_Asked, AskedQuery] = {}
    for one in material.queries:
        asked = _asked(one)
        if asked is None:
            continue
        before = first.setdefault(asked, one)
        if before is not one:
            subject = panel_subject(one.dashboard, one.panel)
            said = f"queries {before.target.ref_id} and {one.target.ref_id} ask for the same"
            place = panel_place(one.dashboard, f"{one.panel.path}.targets[{one.index}].expr")
            yield Problem(subject, said, place)


def _asked(one: AskedQuery) -> _Asked | None:
    """What is asked for and how it is drawn; None for what is not shown, or not read."""
    tree = parsed(one.query.text) if one.query is not None else None
    if tree is None or not one.target.is_queried or one.panel.transformations:
        return None
    target = one.target
    chosen = names_in([target.expr])  # variables, of which each may stand for something else
    return id(one.panel), shape_of(tree), chosen, target.kinds, target.format, target.interval


SAME_QUERY: Final = Check("same-query", "a panel with the same query twice", _look)
