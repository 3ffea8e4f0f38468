"""Grafana's V2 Resource is read as the classic model is."""

from typing import Any

import pytest

from simulator.grafana.model import Dashboard
from simulator.grafana.parsing import dashboard_from

Json = dict[str, Any]
STEPS = {"mode": "absolute", "steps": [{"color": "green"}, {"value": 5, "color": "red"}]}


def query(expr: str, *, is_old: bool = False, **settings: object) -> Json:
    spec = {"expr": expr, "instant": True}
    if is_old:  # the first alpha
        source = {"type": "prometheus", "uid": "p"}
        asked: Json = {"kind": "prometheus", "spec": spec}
        return {"kind": "PanelQuery", "spec": {"refId": "A", "query": asked, "datasource": source}}
    asked = {"kind": "DataQuery", "group": "prometheus", "version": "v0", "spec": spec, **settings}
    return {"kind": "PanelQuery", "spec": {"refId": "A", "hidden": False, "query": asked}}


def panel(title: str, *queries: Json, is_old: bool = False, **data: object) -> Json:
    drawn = {"options": {"colorMode": "none"}, "fieldConfig": {"defaults": {"thresholds": STEPS}}}
    config = {"kind": "stat", "spec": drawn}
    if not is_old:
        config = {"kind": "VizConfig", "group": "stat", "version": "13.0.0", "spec": drawn}
    group = {"queries": list(queries), "transformations": [], "queryOptions": {}, **data}
    spec = {"id": 1, "title": title, "vizConfig": config}
    return {"kind": "Panel", "spec": {**spec, "data": {"kind": "QueryGroup", "spec": group}}}


def item(name: str, **settings: object) -> Json:
    element = {"kind": "ElementReference", "name": name}
    return {"kind": "GridLayoutItem", "spec": {"element": element, **settings}}


def grid(*items: Json) -> Json:
    return {"kind": "GridLayout", "spec": {"items": list(items)}}


def rows(*parts: Json) -> Json:
    return {
        "kind": "RowsLayout",
        "spec": {"rows": [{"kind": "RowsLayoutRow", "spec": p} for p in parts]},
    }


def tabs(*parts: Json) -> Json:
    return {
        "kind": "TabsLayout",
        "spec": {"tabs": [{"kind": "TabsLayoutTab", "spec": p} for p in parts]},
    }


def by(variable: str) -> Json:
    return {"mode": "variable", "value": variable}


def board(elements: Json, layout: Json, **spec: object) -> Dashboard:
    whole = {"title": "B", "elements": elements, "layout": layout, **spec}
    about = {"apiVersion": "dashboard.grafana.app/v2", "kind": "Dashboard"}
    return dashboard_from({**about, "metadata": {"name": "uid-1"}, "spec": whole})


@pytest.mark.parametrize("is_old", [False, True])
def test_an_element_is_a_panel_with_its_queries_and_steps(is_old: bool) -> None:  # noqa: FBT001
    found = board({"a": panel("A", query("up", is_old=is_old), is_old=is_old)}, grid(item("a")))
    (one,) = found.panels
    (target,) = one.targets
    assert (found.uid, found.title, one.title, one.type) == ("uid-1", "B", "A", "stat")
    assert (target.ref_id, target.expr, target.instant, target.hide) == ("A", "up", True, False)
    assert one.source_of(target).type == "prometheus"
    assert (one.field_config.defaults["thresholds"], one.options) == (STEPS, {"colorMode": "none"})
    assert one.path == "spec.elements.a"
    assert one.config_at == "spec.elements.a.spec.vizConfig.spec.fieldConfig"


def test_the_data_source_of_a_query_has_its_plugin_for_a_type() -> None:
    logs = query("x", group="loki", datasource={"name": "logs"})
    (one,) = board({"a": panel("A", logs)}, grid(item("a"))).panels
    assert not one.source_of(one.targets[0]).is_prometheus


def test_panels_come_in_the_order_of_the_layout_in_rows_and_tabs_in_each_other() -> None:
    elements = {name: panel(name.upper(), query("up")) for name in "abcd"}
    layout = tabs(
        {
            "title": "One",
            "layout": rows(
                {"title": "Row", "layout": grid(item("c", repeat=by("job"))), "repeat": by("zone")},
                {"layout": {"kind": "AutoGridLayout", "spec": {"items": [item("a")]}}},
            ),
        },
        {"title": "Two", "layout": grid(item("b")), "repeat": by("team")},
    )
    found = board(elements, layout)
    assert [(one.title, one.row, one.row_repeats, one.repeat) for one in found.panels] == [
        ("C", "Row", ("zone",), "job"),
        ("A", "One", (), ""),
        ("B", "Two", ("team",), ""),
    ]
    assert [one.title for one in found.unplaced] == ["D"]


def test_rows_in_a_grid_of_the_alpha_hold_their_panels() -> None:
    row = {"title": "Row", "elements": [item("a")], "repeat": by("job")}
    layout = grid({"kind": "GridLayoutRow", "spec": row})
    (one,) = board({"a": panel("A", query("up"))}, layout).panels
    assert (one.row, one.row_repeats) == ("Row", ("job",))


def test_a_reference_to_no_element_is_nothing() -> None:
    assert board({}, grid(item("gone"))).panels == ()


@pytest.mark.parametrize(
    "step",
    [
        {"kind": "limit", "spec": {"id": "limit", "options": {"limitField": 3}}},
        {"kind": "Transformation", "group": "limit", "spec": {"options": {"limitField": 3}}},
    ],
)
def test_transformations_and_options_of_queries_are_read(step: Json) -> None:
    options = {"interval": "1m", "timeFrom": "2h", "maxDataPoints": 50}
    element = panel("A", query("up"), transformations=[step], queryOptions=options)
    (one,) = board({"a": element}, grid(item("a"))).panels
    assert [(t.id, t.options) for t in one.transformations] == [("limit", {"limitField": 3})]
    assert (one.interval, one.time_from, one.max_data_points) == ("1m", "2h", 50)


def test_time_and_variables_are_those_of_the_resource() -> None:
    asked = {"kind": "DataQuery", "group": "prometheus", "spec": {"query": "label_values(up, job)"}}
    current = {"text": "a", "value": "a"}
    variables = [
        {"kind": "QueryVariable", "spec": {"name": "job", "query": asked, "current": current}},
        {"kind": "CustomVariable", "spec": {"name": "window", "query": "5m,1h", "multi": True}},
        {"kind": "DatasourceVariable", "spec": {"name": "ds", "pluginId": "loki"}},
        {"kind": "SwitchVariable", "spec": {"name": "on", "enabledValue": "1", "current": "1"}},
    ]
    time = {"from": "now/d", "to": "now", "timezone": "utc", "weekStart": "monday"}
    found = board({}, grid(), variables=variables, timeSettings=time)
    assert (found.time_range.start, found.timezone, found.week_start) == ("now/d", "utc", "monday")
    job, window, source, switch = found.variables
    assert (job.type, job.query, job.current) == ("query", "label_values(up, job)", ("a",))
    assert (window.options, window.multi) == (("5m", "1h"), True)
    assert (source.type, source.query) == ("datasource", "loki")
    assert (switch.options, switch.current) == (("1", "false"), ("1",))


def test_a_library_panel_of_the_resource_is_named() -> None:
    spec = {"id": 1, "title": "L", "libraryPanel": {"uid": "u", "name": "Shared"}}
    (one,) = board({"a": {"kind": "LibraryPanel", "spec": spec}}, grid(item("a"))).panels
    assert one.unresolved == "library panel 'Shared': its queries are not in this file"
