"""Panels of older Grafanas as the present one makes them when it loads a dashboard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from simulator.grafana.json_objects import JsonObject
from simulator.grafana.migrations.field_options import with_field_config
from simulator.grafana.migrations.graph import graph
from simulator.grafana.migrations.json_parts import Json, member
from simulator.grafana.migrations.old_heatmap import old_heatmap
from simulator.grafana.migrations.old_mappings import with_new_mappings
from simulator.grafana.migrations.old_piechart import old_piechart
from simulator.grafana.migrations.old_table import is_old_table, old_table
from simulator.grafana.migrations.singlestat import singlestat
from simulator.grafana.panel_types import BY_X_AXIS, SINGLE_STATS, SUCCESSORS

__all__ = ["Loaded", "loaded"]

_CHANGES: Mapping[str, Callable[[Json], Json]] = MappingProxyType(
    {
        "graph": graph,
        "singlestat": singlestat,
        "grafana-singlestat-panel": singlestat,
        "table-old": old_table,
        "grafana-piechart-panel": old_piechart,
    }
)
"""What is taken over from a panel of each old type (`setPanelChangeHandler` of the new one)."""

_NEW_MAPPINGS_SINCE = 30
_SINGLESTAT_UNTIL = 28


@dataclass(frozen=True, slots=True)
class Loaded:
    """A panel as it is after loading, and whether its `fieldConfig` is the one in the file."""

    panel: JsonObject
    is_as_written: bool = True


def loaded(found: JsonObject, *, schema_version: int) -> Loaded:
    """The panel with what Grafana changes on load: its type, and where its settings stand.

    >>> old = {"type": "singlestat", "valueName": "current", "colorValue": True,
    ...        "thresholds": "5", "colors": ["green", "red"]}
    >>> new = loaded(JsonObject(old), schema_version=16).panel
    >>> new.text("type"), new.get("fieldConfig")["defaults"]["thresholds"]["steps"]
    ('stat', [{'color': 'green', 'value': None}, {'color': 'red', 'value': 5.0}])
    """
    old = found.members
    kind = "table-old" if is_old_table(old, schema_version) else str(old.get("type"))
    if kind in SUCCESSORS:
        changed = _CHANGES[kind](old) if kind in _CHANGES else old
        changed = {**changed, "type": _successor(kind, old, schema_version)}
        return Loaded(replace(found, members=changed), is_as_written=False)
    new = with_new_mappings(old) if schema_version < _NEW_MAPPINGS_SINCE else old
    if kind in SINGLE_STATS:
        new = with_field_config(new)
    if kind == "heatmap":
        new = old_heatmap(new)
    return Loaded(replace(found, members=new), _thresholds(new) == _thresholds(old))


def _thresholds(panel: Json) -> tuple[object, object]:
    """Where thresholds are written: in the defaults and the overrides."""
    config = member(panel, "fieldConfig")
    return member(config, "defaults").get("thresholds"), config.get("overrides")


def _successor(kind: str, old: Json, schema_version: int) -> str:
    if kind == "graph":
        return BY_X_AXIS.get(str(member(old, "xaxis").get("mode")), SUCCESSORS[kind])
    if kind == "singlestat" and schema_version < _SINGLESTAT_UNTIL:
        return "gauge" if member(old, "gauge").get("show") else SUCCESSORS[kind]
    return SUCCESSORS[kind]
