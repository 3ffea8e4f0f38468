"""Which fields an override is for."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulator.grafana.field_names import is_named
from simulator.grafana.frames import Field
from simulator.grafana.json_objects import javascript_number
from simulator.grafana.model import Matcher
from simulator.grafana.number_text import javascript_text
from simulator.grafana.reducers import UnknownReducer, reduced
from simulator.grafana.value_mappings import field_pattern

__all__ = ["KNOWN_MATCHERS", "Candidate", "is_matched"]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A field, its name as the overrides before left it, and the target its frame is from."""

    field: Field
    name: str
    ref_id: str


def is_matched(matcher: Matcher, candidate: Candidate) -> bool:
    """Whether the override is for the field; one of an unknown kind is for none.

    A name matches the raw or the display name; a pattern matches the display name, the whole of
    it unless written between slashes.
    """
    matches = _MATCHERS.get(matcher.id)
    return matches is not None and matches(matcher.options, candidate)


def _by_name(options: object, candidate: Candidate) -> bool:
    return is_named(candidate.field, candidate.name, options)


def _by_names(options: object, candidate: Candidate) -> bool:
    if not isinstance(options, dict):
        return False
    names = options.get("names")
    is_named = any(_by_name(name, candidate) for name in (names if isinstance(names, list) else []))
    return not is_named if options.get("mode") == "exclude" else is_named


def _by_pattern(options: object, candidate: Candidate) -> bool:
    pattern = field_pattern(options) if isinstance(options, str) and options else None
    return pattern is not None and bool(pattern.search(candidate.name))


def _by_pattern_or_names(options: object, candidate: Candidate) -> bool:
    if not isinstance(options, dict):
        return False
    named = _by_names({"names": options.get("names")}, candidate)
    return named or _by_pattern(options.get("pattern"), candidate)


def _by_value(options: object, candidate: Candidate) -> bool:
    """By one number of a field's values; texts have none that is compared."""
    if not isinstance(options, dict) or not options.get("reducer"):
        return False
    reducer = str(options["reducer"])
    numbers = candidate.field.numbers[~np.isnan(candidate.field.numbers)]
    if reducer == "allIsNull":
        return len(candidate.field) == 0 or (candidate.field.kind != "string" and not len(numbers))
    if reducer == "allIsZero":
        return bool(len(numbers)) and not numbers.any()
    value = None
    if candidate.field.kind != "string":
        found = reduced(candidate.field.numbers, reducer)
        value = None if isinstance(found, UnknownReducer) else found
    return _compares(value, str(options.get("op") or "eq"), options.get("value"))


def _compares(left: float | None, op: str, right: object) -> bool:
    """As `compareValues` of Grafana's: null equals null alone, = and != compare texts."""
    texts = ["null" if one is None else _text(one) for one in (left, right)]
    is_null = left is None or right is None
    if op == "eq" or (is_null and op in {"gte", "lte"}):
        return texts[0] == texts[1]
    if op == "neq":
        return texts[0] != texts[1]
    if is_null:
        return False
    one, other = javascript_number(left), javascript_number(right)
    compare = {"gt": one > other, "gte": one >= other, "lt": one < other, "lte": one <= other}
    return compare.get(op, False)


def _text(value: object) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return javascript_text(float(value)) if is_number else str(value)  # type: ignore[arg-type]


_MATCHERS: dict[str, Callable[[object, Candidate], bool]] = {
    "byName": _by_name,
    "byNames": _by_names,
    "byRegexp": _by_pattern,
    "byRegexpOrNames": _by_pattern_or_names,
    "byType": lambda options, candidate: options == candidate.field.kind,
    "byTypes": lambda options, candidate: (
        isinstance(options, list) and candidate.field.kind in options
    ),
    "numeric": lambda _, candidate: candidate.field.kind == "number",
    "time": lambda _, candidate: candidate.field.kind == "time",
    "byValue": _by_value,
    "byFrameRefID": lambda options, candidate: options == candidate.ref_id,
}

KNOWN_MATCHERS = frozenset(_MATCHERS)
