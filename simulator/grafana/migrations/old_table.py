"""`table-old`, the table of Grafana up to 6, as the table that becomes of it.

public/app/plugins/panel/table/migrations.ts (tablePanelChangedHandler).
"""

import re
from collections.abc import Sequence

from simulator.grafana.migrations.json_parts import Json, members

__all__ = ["is_old_table", "old_table"]

_OLD_UNTIL = 24
_EVERY_COLUMN = "/.*/"
_TRANSFORMATIONS = {
    "timeseries_to_rows": "seriesToRows",
    "timeseries_to_columns": "joinByField",
    "timeseries_aggregations": "reduce",
    "table": "merge",
}
_REDUCERS = {"avg": "mean", "total": "sum", "current": "lastNotNull"}
_WHOLE = re.compile(r"\s*[+-]?\d+", re.ASCII)
_CELLS = {"cell": "color-background", "row": "color-background", "value": "color-text"}


def is_old_table(panel: Json, schema_version: int) -> bool:
    """Whether it is one: before schema 24 a `table` with styles was."""
    was_table = panel.get("type") == "table" and "styles" in panel
    is_new = panel.get("table") == "table2"
    return was_table and not is_new and schema_version < _OLD_UNTIL


def old_table(old: Json) -> Json:
    """The panel with the transformations and field settings of its successor."""
    styles = members(old, "styles")
    every = next((one for one in styles if one.get("pattern") == _EVERY_COLUMN), None)
    others = [one for one in styles if one.get("pattern") != _EVERY_COLUMN]
    return {
        **old,
        "transformations": [*members(old, "transformations"), *_transformations(old)],
        "fieldConfig": {
            "defaults": {} if every is None else _defaults(every),
            "overrides": [_override(one) for one in others],
        },
        "options": {},
    }


def _transformations(old: Json) -> list[Json]:
    name = _TRANSFORMATIONS.get(str(old.get("transform")))
    if name is None:
        return []
    options: dict[str, object] = {"reducers": []}
    if name == "reduce":
        columns = [str(one.get("value")) for one in members(old, "columns")]
        options["reducers"] = [_REDUCERS.get(one, one) for one in columns]
    return [{"id": name, "options": options}]


def _defaults(style: Json) -> Json:
    found = {"unit": style.get("unit"), "decimals": style.get("decimals")}
    found["displayName"] = style.get("alias") or None
    found["thresholds"] = _thresholds(style)
    cells = _CELLS.get(str(style.get("colorMode")))
    found["custom"] = {"cellOptions": {"type": cells}} if cells else {}
    return {name: value for name, value in found.items() if value is not None}


def _override(style: Json) -> Json:
    pattern = str(style.get("pattern", ""))
    is_regexp = len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/")
    properties: list[Json] = [
        {"id": name, "value": style[key]}
        for name, key in (("displayName", "alias"), ("unit", "unit"), ("decimals", "decimals"))
        if style.get(key)
    ]
    if style.get("type") == "date":
        properties.append({"id": "unit", "value": f"time: {style.get('dateFormat')}"})
    if style.get("colorMode"):
        cells = {"type": _CELLS.get(str(style["colorMode"]))}
        properties.append({"id": "custom.cellOptions", "value": cells})
    if (thresholds := _thresholds(style)) is not None:
        properties.append({"id": "thresholds", "value": thresholds})
    matcher = {"id": "byRegexp" if is_regexp else "byName", "options": pattern}
    return {"matcher": matcher, "properties": properties}


def _thresholds(style: Json) -> Json | None:
    limits, colors = style.get("thresholds"), style.get("colors")
    if not isinstance(limits, list) or not limits:
        return None
    return {"mode": "absolute", "steps": _steps(limits, colors if isinstance(colors, list) else [])}


def _steps(limits: Sequence[object], colors: Sequence[object]) -> list[Json]:
    """Whole numbers of the limits: Grafana reads their texts with parseInt.

    >>> _steps(["0.5", 7], ["green", "orange", "red"])
    ... # doctest: +NORMALIZE_WHITESPACE
    [{'color': 'green', 'value': None}, {'color': 'orange', 'value': 0},
     {'color': 'red', 'value': 7}]
    """
    steps: list[Json] = []
    for index, limit in enumerate([None, *limits]):
        color = colors[index] if index < len(colors) else ""
        value = limit if index and isinstance(limit, int | float) else _whole(limit)
        steps.append(
            {"color": color, "value": value}
            if index == 0 or value is not None
            else {"color": color}
        )
    return steps


def _whole(text: object) -> int | None:
    found = _WHOLE.match(str(text))
    return int(found[0]) if found else None
