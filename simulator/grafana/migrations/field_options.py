"""stat, gauge and bar gauge saved before Grafana 8, with their settings where they stand today.

packages/grafana-ui/src/components/SingleStatShared/SingleStatBaseOptions.ts
(sharedSingleStatMigrationHandler). A panel that does not say its version counts as of 6.1.
"""

import math
import re

from simulator.grafana.migrations.json_parts import Json, member, members

__all__ = ["with_field_config"]

_LAST = 8.0
_VERSION = re.compile(r"\d+(\.\d+)?")
_FULL = {"percent": 100.0, "percentunit": 1.0}
_OLD_REDUCERS = {"current": "lastNotNull", "avg": "mean", "total": "sum"}


def with_field_config(old: Json) -> Json:
    """The panel as it is migrated; one that was saved by Grafana 8 or later as it is."""
    found = _VERSION.match(str(old.get("pluginVersion") or "6.1"))
    version = float(found[0]) if found else math.nan
    if not version < _LAST:
        return old
    options: dict[str, object] = {**member(old, "options")}
    field_options = member(options, "fieldOptions")
    if version < 6.2 and "valueOptions" in options:  # noqa: PLR2004 - as Grafana says it
        field_options = _of_values(options)
    config = member(old, "fieldConfig")
    if field_options and version < 7.0:  # noqa: PLR2004 - the same
        config = _moved(config, field_options, options)
        options["reduceOptions"] = _reduce_options(field_options)
        options.pop("fieldOptions", None)
    defaults = {**member(config, "defaults")}
    if defaults.get("title") is not None:
        defaults["displayName"] = defaults.pop("title")
    full = _FULL.get(str(defaults.get("unit")))
    if full is not None:
        defaults["min"] = defaults["min"] if _is_number(defaults.get("min")) else 0.0
        defaults["max"] = defaults["max"] if _is_number(defaults.get("max")) else full
    is_there = "fieldConfig" in old or bool(defaults)
    new = {**old, "options": options}
    return {**new, "fieldConfig": {**config, "defaults": defaults}} if is_there else new


def _of_values(options: Json) -> Json:
    """The field options of 6.2 from the value options of 6.1."""
    values = member(options, "valueOptions")
    defaults = {
        "unit": values.get("unit"),
        "decimals": values.get("decimals"),
        "min": options.get("minValue"),
        "max": options.get("maxValue"),
    }
    found: dict[str, object] = {
        "mappings": options.get("valueMappings"),
        "thresholds": options.get("thresholds"),
        "defaults": {name: value for name, value in defaults.items() if value is not None},
    }
    if values.get("stat"):
        name = str(values["stat"])
        found["calcs"] = [_OLD_REDUCERS.get(name, name)]
    return found


def _moved(config: Json, field_options: Json, options: Json) -> Json:
    """The field settings with those of the field options over them."""
    defaults = {**member(config, "defaults"), **member(field_options, "defaults")}
    steps: list[Json] = (
        members(member(field_options, "defaults"), "thresholds")
        or members(field_options, "thresholds")
        or members(options, "thresholds")
    )
    if steps:
        defaults["thresholds"] = {"mode": "absolute", "steps": steps}
    if isinstance(field_options.get("mappings"), list):
        defaults["mappings"] = field_options["mappings"]
    if isinstance(defaults.get("color"), str):
        defaults["color"] = {"mode": "fixed", "fixedColor": defaults["color"]}
    overrides = [*members(config, "overrides"), *members(field_options, "overrides")]
    return {"defaults": defaults, "overrides": overrides}


def _reduce_options(field_options: Json) -> Json:
    names = ("values", "limit", "calcs")
    return {name: field_options[name] for name in names if field_options.get(name) is not None}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
