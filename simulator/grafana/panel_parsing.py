"""Panels and their targets from JSON."""

import string

from simulator.grafana.data_source_parsing import data_source_in
from simulator.grafana.json_objects import JsonObject
from simulator.grafana.migrations import loaded
from simulator.grafana.model import (
    FieldConfig,
    Matcher,
    Override,
    Panel,
    ReduceOptions,
    Target,
    Transformation,
)

__all__ = ["panel_from"]


def panel_from(found: JsonObject, *, row: str, row_repeat: str, schema_version: int) -> Panel:
    """The panel in a JSON object, in a row of this title that repeats for this variable.

    One of an older Grafana is what the present one makes of it.

    Raises:
        DashboardError: a value of the wrong kind, with its path.
    """
    now = loaded(found, schema_version=schema_version)
    found = now.panel
    identity = found.get("id")
    options = found.child("options")
    return Panel(
        path=found.path,
        id=identity if isinstance(identity, int) else None,
        title=found.text("title"),
        type=found.text("type"),
        targets=tuple(_target(t, index) for index, t in enumerate(found.children("targets"))),
        field_config=_field_config(found.child("fieldConfig")),
        reduce=_reduce_options(options.child("reduceOptions")),
        transformations=tuple(map(_transformation, found.children("transformations"))),
        options=options.members,
        interval=found.text("interval"),
        max_data_points=found.integer("maxDataPoints") or None,
        time_from=found.text("timeFrom"),
        time_shift=found.text("timeShift"),
        repeat=found.text("repeat"),
        row=row,
        row_repeat=row_repeat,
        data_source=data_source_in(found),
        description=found.text("description"),
        library_panel=_library_panel(found),
        config_at=found.place("fieldConfig") if now.is_as_written else "",
    )


def _target(found: JsonObject, index: int) -> Target:
    expr = found.get("expr")
    return Target(
        ref_id=found.text("refId") or _default_ref_id(index),
        expr=expr if isinstance(expr, str) else "",  # other data sources keep other things there
        instant=found.flag("instant"),
        range=found.flag("range"),
        format=found.text("format") or "time_series",
        legend_format=found.text("legendFormat"),
        interval=found.text("interval"),
        interval_factor=found.number("intervalFactor") or 1.0,
        hide=found.flag("hide"),
        data_source=data_source_in(found),
    )


def _default_ref_id(index: int) -> str:
    letters = string.ascii_uppercase
    return letters[index] if index < len(letters) else f"Q{index + 1}"


def _field_config(found: JsonObject) -> FieldConfig:
    _check_thresholds(found.child("defaults"), "thresholds")
    return FieldConfig(
        defaults=found.child("defaults").members,
        overrides=tuple(map(_override, found.children("overrides"))),
    )


def _check_thresholds(holder: JsonObject, key: str) -> None:
    """Refuse thresholds of another shape while their place in the file is known."""
    for step in holder.child(key).children("steps"):
        step.text("color")


def _override(found: JsonObject) -> Override:
    matcher = found.child("matcher")
    for entry in found.children("properties"):
        if entry.text("id") == "thresholds":
            _check_thresholds(entry, "value")
    return Override(
        matcher=Matcher(matcher.text("id"), matcher.get("options")),
        properties=tuple(
            (entry.text("id"), entry.get("value")) for entry in found.children("properties")
        ),
    )


def _reduce_options(found: JsonObject) -> ReduceOptions:
    calcs = found.texts("calcs")
    if calcs is None:
        calcs = ("lastNotNull",)
    return ReduceOptions(
        calcs=calcs or ("last",),  # an empty list is not the default: Grafana takes the last value
        values=found.flag("values"),
        fields=found.text("fields"),
        limit=found.integer("limit"),
    )


def _transformation(found: JsonObject) -> Transformation:
    return Transformation(
        id=found.text("id"),
        options=found.child("options").members,
        disabled=found.flag("disabled"),
        filter=_frame_filter(found.child("filter")),
    )


def _frame_filter(found: JsonObject) -> Matcher | None:
    """Which frames a transformation is for; one without options is for all."""
    options = found.get("options")
    return Matcher(found.text("id"), options) if options not in (None, "") else None


def _library_panel(found: JsonObject) -> str:
    """The name of an unresolved library panel: its queries are on the server, not in the file."""
    library = found.child("libraryPanel")
    if not library.members or "targets" in found:
        return ""
    return library.text("name") or library.text("uid") or "unnamed"
