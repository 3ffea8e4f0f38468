"""Dashboards from JSON: the classic model, a V1 resource around it, or the API's envelope."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from simulator.errors import DashboardError
from simulator.grafana.json_objects import JsonObject
from simulator.grafana.model import Dashboard, Panel, Variable
from simulator.grafana.panel_parsing import PanelContext, panel_from
from simulator.grafana.reused_panels import with_reused
from simulator.grafana.time_ranges import TimeRange
from simulator.grafana.variable_parsing import variable_from
from simulator.quoting import shortened
from simulator.reading.files import read_text
from simulator.reading.json_text import json_in

__all__ = ["MAX_DASHBOARD_BYTES", "dashboard_from", "read_dashboard", "read_dashboards"]

MAX_DASHBOARD_BYTES = 8 * 1024 * 1024
"""Far above any dashboard a browser could draw; keeps a wrong file from filling the memory."""

_MARKS_OF_A_DASHBOARD = ("panels", "rows", "title", "templating", "schemaVersion")


def read_dashboard(path: Path) -> Dashboard:
    """The dashboard in a JSON file.

    Raises:
        DashboardError: the file cannot be read, is larger than `MAX_DASHBOARD_BYTES`, is not
            JSON, or is not a classic dashboard; the text starts with the file's path.
    """
    text = read_text(path, most=MAX_DASHBOARD_BYTES, error=DashboardError)
    document = json_in(text, path, error=DashboardError, has_unique_keys=False)
    try:
        return replace(dashboard_from(document), file=path)
    except DashboardError as error:
        raise DashboardError(f"{path}: {error}") from error


def dashboard_from(document: object) -> Dashboard:
    """The dashboard in a parsed JSON document.

    Raises:
        DashboardError: a value of the wrong kind, with its path in the document; or another
            model than the classic one.

    >>> board = {"title": "T", "panels": [{"type": "stat", "targets": [{"expr": "up"}]}]}
    >>> dashboard_from({"dashboard": board, "meta": {}}).panels[0].targets[0].ref_id
    'A'
    """
    try:
        return _dashboard(_classic(document))
    except RecursionError as error:
        raise DashboardError("nested too deeply to be a dashboard") from error


def _classic(document: object) -> JsonObject:
    if not isinstance(document, dict):
        raise DashboardError(f"a dashboard is a JSON object, found {type(document).__name__}")
    found = JsonObject(document)
    for key in ("dashboard", "spec"):  # the API may wrap a resource, which wraps the dashboard
        if isinstance(found.get(key), Mapping) and "panels" not in found:
            found = found.child(key)
    if "elements" in found:
        raise DashboardError(
            f"{found.place('elements')}: this is the V2 model (elements and layout), which is not "
            "read; export the dashboard with the classic model"
        )
    if not any(mark in found for mark in _MARKS_OF_A_DASHBOARD):
        keys = shortened(", ".join(sorted(document))) or "none"
        raise DashboardError(f"not a dashboard: no panels, no title; keys found: {keys}")
    return found


def _dashboard(found: JsonObject) -> Dashboard:
    time = found.child("time")
    variables = tuple(
        variable_from(entry)
        for entry in found.child("templating").children("list")
        if entry.text("name")
    )
    return Dashboard(
        uid=found.text("uid"),
        title=found.text("title"),
        panels=with_reused(tuple(_panels(found, _source_types(found, variables)))),
        variables=variables,
        time_range=TimeRange(
            start=str(time.get("from") or "now-6h"),
            end=str(time.get("to") or "now"),
            delay=found.child("timepicker").text("nowDelay"),
        ),
        timezone=found.text("timezone"),
        week_start=found.text("weekStart"),
        fiscal_start=found.integer("fiscalYearStartMonth") or 0,
    )


def _source_types(found: JsonObject, variables: Iterable[Variable]) -> dict[str, str]:
    """The plugins that variables of data sources, and the inputs of an export, stand for."""
    inputs = {one.text("name"): one.text("pluginId") for one in found.children("__inputs")}
    chosen = {one.name: one.query for one in variables if one.type == "datasource"}
    return {name: plugin for name, plugin in (inputs | chosen).items() if plugin}


def _panels(found: JsonObject, source_types: Mapping[str, str]) -> Iterator[Panel]:
    version = found.integer("schemaVersion") or 0
    around = PanelContext(schema_version=version, source_types=source_types)
    yield from _section(found, around)
    for row in found.children("rows"):  # schemaVersion < 16
        yield from _section(row, _in_row(around, row))


def _section(holder: JsonObject, around: PanelContext) -> Iterator[Panel]:
    """Panels of a list: an open row's panels follow it, a collapsed row holds its own."""
    for entry in holder.children("panels"):
        if entry.get("type") == "row":
            around = _in_row(around, entry)
            yield from _section(entry, around)
        else:
            yield panel_from(entry, around)


def _in_row(around: PanelContext, row: JsonObject) -> PanelContext:
    return replace(around, row=row.text("title"), row_repeat=row.text("repeat"))


def read_dashboards(paths: Iterable[Path]) -> list[Dashboard]:
    """The dashboards in files, and in all JSON files below folders, in the order of their names.

    Raises:
        DashboardError: a file is no dashboard, or a folder holds no JSON file.
    """
    found: list[Dashboard] = []
    for path in paths:
        files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
        if not files:
            raise DashboardError(f"{path}: no *.json in this folder")
        found.extend(map(read_dashboard, files))
    return found
