"""`grafana-piechart-panel`, the plugin, as the pie chart that becomes of it.

public/app/plugins/panel/piechart/migrations.ts.
"""

from simulator.grafana.migrations.json_parts import Json

__all__ = ["old_piechart"]

_REDUCERS = {
    "current": "lastNotNull",
    "min": "min",
    "max": "max",
    "avg": "mean",
    "total": "sum",
}


def old_piechart(old: Json) -> Json:
    """The panel with the field settings and options of its successor, which shows no steps."""
    defaults = {"unit": old.get("format"), "decimals": old.get("decimals") or 0}
    options: dict[str, object] = {}
    if old.get("valueName"):
        calc = _REDUCERS.get(str(old["valueName"]))
        options["reduceOptions"] = {"calcs": [calc] if calc else []}
    return {**old, "fieldConfig": {"defaults": defaults, "overrides": []}, "options": options}
