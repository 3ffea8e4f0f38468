"""Which fields an override is for."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.grafana.frames import Field
from simulator.grafana.model import Matcher
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
    field = candidate.field
    if options in (field.name, candidate.name):
        return True
    # the value's name from before series carried their metric's name
    metric = (field.labels or {}).get("__name__")
    return options == "Value" and metric is not None and metric == field.name


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
    "byFrameRefID": lambda options, candidate: options == candidate.ref_id,
}

KNOWN_MATCHERS = frozenset(_MATCHERS)
