"""Panels of older Grafanas are read as those that the present one makes of them."""

from typing import Any

import pytest

from simulator.grafana.migrations.graph import graph
from simulator.grafana.model import Panel
from simulator.grafana.parsing import dashboard_from
from simulator.grafana.thresholds import thresholds_from

TARGETS = [{"refId": "A", "expr": "up"}]
COLORS = ["green", "orange", "red"]
INF = float("inf")


def loaded(panel: dict[str, Any], *, schema_version: int = 16) -> Panel:
    board = {"schemaVersion": schema_version, "panels": [{"targets": TARGETS, **panel}]}
    (found,) = dashboard_from(board).panels
    return found


def defaults(panel: Panel) -> dict[str, Any]:
    return dict(panel.field_config.defaults)


def steps(panel: Panel) -> list[tuple[str, float]]:
    found = thresholds_from(defaults(panel)["thresholds"]).steps
    return [(step.color, step.value) for step in found]


def limit(op: str, value: float, mode: str, **settings: str) -> dict[str, Any]:
    return {"op": op, "value": value, "colorMode": mode, "line": True, **settings}


LOW = limit("lt", 5, "critical")


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [
        (
            [limit("gt", 60, "critical"), limit("gt", 30, "warning")],
            [("transparent", -INF), ("orange", 30.0), ("red", 60.0)],
        ),
        ([LOW], [("red", -INF), ("transparent", 5.0)]),
        (
            [LOW, limit("lt", 9, "warning")],
            [("red", -INF), ("orange", 5.0), ("transparent", 9.0)],
        ),
        (
            [LOW, limit("gt", 9, "custom", fillColor="#123")],
            [("red", -INF), ("transparent", 5.0), ("#123", 9.0)],
        ),
    ],
)
def test_limits_of_a_graph_are_steps_that_are_transparent_where_it_had_no_colour(
    limits: list[dict[str, Any]], wanted: list[tuple[str, float]]
) -> None:
    found = loaded({"type": "graph", "thresholds": limits})
    assert (found.type, steps(found)) == ("timeseries", wanted)
    assert defaults(found)["custom"]["thresholdsStyle"] == {"mode": "line"}


def test_a_graph_without_limits_draws_none_and_has_the_unit_of_its_left_axis() -> None:
    axes = [{"format": "s", "min": "0", "max": None, "show": True}, {"format": "short"}]
    found = loaded({"type": "graph", "yaxes": axes, "thresholds": []})
    assert defaults(found) == {"unit": "s", "min": 0.0, "custom": {}}


def test_limits_of_the_grid_of_2016_are_read() -> None:
    grid = {
        "threshold1": 10,
        "threshold1Color": "orange",
        "threshold2": 20,
        "threshold2Color": "red",
    }
    found = loaded({"type": "graph", "grid": grid}, schema_version=12)
    assert steps(found) == [("transparent", -INF), ("orange", 10.0), ("red", 20.0)]
    assert defaults(found)["custom"]["thresholdsStyle"] == {"mode": "area"}


def test_series_of_a_graph_with_colours_and_axes_of_their_own_are_overrides() -> None:
    found = graph(
        {
            "type": "graph",
            "aliasColors": {"b": "#f00"},
            "yaxes": [{"format": "s"}, {"format": "bytes"}],
            "seriesOverrides": [{"alias": "/c.*/", "yaxis": 2}, {"alias": "d", "fill": 0}],
        }
    )
    config: Any = found["fieldConfig"]
    assert [one["matcher"] for one in config["overrides"]] == [
        {"id": "byName", "options": "b"},
        {"id": "byRegexp", "options": "/c.*/"},
    ]
    assert config["overrides"][1]["properties"] == [{"id": "unit", "value": "bytes"}]


@pytest.mark.parametrize(
    ("axis", "kind"), [("time", "timeseries"), ("series", "bargauge"), ("histogram", "histogram")]
)
def test_the_x_axis_says_what_becomes_of_a_graph(axis: str, kind: str) -> None:
    found = loaded({"type": "graph", "xaxis": {"mode": axis, "values": ["current"]}})
    assert found.type == kind
    if kind == "bargauge":
        assert found.reduce.calcs == ("lastNotNull",)
        assert defaults(found)["color"] == {"mode": "palette-classic"}


@pytest.mark.parametrize(
    ("settings", "mode"),
    [({"colorBackground": True}, "background"), ({"colorValue": True}, "value"), ({}, "none")],
)
def test_a_singlestat_says_what_takes_the_colours(settings: dict[str, bool], mode: str) -> None:
    old = {"type": "singlestat", "thresholds": "5, 10", "colors": COLORS, "valueName": "avg"}
    found = loaded({**old, **settings})
    assert (found.type, found.options["colorMode"], found.reduce.calcs) == ("stat", mode, ("mean",))
    assert steps(found) == [("green", -INF), ("orange", 5.0), ("red", 10.0)]


def test_a_singlestat_without_a_reducer_shows_the_mean() -> None:
    assert loaded({"type": "singlestat"}).reduce.calcs == ("mean",)
    assert loaded({"type": "singlestat", "valueName": "name"}).reduce.calcs == ("mean",)


