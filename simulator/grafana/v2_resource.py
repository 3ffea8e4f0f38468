"""Grafana's V2 Resource (`elements` and `layout`) in the terms of the classic model.

apps/dashboard/pkg/apis/dashboard/v2 (dashboard_spec.cue), its betas and alphas.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from simulator.grafana.json_objects import JsonObject

__all__ = ["VARIABLE_TYPES", "V2Panel", "settings_of", "v2_panels"]

VARIABLE_TYPES: Mapping[str, str] = {
    "QueryVariable": "query",
    "CustomVariable": "custom",
    "IntervalVariable": "interval",
    "DatasourceVariable": "datasource",
    "TextVariable": "textbox",
    "ConstantVariable": "constant",
    "AdhocVariable": "adhoc",
    "SwitchVariable": "custom",
}


@dataclass(frozen=True, slots=True)
class V2Panel:
    """A panel in the terms of the classic model, and where it stands.

    `found` has the path of its element. `config_at` is the path of its field settings. `row` is the
    title of the row or tab that it is in, `repeats` are the variables that these repeat for.
    `is_placed` says that the layout has a place for it; without one it is not drawn.
    """

    found: JsonObject
    config_at: str
    row: str = ""
    repeats: tuple[str, ...] = ()
    is_placed: bool = True


def settings_of(found: JsonObject) -> JsonObject:
    """The dashboard without its panels: title, time and variables."""
    time = found.child("timeSettings")
    members: dict[str, object] = {
        "title": found.get("title"),
        "time": {"from": time.get("from"), "to": time.get("to")},
        "timepicker": {"nowDelay": time.get("nowDelay")},
        "timezone": time.get("timezone"),
        "weekStart": time.get("weekStart"),
        "fiscalYearStartMonth": time.get("fiscalYearStartMonth"),
        "templating": {"list": [_variable(one) for one in found.children("variables")]},
    }
    return replace(found, members=members)


def _variable(found: JsonObject) -> Mapping[str, object]:
    kind, spec = found.text("kind"), found.child("spec")
    members = {**spec.members, "type": VARIABLE_TYPES.get(kind, kind)}
    if kind == "QueryVariable" and isinstance(spec.get("query"), dict):
        asked = spec.child("query")
        query = asked.child("spec")
        text = query.get("query") or query.get("__legacyStringValue") or spec.get("definition")
        members |= {"query": text, "datasource": _source(spec, asked)}
    if kind == "DatasourceVariable":
        members["query"] = spec.get("pluginId")
    if kind == "AdhocVariable":
        members["datasource"] = _source(spec, found)
    if kind == "SwitchVariable":
        values = (spec.get("enabledValue") or "true", spec.get("disabledValue") or "false")
        current = spec.get("current")
        members |= {"query": ",".join(map(str, values)), "current": {"value": current}}
    return members


def v2_panels(found: JsonObject) -> Iterator[V2Panel]:
    """The panels in the order of the layout, then those that it does not place."""
    elements = found.child("elements")
    placed: set[str] = set()
    for one in _placed(found.child("layout"), _Place()):
        if one.element in elements:
            placed.add(one.element)
            yield _panel(elements, one)
    for name in elements.members:
        if name not in placed:
            yield replace(_panel(elements, replace(_Place(), element=name)), is_placed=False)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the layout a panel is: in which rows and tabs, and what repeats these and it."""

    row: str = ""
    repeats: tuple[str, ...] = ()
    element: str = ""
    repeat: str = ""


def _placed(layout: JsonObject, around: _Place) -> Iterator[_Place]:
    """Every reference to an element in a grid, in rows and in tabs, and in each other."""
    spec = layout.child("spec")
    for key in ("rows", "tabs"):
        for part in spec.children(key):
            own = part.child("spec")
            yield from _placed(own.child("layout"), _inside(around, own))
    for item in spec.children("items"):
        own = item.child("spec")
        if item.get("kind") == "GridLayoutRow":
            within = _inside(around, own)
            for one in own.children("elements"):
                yield _element(one.child("spec"), within)
        else:
            yield _element(own, around)


def _inside(around: _Place, part: JsonObject) -> _Place:
    repeat = part.child("repeat").text("value")
    repeats = (*around.repeats, repeat) if repeat else around.repeats
    return replace(around, row=part.text("title") or around.row, repeats=repeats)


def _element(item: JsonObject, around: _Place) -> _Place:
    repeat = item.child("repeat").text("value")
    return replace(around, element=item.child("element").text("name"), repeat=repeat)


def _panel(elements: JsonObject, place: _Place) -> V2Panel:
    element = elements.child(place.element)
    spec = element.child("spec")
    shown = {"id": spec.get("id"), "title": spec.get("title"), "repeat": place.repeat}
    if element.get("kind") == "LibraryPanel":
        library = {**shown, "libraryPanel": spec.get("libraryPanel")}
        return V2Panel(replace(element, members=library), "", place.row, place.repeats)
    config = spec.child("vizConfig")
    drawn = config.child("spec")
    group = spec.child("data").child("spec")
    options = group.child("queryOptions")
    members = {
        **shown,
        "description": spec.get("description"),
        # a kind of its own before the second beta, and then a plugin's group
        "type": config.get("group") or config.get("kind"),
        "options": drawn.get("options"),
        "fieldConfig": drawn.get("fieldConfig"),
        "targets": [_target(one) for one in group.children("queries")],
        "transformations": [_transformation(one) for one in group.children("transformations")],
        "interval": options.get("interval"),
        "maxDataPoints": options.get("maxDataPoints"),
        "timeFrom": options.get("timeFrom"),
        "timeShift": options.get("timeShift"),
        "timeCompare": options.get("timeCompare") or options.get("compareWith"),
    }
    place_of = drawn.place("fieldConfig")
    return V2Panel(replace(element, members=members), place_of, place.row, place.repeats)


def _target(found: JsonObject) -> Mapping[str, object]:
    spec = found.child("spec")
    asked = spec.child("query")
    return {
        **asked.child("spec").members,
        "refId": spec.get("refId"),
        "hide": spec.get("hidden"),
        "datasource": _source(spec, asked),
    }


def _source(around: JsonObject, asked: JsonObject) -> Mapping[str, object]:
    """The data source: of the query itself, or beside it in the alphas; its kind is the plugin."""
    reference = {**around.child("datasource").members, **asked.child("datasource").members}
    kind = asked.get("group") or reference.get("type")
    if kind is None and str(asked.get("kind")) not in {"DataQuery", "AdhocVariable"}:
        kind = asked.get("kind")
    return {"type": kind, "uid": reference.get("name") or reference.get("uid")}


def _transformation(found: JsonObject) -> Mapping[str, object]:
    """A step; its kind is its id before the second beta, and then its group."""
    spec = found.child("spec")
    kind = found.get("group") or spec.get("id") or found.get("kind")
    return {**spec.members, "id": kind}
