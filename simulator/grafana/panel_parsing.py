"""Panels and their targets from JSON."""

import string
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from simulator.errors import DashboardError
from simulator.grafana.data_source_parsing import data_source_in
from simulator.grafana.json_objects import JsonObject
from simulator.grafana.library_panels import Library, with_library_panel
from simulator.grafana.migrations import loaded
from simulator.grafana.model import (
    Expression,
    FieldConfig,
    Matcher,
    Override,
    Panel,
    ReduceOptions,
    Target,
    Transformation,
)
from simulator.quoting import quoted

__all__ = ["PanelContext", "panel_from", "spoilt_panel"]

_KINDS_OF_PROMETHEUS: Mapping[str, type] = {
    **dict.fromkeys(("expr", "format", "legendFormat", "interval"), str),
    **dict.fromkeys(("instant", "range", "hide"), bool),
    "intervalFactor": int,
}


@dataclass(frozen=True, slots=True)
class PanelContext:
    """What is around a panel in its dashboard.

    The title of its row and the variables that repeat that, the version of the dashboard's schema,
    the types of the data sources that variables and inputs stand for, by name, and the library
    panels that are known.
    """

    row: str = ""
    row_repeats: tuple[str, ...] = ()
    schema_version: int = 0
    source_types: Mapping[str, str] = field(default_factory=dict)
    library: Library = field(default_factory=dict)


def panel_from(found: JsonObject, around: PanelContext) -> Panel:
    """The panel in a JSON object; one of an older Grafana is what the present one makes of it.

    One with a value of the wrong kind is there and says so, with the path, as `unresolved`: it is
    one panel, and the others of its dashboard are as they are.
    """
    try:
        return _panel(found, around)
    except DashboardError as error:
        return spoilt_panel(found.path, found.members, around, str(error))


def spoilt_panel(path: str, members: Mapping[str, object], around: PanelContext, why: str) -> Panel:
    """A panel of which nobody can tell what it shows, with what there is to call it by."""
    identity, title, kind = (members.get(key) for key in ("id", "title", "type"))
    return Panel(
        path=path,
        id=identity if isinstance(identity, int) else None,
        title=title if isinstance(title, str) else "",
        type=kind if isinstance(kind, str) else "",
        row=around.row,
        row_repeats=around.row_repeats,
        unresolved=why,
    )


def _panel(found: JsonObject, around: PanelContext) -> Panel:
    found, config_at = with_library_panel(found, around.library)
    now = loaded(found, schema_version=around.schema_version)
    found = now.panel
    identity = found.get("id")
    options = found.child("options")
    return Panel(
        path=found.path,
        id=identity if isinstance(identity, int) else None,
        title=found.text("title"),
        type=found.text("type"),
        targets=tuple(
            _target(one, index, around) for index, one in enumerate(found.children("targets"))
        ),
        field_config=_field_config(found.child("fieldConfig")),
        reduce=_reduce_options(options.child("reduceOptions")),
        transformations=tuple(map(_transformation, found.children("transformations"))),
        options=options.members,
        interval=found.text("interval"),
        max_data_points=found.integer("maxDataPoints") or None,
        time_from=found.text("timeFrom"),
        time_shift=found.text("timeShift"),
        time_compare=found.text("timeCompare") or found.text("compareWith"),
        repeat=found.text("repeat"),
        row=around.row,
        row_repeats=around.row_repeats,
        data_source=data_source_in(found, around.source_types),
        description=found.text("description"),
        unresolved=_unresolved(found),
        config_at=config_at if now.is_as_written else "",
    )


def _target(found: JsonObject, index: int, around: PanelContext) -> Target:
    source, panel = data_source_in(found, around.source_types), found.get("panelId")
    if source is not None and not source.is_prometheus:
        found = _of_another_plugin(found)
    return Target(
        ref_id=found.text("refId") or _default_ref_id(index),
        expr=found.text("expr"),
        instant=found.flag("instant"),
        range=found.flag("range"),
        format=found.text("format") or "time_series",
        legend_format=found.text("legendFormat"),
        interval=found.text("interval"),
        interval_factor=found.number("intervalFactor") or 1.0,
        hide=found.flag("hide"),
        data_source=source,
        expression=_expression(found) if source is not None and source.is_expression else None,
        from_panel=panel if isinstance(panel, int) else None,
        with_transformations=found.get("withTransforms") is True,
    )


def _of_another_plugin(found: JsonObject) -> JsonObject:
    """A query whose plugin keeps other things under the keys of Prometheus's."""
    members = {
        key: value
        for key, value in found.members.items()
        if isinstance(value, _KINDS_OF_PROMETHEUS.get(key, object))
    }
    return replace(found, members=members)


def _expression(found: JsonObject) -> Expression:
    text = found.get("expression")
    kind = str(found.get("type") or "")
    return Expression(kind, text if isinstance(text, str) else "", found.members)


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


def _unresolved(found: JsonObject) -> str:
    """That it is a library panel whose queries are on the server, and not in the file."""
    library = found.child("libraryPanel")
    if not library.members or "targets" in found:
        return ""
    name = library.text("name") or library.text("uid") or "unnamed"
    return f"library panel {quoted(name)}: its queries are not in this file"
