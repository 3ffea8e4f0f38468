"""Value mappings from before Grafana 8 in the form of today.

packages/grafana-data/src/utils/valueMappings.ts (convertOldAngularValueMappings), and
upgradeValueMappings of public/app/features/dashboard/state/DashboardMigrator.ts.
"""

import re
from collections.abc import Iterator

from simulator.grafana.migrations.json_parts import Json, member, members, number
from simulator.grafana.thresholds import active_step, thresholds_from

__all__ = ["mappings_of_singlestat", "with_new_mappings"]

_VALUE, _RANGE = 1, 2
_LEADING_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def mappings_of_singlestat(old: Json, thresholds: object) -> list[Json]:
    """The mappings of a `singlestat`: to texts of values, or of ranges, as it chose."""
    values, ranges = members(old, "valueMaps"), members(old, "rangeMaps")
    kind = old.get("mappingType") or (_VALUE if values else _RANGE)
    found = {_VALUE: values, _RANGE: ranges}.get(kind if isinstance(kind, int) else 0, [])
    return [new for one in found for new in _mapping({**one, "type": kind}, thresholds)]


def with_new_mappings(panel: Json) -> Json:
    """The panel with the mappings of its defaults and overrides in today's form."""
    config = member(panel, "fieldConfig")
    defaults = {**member(config, "defaults")}
    thresholds = defaults.get("thresholds")
    is_changed = _is_old(defaults.get("mappings"))
    if is_changed:
        defaults["mappings"] = _upgraded(members(defaults, "mappings"), thresholds)
    overrides = []
    for override in members(config, "overrides"):
        properties = []
        for one in members(override, "properties"):
            is_old = one.get("id") == "mappings" and _is_old(one.get("value"))
            is_changed |= is_old
            new = {**one, "value": _upgraded(members(one, "value"), thresholds)} if is_old else one
            properties.append(new)
        overrides.append({**override, "properties": properties})
    if not is_changed:
        return panel
    return {**panel, "fieldConfig": {**config, "defaults": defaults, "overrides": overrides}}


def _is_old(mappings: object) -> bool:
    entries = mappings if isinstance(mappings, list) else []
    return any(isinstance(one, dict) and "options" not in one for one in entries)


def _upgraded(old: list[Json], thresholds: object) -> list[Json]:
    """The mappings of values as one, in front of the others."""
    values: dict[str, object] = {}
    others = []
    for one in old:
        for new in [one] if "options" in one else _mapping(one, thresholds):
            if new["type"] == "value":
                values |= member(new, "options")
            else:
                others.append(new)
    return [{"type": "value", "options": values}, *others] if values else others


def _mapping(old: Json, thresholds: object) -> Iterator[Json]:
    result = {"text": old.get("text"), "color": _color(old.get("text"), thresholds)}
    null = {"type": "special", "options": {"match": "null", "result": result}}
    if old.get("type") == _VALUE and old.get("value") is not None:
        is_null = old["value"] == "null"
        yield null if is_null else {"type": "value", "options": {str(old["value"]): result}}
    if old.get("type") == _RANGE:
        bounds = {name: number(old.get(name)) for name in ("from", "to")}
        is_null = "null" in (old.get("from"), old.get("to"))
        yield null if is_null else {"type": "range", "options": {**bounds, "result": result}}


def _color(text: object, thresholds: object) -> str | None:
    """The colour of the step that the text is on, where it begins with a number."""
    found = _LEADING_NUMBER.match(str(text))
    if found is None or not isinstance(thresholds, dict):
        return None
    steps = thresholds_from(thresholds)
    index = active_step(float(found[0]), steps)
    return None if index is None else steps.steps[index].color or None
