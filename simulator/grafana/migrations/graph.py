"""`graph`, the plot of Grafana up to 7, as the time series (or bar gauge) that becomes of it.

public/app/plugins/panel/timeseries/migrations.ts (graphToTimeseriesOptions), and for an x axis of
series packages/grafana-ui/src/components/SingleStatShared/SingleStatBaseOptions.ts.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from simulator.grafana.migrations.json_parts import Json, member, members, number

__all__ = ["graph"]

_PALETTE = {"mode": "palette-classic"}
_REDUCERS = {"current": "lastNotNull", "total": "sum", "avg": "mean"}
_COLORS = {"critical": "red", "warning": "orange"}
_BASE = None


def graph(old: Json) -> Json:
    """The panel with the field settings and options of its successor."""
    if member(old, "xaxis").get("mode") == "series":
        return _of_series(old)
    axes = members(old, "yaxes")
    before = member(old, "fieldConfig")
    left = _axis(axes[0] if axes else {})
    defaults = {**member(before, "defaults"), **left}
    if axes:
        defaults["custom"] = {}  # what the file has there was the plot's own
    custom = {**member(defaults, "custom")}
    if limits := _limits(old):
        steps = _steps(limits)
        custom["thresholdsStyle"] = {"mode": _style(limits)}
        defaults["thresholds"] = {"mode": "absolute", "steps": steps}
    right = _axis(axes[1]) if len(axes) > 1 else {}
    overrides = [*members(before, "overrides"), *_aliases(old), *_of_aliases(old, left, right)]
    config = {"defaults": {**defaults, "custom": custom}, "overrides": overrides}
    return {**old, "fieldConfig": config, "options": {}}


def _of_series(old: Json) -> Json:
    """A bar per series, in colours of the palette."""
    before = member(old, "fieldConfig")
    values = member(old, "xaxis").get("values")
    calcs = [
        _REDUCERS.get(str(one), str(one)) for one in (values if isinstance(values, list) else [])
    ]
    return {
        **old,
        "fieldConfig": {**before, "defaults": {**member(before, "defaults"), "color": _PALETTE}},
        "options": {"reduceOptions": {"calcs": calcs, "values": False}},
    }


def _axis(axis: Json) -> dict[str, object]:
    found = {
        "unit": axis.get("format"),
        "decimals": number(axis.get("decimals")),
        "min": number(axis.get("min")),
        "max": number(axis.get("max")),
    }
    return {name: value for name, value in found.items() if value is not None}


def _aliases(old: Json) -> Iterator[Json]:
    """Series that have a colour of their own."""
    for alias, color in member(old, "aliasColors").items():
        if color:
            yield _override(
                alias, [{"id": "color", "value": {"mode": "fixed", "fixedColor": color}}]
            )


def _of_aliases(old: Json, left: Json, right: Json) -> Iterator[Json]:
    for one in members(old, "seriesOverrides"):
        properties: list[Json] = []
        if one.get("yaxis") == 2:  # noqa: PLR2004 - the right one
            properties += [
                {"id": name, "value": value}
                for name, value in right.items()
                if left.get(name) != value
            ]
        if "color" in one:
            properties.append(
                {"id": "color", "value": {"mode": "fixed", "fixedColor": one["color"]}}
            )
        if one.get("alias") and properties:
            yield _override(str(one["alias"]), properties)


def _override(alias: str, properties: Sequence[Json]) -> Json:
    is_pattern = alias.startswith("/") and alias.endswith("/")
    matcher = {"id": "byRegexp" if is_pattern else "byName", "options": alias}
    return {"matcher": matcher, "properties": list(properties)}


def _limits(old: Json) -> list[Json]:
    """The thresholds by rising value; before 4.1 they were two settings of the grid."""
    found = members(old, "thresholds") or list(_of_grid(member(old, "grid")))
    return sorted(found, key=lambda one: number(one.get("value")) or 0.0)


def _of_grid(grid: Json) -> Iterator[Json]:
    first, second = (number(grid.get(f"threshold{n}")) for n in (1, 2))
    if first is None:
        return
    is_falling = second is not None and first > second
    is_line = bool(grid.get("thresholdLine"))
    for n, value in ((1, first), (2, second)):
        if value is not None:
            color = grid.get(f"threshold{n}Color")
            yield {
                "value": value,
                "op": "lt" if is_falling else "gt",
                "colorMode": "custom",
                "fillColor": color,
                "lineColor": color,
                "line": is_line,
                "fill": not is_line,
            }


def _style(limits: Sequence[Json]) -> str:
    has_areas = any(one.get("fill") for one in limits)
    has_lines = any(one.get("line") for one in limits)
    if has_areas:
        return "line+area" if has_lines else "area"
    return "line"


def _steps(limits: Sequence[Json]) -> list[Json]:
    """Steps from limits that colour what is above or below them; elsewhere it is transparent.

    >>> _steps([{"op": "gt", "value": 5, "colorMode": "critical"}])
    [{'color': 'transparent', 'value': None}, {'color': 'red', 'value': 5}]
    """
    steps: list[Json] = []
    for one, after in pairwise([*limits, None]):
        if one is None:
            continue
        if one.get("op") == "gt":
            steps.append({"color": _color(one), "value": one.get("value")})
        if one.get("op") == "lt":
            if not steps:
                steps.append({"color": _color(one), "value": _BASE})
            is_below = after is not None and after.get("op") == "lt"
            color = _color(after) if after is not None and is_below else "transparent"
            steps.append({"color": color, "value": one.get("value")})
    if steps and steps[0]["value"] is not _BASE:
        steps.insert(0, {"color": "transparent", "value": _BASE})
    return steps


def _color(limit: Json) -> str:
    mode = str(limit.get("colorMode"))
    if mode == "custom":
        return str(limit.get("fillColor") or limit.get("lineColor") or "")
    return _COLORS.get(mode, "red")
