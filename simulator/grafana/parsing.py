"""Dashboards from JSON: the classic model, a resource of V1 or V2, or the API's envelope."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from simulator.errors import DashboardError
from simulator.grafana.json_objects import JsonObject, unexpected
from simulator.grafana.library_panels import Library, elements_in
from simulator.grafana.model import Dashboard, Panel, Variable
from simulator.grafana.panel_parsing import PanelContext, panel_from, spoilt_panel
from simulator.grafana.reused_panels import with_reused
from simulator.grafana.time_ranges import TimeRange
from simulator.grafana.v2_resource import V2Panel, settings_of, v2_panels
from simulator.grafana.variable_parsing import variable_from
from simulator.quoting import quoted, shortened

__all__ = ["NotADashboardError", "dashboard_from"]

_MARKS_OF_A_DASHBOARD = ("panels", "rows", "title", "templating", "schemaVersion")
_V2_SCHEMA = 99
"""Nothing in the V2 model is of an older Grafana."""


class NotADashboardError(DashboardError):
    """A JSON file that holds something else."""


def dashboard_from(document: object, library: Library = MappingProxyType({})) -> Dashboard:
    """The dashboard in a parsed JSON document: the classic model, or a resource of V1 or V2.

    Raises:
        DashboardError: a value of the wrong kind, with its path in the document; a
            `NotADashboardError` where there is none.

    >>> board = {"title": "T", "panels": [{"type": "stat", "targets": [{"expr": "up"}]}]}
    >>> dashboard_from({"dashboard": board, "meta": {}}).panels[0].targets[0].ref_id
    'A'
    """
    try:
        found, uid = _unwrapped(document)
        return _v2(found, uid, library) if "elements" in found else _classic(found, library)
    except RecursionError as error:
        raise DashboardError("nested too deeply to be a dashboard") from error


def _unwrapped(document: object) -> tuple[JsonObject, str]:
    """What holds the dashboard itself, and the name of the resource around it."""
    if not isinstance(document, dict):
        raise NotADashboardError(f"a dashboard is a JSON object, found {type(document).__name__}")
    found, uid = JsonObject(document), ""
    for key in ("dashboard", "spec"):  # the API may wrap a resource, which wraps the dashboard
        if isinstance(found.get(key), Mapping) and "panels" not in found:
            kind = found.get("kind")
            if key == "spec" and isinstance(kind, str) and kind != "Dashboard":
                raise NotADashboardError(f"not a dashboard: a resource of kind {quoted(kind)}")
            uid = found.child("metadata").text("name") if key == "spec" else uid
            found = found.child(key)
    if "elements" in found:
        return found, uid
    if not any(mark in found for mark in _MARKS_OF_A_DASHBOARD):
        keys = shortened(", ".join(sorted(document))) or "none"
        raise NotADashboardError(f"not a dashboard: no panels, no title; keys found: {keys}")
    return found, uid


def _v2(found: JsonObject, uid: str, library: Library) -> Dashboard:
    settings = settings_of(found)
    plain = replace(_classic(settings, library), uid=uid)
    around = replace(_around(settings, plain.variables, library), schema_version=_V2_SCHEMA)
    every = [(one, _v2_panel(one, around)) for one in v2_panels(found)]
    return replace(
        plain,
        panels=with_reused([panel for one, panel in every if one.is_placed]),
        unplaced=tuple(panel for one, panel in every if not one.is_placed),
    )


def _v2_panel(one: V2Panel, around: PanelContext) -> Panel:
    panel = panel_from(one.found, replace(around, row=one.row, row_repeats=one.repeats))
    return replace(panel, config_at=one.config_at or panel.config_at) if panel.config_at else panel


def _classic(found: JsonObject, library: Library) -> Dashboard:
    time = found.child("time")
    variables = tuple(
        variable_from(JsonObject(entry, place))
        for place, entry in found.child("templating").entries("list")
        if isinstance(entry, dict) and entry.get("name")
    )
    return Dashboard(
        uid=found.text("uid"),
        title=found.text("title"),
        panels=with_reused(tuple(_panels(found, _around(found, variables, library)))),
        variables=variables,
        time_range=TimeRange(
            start=str(time.get("from") or "now-6h"),
            end=str(time.get("to") or "now"),
            delay=found.child("timepicker").text("nowDelay"),
        ),
        timezone=found.text("timezone"),
        week_start=found.text("weekStart"),
        fiscal_start=found.integer("fiscalYearStartMonth") or 0,
        inputs=tuple(one.text("name") for one in found.children("__inputs")),
    )


def _around(found: JsonObject, variables: Iterable[Variable], library: Library) -> PanelContext:
    """What its panels have around them: the plugins of data sources, and library panels."""
    inputs = {one.text("name"): one.text("pluginId") for one in found.children("__inputs")}
    chosen = {one.name: one.query for one in variables if one.type == "datasource"}
    return PanelContext(
        schema_version=found.integer("schemaVersion") or 0,
        source_types={name: plugin for name, plugin in (inputs | chosen).items() if plugin},
        library={**library, **elements_in(found)},
    )


def _panels(found: JsonObject, around: PanelContext) -> Iterator[Panel]:
    yield from _section(found, around)
    for row in found.children("rows"):  # schemaVersion < 16
        yield from _section(row, _in_row(around, row))


def _section(holder: JsonObject, around: PanelContext) -> Iterator[Panel]:
    """Panels of a list: an open row's panels follow it, a collapsed row holds its own."""
    for place, value in holder.entries("panels"):
        if not isinstance(value, dict):
            yield spoilt_panel(place, {}, around, str(unexpected(place, "an object", value)))
            continue
        entry = JsonObject(value, place)
        if entry.get("type") == "row":
            around = _in_row(around, entry)
            yield from _section(entry, around)
        else:
            yield panel_from(entry, around)


def _in_row(around: PanelContext, row: JsonObject) -> PanelContext:
    title, repeat = (row.get(key) for key in ("title", "repeat"))
    return replace(
        around,
        row=title if isinstance(title, str) else "",
        row_repeats=(repeat,) if isinstance(repeat, str) and repeat else (),
    )
