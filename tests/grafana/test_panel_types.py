import ast
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import simulator
from simulator.grafana import panel_types
from simulator.grafana.frames import Answer, Series
from simulator.grafana.model import Panel
from simulator.grafana.panel_types import PANEL_TYPES, PanelType
from simulator.grafana.parsing import dashboard_from
from simulator.grafana.shown import Shown
from simulator.grafana.views import panel_view
from simulator.observation.over_time import values_over_time
from simulator.observation.replay import Moments, Replayed

READ = [name for name, one in PANEL_TYPES.items() if one.is_read]
WORDS_ELSEWHERE = {"gauge", "heatmap", "histogram", "row", "table", "text"} | {"logs", "stat"}
"""Types whose names are words of other things as well: formats, cells, kinds of metrics."""

STEPS = {"mode": "absolute", "steps": [{"color": "green"}, {"value": 2, "color": "red"}]}
CUSTOM = {
    "cellOptions": {"type": "color-text"},
    "thresholdsStyle": {"mode": "line"},
    "hideFrom": {"viz": False},
}
MAPPED = [{"type": "value", "options": {"3": {"text": "three", "color": "blue"}}}]
TIMES = np.array([10.0, 20.0, 30.0])


def panel(type_name: str) -> Panel:
    defaults = {"thresholds": STEPS, "custom": CUSTOM, "mappings": MAPPED, "unit": "s"}
    found = {
        "type": type_name,
        "targets": [{"refId": "A", "expr": "up", "legendFormat": "{{l}}"}],
        "fieldConfig": {"defaults": defaults},
        "options": {"calculate": False},
    }
    return dashboard_from({"panels": [found]}).panels[0]


def answer(of: Panel) -> Answer:
    values = np.array([1.0, 2.0, 3.0])
    return Answer(of.targets[0], (Series({"l": "a"}, TIMES, values),))


def shown(type_name: str) -> list[Mapping[str, object]]:
    of = panel(type_name)
    return [
        {name: getattr(one, name) for name in Shown.__slots__}
        for one in panel_view(of, [answer(of)]).shown
    ]


def levels_over_time(type_name: str) -> list[tuple[object, ...]]:
    of = panel(type_name)
    found = values_over_time(of, [Replayed(answer(of), 10.0, 20.0)], Moments(10.0, 30.0, 10.0))
    return [
        (field.key, one.name, one.levels.tolist(), one.is_hidden.tolist())
        for field in found.fields
        for one in field.series
    ]


@pytest.fixture(params=READ)
def known(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> PanelType:
    """A known type; a record makes the type "twin" behave as it does."""
    one = PANEL_TYPES[request.param]
    twin = replace(one, name="twin")
    monkeypatch.setattr(panel_types, "PANEL_TYPES", {**PANEL_TYPES, "twin": twin})
    return one


def test_a_record_makes_a_type_show_what_the_known_one_shows(known: PanelType) -> None:
    assert shown(known.name)
    assert shown("twin") == shown(known.name)


def test_a_record_makes_a_type_show_the_same_over_time(known: PanelType) -> None:
    assert levels_over_time(known.name)
    assert levels_over_time("twin") == levels_over_time(known.name)


def test_without_its_record_a_type_is_not_read() -> None:
    of = panel("twin")
    assert panel_view(of, [answer(of)]).unsupported == ("panel type 'twin'",)


def test_panel_types_are_named_in_their_table_only() -> None:
    """So a type that behaves as a known one is added in one file."""
    names = set(PANEL_TYPES) - WORDS_ELSEWHERE
    root = Path(simulator.__file__).parent
    naming = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and node.value in names
    }
    assert naming == {"grafana/panel_types.py"}


def test_each_type_has_one_record() -> None:
    names = [one.name for one in panel_types._TYPES]
    assert len(names) == len(set(names))