@pytest.mark.parametrize(("version", "kind"), [(16, "gauge"), (27, "gauge"), (28, "stat")])
def test_a_singlestat_with_a_gauge_was_one_until_schema_28(version: int, kind: str) -> None:
    gauge = {"show": True, "minValue": 0, "maxValue": 9}
    found = loaded({"type": "singlestat", "gauge": gauge}, schema_version=version)
    assert (found.type, defaults(found)["max"]) == (kind, 9)


def test_mappings_of_a_singlestat_have_the_colour_of_the_number_in_their_text() -> None:
    old = {"type": "singlestat", "thresholds": "5,10", "colors": COLORS, "mappingType": 1}
    maps = [{"value": "null", "text": "N/A"}, {"value": "3", "text": "12 %"}]
    (null, value) = defaults(loaded({**old, "valueMaps": maps}))["mappings"]
    assert null["options"]["match"] == "null"
    assert value["options"] == {"3": {"text": "12 %", "color": "red"}}


def test_mappings_of_before_8_are_read_and_those_of_values_come_first() -> None:
    old = [
        {"type": 2, "from": "1", "to": "5", "text": "few"},
        {"type": 1, "value": "0", "text": "none"},
    ]
    config = {"defaults": {"mappings": old}}
    found = loaded({"type": "stat", "fieldConfig": config, "pluginVersion": "7.4.0"})
    first, second = defaults(found)["mappings"]
    assert (first["type"], list(first["options"])) == ("value", ["0"])
    assert (second["options"]["from"], second["options"]["to"]) == (1.0, 5.0)


def test_field_options_of_grafana_6_are_field_settings() -> None:
    options = {
        "fieldOptions": {
            "calcs": ["max"],
            "defaults": {"unit": "percent", "title": "Load"},
            "thresholds": [{"color": "green", "value": None}, {"color": "red", "value": 80}],
        }
    }
    found = loaded({"type": "gauge", "options": options, "pluginVersion": "6.4.0"})
    assert (found.reduce.calcs, steps(found)) == (("max",), [("green", -INF), ("red", 80.0)])
    assert {name: defaults(found)[name] for name in ("displayName", "min", "max")} == {
        "displayName": "Load",
        "min": 0.0,
        "max": 100.0,
    }


@pytest.mark.parametrize(("version", "most"), [("7.5.0", 1.0), ("8.0.0", None), (None, 1.0)])
def test_percentages_had_their_full_range_until_8(version: str | None, most: float | None) -> None:
    config = {"defaults": {"unit": "percentunit"}}
    found = loaded({"type": "stat", "fieldConfig": config, "pluginVersion": version})
    assert defaults(found).get("max") == most


def test_styles_of_an_old_table_are_overrides() -> None:
    style = {
        "pattern": "Value",
        "colorMode": "cell",
        "thresholds": ["0.5", "10"],
        "colors": COLORS,
        "alias": "Lag",
    }
    found = loaded({"type": "table", "transform": "table", "styles": [style]})
    assert (found.type, [one.id for one in found.transformations]) == ("table", ["merge"])
    (override,) = found.field_config.overrides
    properties: dict[str, Any] = dict(override.properties)
    assert properties["custom.cellOptions"] == {"type": "color-background"}
    assert [step.value for step in thresholds_from(properties["thresholds"]).steps] == [
        -INF,
        0.0,
        10.0,
    ]


def test_a_table_with_styles_is_no_old_one_since_schema_24() -> None:
    found = loaded({"type": "table", "styles": [{"pattern": "x"}]}, schema_version=24)
    assert found.field_config.overrides == ()


@pytest.mark.parametrize(
    ("settings", "calculates"), [({}, True), ({"dataFormat": "tsbuckets"}, False)]
)
def test_a_heatmap_without_options_is_one_of_grafana_8(
    settings: dict[str, str],
    calculates: bool,  # noqa: FBT001 - what is wanted
) -> None:
    assert loaded({"type": "heatmap", **settings}).options["calculate"] is calculates


def test_a_panel_of_today_stays_as_it_is_and_says_where_its_settings_stand() -> None:
    config = {"defaults": {"thresholds": {"steps": []}}, "overrides": []}
    assert loaded({"type": "stat", "fieldConfig": config}).config_at == "panels[0].fieldConfig"
    assert loaded({"type": "singlestat"}).config_at == ""


@pytest.mark.parametrize("kind", ["graph", "singlestat", "table-old", "grafana-piechart-panel"])
@pytest.mark.parametrize("odd", [7, "x", [3, None], {"a": []}, None, True])
def test_settings_of_another_kind_are_left_out(kind: str, odd: object) -> None:
    names = (
        *("thresholds", "colors", "yaxes", "xaxis", "grid", "seriesOverrides", "aliasColors"),
        *("gauge", "sparkline", "valueMaps", "rangeMaps", "mappingType", "styles", "columns"),
        *("valueName", "decimals"),
    )
    assert loaded({"type": kind, **dict.fromkeys(names, odd)}).targets
