"""`singlestat`, one number of Grafana up to 6, as the stat (or gauge) that becomes of it.

packages/grafana-ui/src/components/SingleStatShared/SingleStatBaseOptions.ts
(migrateFromAngularSinglestat) and public/app/plugins/panel/stat/StatMigrations.ts.
"""

from simulator.grafana.migrations.json_parts import Json, member, number
from simulator.grafana.migrations.old_mappings import mappings_of_singlestat

__all__ = ["singlestat"]

_REDUCERS = {"current": "lastNotNull", "avg": "mean", "total": "sum"}
_KNOWN = frozenset({"min", "max", "first", "delta", "diff", "range", "mean", "sum"})


def singlestat(old: Json) -> Json:
    """The panel with the field settings and options of its successor."""
    defaults: dict[str, object] = {
        "unit": old.get("format") or None,
        "noValue": old.get("nullText") or None,
        "decimals": number(old.get("decimals")),
        "thresholds": _thresholds(old),
    }
    if mappings := mappings_of_singlestat(old, defaults["thresholds"]):
        defaults["mappings"] = mappings
    gauge = member(old, "gauge")
    if gauge.get("show"):
        defaults |= {"min": gauge.get("minValue"), "max": gauge.get("maxValue")}
    if (color := _line_color(old)) is not None:
        defaults["color"] = {"mode": "fixed", "fixedColor": color}
    column = old.get("tableColumn")
    reduce = {"calcs": [_calc(old)], "fields": f"/^{column}$/" if column else ""}
    return {
        **old,
        "fieldConfig": {
            "defaults": {name: value for name, value in defaults.items() if value is not None},
            "overrides": member(old, "fieldConfig").get("overrides") or [],
        },
        "options": {"reduceOptions": reduce, "colorMode": _color_mode(old)},
    }


def _calc(old: Json) -> str:
    name = str(old.get("valueName"))
    return _REDUCERS.get(name, name if name in _KNOWN else "mean")


def _color_mode(old: Json) -> str:
    if old.get("colorBackground"):
        return "background"
    return "value" if old.get("colorValue") else "none"


def _line_color(old: Json) -> object:
    """The colour of the small plot, which is all that is coloured where values are not."""
    plot = member(old, "sparkline")
    return plot.get("lineColor") if _color_mode(old) == "none" and plot.get("show") else None


def _thresholds(old: Json) -> Json | None:
    """One more colour than values; a value that is no number is never reached."""
    text, colors = old.get("thresholds"), old.get("colors")
    if not (isinstance(text, str) and text and isinstance(colors, list) and colors):
        return None
    levels = [0.0 if not part.strip() else number(part.strip()) for part in text.split(",")]
    steps: list[Json] = [{"color": colors[0], "value": None}]
    for index, color in enumerate(colors[1:]):
        level = levels[index] if index < len(levels) else None
        steps.append({"color": color} if level is None else {"color": color, "value": level})
    return {"mode": "absolute", "steps": steps}
