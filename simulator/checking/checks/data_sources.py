"""Data sources that a provisioned dashboard does not find."""

import re
from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.painted import panel_place
from simulator.checking.problems import Check, Problem, Weight
from simulator.grafana.data_source import DataSource
from simulator.grafana.model import Dashboard
from simulator.quoting import quoted

__all__ = ["DATA_SOURCES"]

_REFERENCE: Final = re.compile(r"\$\{?(\w+)(?::\w+)?\}?|\[\[(\w+)\]\]")
_MADE: Final = (
    re.compile(r"P[0-9A-F]{16}"),  # of a name, in provisioning
    re.compile(r"0{3}\d{6}"),  # of a number, before Grafana 6
    re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[a-zA-Z0-9_-]{9}"),  # at random, until 9
    re.compile(r"(?=.*\d[a-z]+\d)[a-z][a-z0-9]{13}"),  # at random, since then
)
_BUILT_IN: Final = frozenset({"grafana", "__expr__", "-- Mixed --", "-- Grafana --"})


def _look(material: Material) -> Iterator[Problem]:
    for board in material.dashboards:
        is_provisioned = _is_provisioned(board, material)
        for source, path in dict(_sources(board)).items():
            found = _unfilled(board, source, is_provisioned=is_provisioned)
            found = found or _fixed(source, is_provisioned=is_provisioned)
            if found:
                said, weight, proposal = found
                subject = f"dashboard {board.title or board.uid}"
                yield Problem(subject, said, panel_place(board, path), weight, proposal)


def _is_provisioned(board: Dashboard, material: Material) -> bool:
    """A file that asks for inputs is made for an import by hand, unless it is said otherwise."""
    is_in_folder = board.file is not None and "provisioning" in board.file.resolve().parts
    return material.facts.are_provisioned or is_in_folder or not board.inputs


def _sources(board: Dashboard) -> Iterator[tuple[DataSource, str]]:
    """The data sources, each with the last place that names it; the first is what is kept."""
    found = [(one.data_source, "templating") for one in board.variables]
    for panel in board.panels:
        found.append((panel.data_source, panel.path))
        found += [(target.data_source, panel.path) for target in panel.targets]
    for source, path in reversed(found):
        if source is not None and source.uid and source.uid not in _BUILT_IN:
            yield source, path


_Said = tuple[str, Weight, str]


def _unfilled(board: Dashboard, source: DataSource, *, is_provisioned: bool) -> _Said | None:
    match = _REFERENCE.fullmatch(source.uid or "")
    name = (match[1] or match[2]) if match else ""
    if not name or name in {one.name for one in board.variables}:
        return None
    if name in board.inputs and not is_provisioned:
        said = f"{source.uid} is asked for by an import by hand; provisioning does not fill it in"
        return said, Weight.NOTE, "a variable of type datasource"
    why = (
        "an import fills it in, and provisioning does not"
        if name in board.inputs
        else ("there is no variable and no input of this name")
    )
    said = f"{source.uid} stands for no data source: {why}"
    return said, Weight.FINDING, "a variable of type datasource"


def _fixed(source: DataSource, *, is_provisioned: bool) -> _Said | None:
    uid = source.uid or ""
    if "$" in uid or "[[" in uid or source.type in {None, "datasource", "grafana"}:
        return None
    is_made = any(one.fullmatch(uid) for one in _MADE)
    said = f"the data source is fixed to the uid {quoted(uid)}"
    if is_made and is_provisioned:
        said += ", which one Grafana made up and another one does not have"
        return said, Weight.FINDING, "a variable of type datasource, or a uid of your own"
    return f"{said}: it has to be provisioned with it", Weight.NOTE, ""


DATA_SOURCES: Final = Check("data-source", "data sources that provisioning does not find", _look)
