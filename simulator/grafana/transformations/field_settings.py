"""Field settings taken from cells: `configFromData` and `rowsToFields`.

public/app/features/transformers/fieldToConfigMapping/fieldToConfigMapping.ts.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.grafana.frames import Cell
from simulator.grafana.json_objects import javascript_number
from simulator.grafana.number_text import javascript_text
from simulator.grafana.transformations.options import Options, UnreadOptionError, entries, mapping

__all__ = ["LABEL", "NAME", "VALUE", "Rule", "rules_for", "settings_from"]

NAME, VALUE, LABEL = "field.name", "field.value", "field.label"
_NUMBERS = frozenset({"min", "max", "decimals"})
_TEXTS = frozenset({"unit", "displayName"})
_MAPPINGS = frozenset({"mappings.value", "mappings.color", "mappings.text"})
_HANDLERS = _NUMBERS | _TEXTS | _MAPPINGS | {"color", "threshold1", NAME, VALUE, LABEL, "__ignore"}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a column's cells become: a setting, "" for nothing; how they are reduced to one."""

    handler: str
    reducer: str
    color: str
    is_given: bool


def rules_for(names: Sequence[str], options: Options) -> dict[str, Rule]:
    """The rule of each column: the one that is given, or that its name is a setting's.

    Raises:
        UnreadOptionError: value mappings are taken from cells.
    """
    given = {str(one.get("fieldName")): one for one in entries(options, "mappings")}
    found = {}
    for name in names:
        one = given.get(name)
        key = str(one.get("handlerKey") or "") if one is not None else name.lower()
        if key in _MAPPINGS:
            raise UnreadOptionError("value mappings from data")
        threshold = mapping(mapping(one or {}, "handlerArguments"), "threshold")
        found[name] = Rule(
            handler=key if key in _HANDLERS else "",
            reducer=str((one or {}).get("reducerId") or "lastNotNull"),
            color=str(threshold.get("color") or "red"),
            is_given=one is not None,
        )
    return found


def settings_from(cells: Mapping[str, Cell], rules: Mapping[str, Rule]) -> dict[str, object]:
    """The settings that the cells of one row give.

    >>> rule = Rule("threshold1", "lastNotNull", "red", True)
    >>> settings_from({"limit": 5.0}, {"limit": rule})
    {'thresholds': {'mode': 'absolute', 'steps': [{'value': 5.0, 'color': 'red'}]}}
    """
    settings: dict[str, object] = {}
    steps: list[dict[str, object]] = []
    for name, cell in cells.items():
        rule = rules[name]
        number = javascript_number(cell) if cell != "" else math.nan
        is_empty = cell == "" or (isinstance(cell, float) and math.isnan(cell))
        if is_empty:
            continue
        if rule.handler in _NUMBERS and not math.isnan(number):
            settings[rule.handler] = number
        elif rule.handler in _TEXTS:
            settings[rule.handler] = cell if isinstance(cell, str) else javascript_text(cell)
        elif rule.handler == "color":
            settings["color"] = {"mode": "fixed", "fixedColor": cell}
        elif rule.handler == "threshold1" and not math.isnan(number):
            steps.append({"value": number, "color": rule.color})
            settings["thresholds"] = {"mode": "absolute", "steps": steps}
    return settings
