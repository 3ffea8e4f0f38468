"""Queries of panels as they are saved, read without anybody who chooses values of variables."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from simulator.grafana.model import Dashboard, Variable
from simulator.grafana.variable_parsing import ALL
from simulator.promql.parsing import parsed
from simulator.promql.selectors import Matcher, Selector, selectors

__all__ = ["CHOSEN", "StaticQuery", "chosen_selectors", "static_query"]

CHOSEN: Final = "\ue000"
"""Stands in a matcher for what a viewer chooses: a character that no label's value has."""

_REFERENCE: Final = re.compile(r"\$(\w+)|\[\[(\w+?)(?::\w+)?\]\]|\$\{(\w+)[^}]*\}", re.ASCII)
_PIECE: Final = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
      | (?P<comment>\#[^\n]*)
      | (?P<range>\[(?!\[)(?:\[\[\w+(?::\w+)?\]\]|[^\]])*\])
      | (?P<other>\[\[\w+(?::\w+)?\]\]|[^"'`\[\#]+|.)""",
    re.VERBOSE | re.DOTALL,
)
_IN_RANGE: Final = "5m"
_TIMES: Final = frozenset({"__interval", "__rate_interval", "__range"})
_MILLISECONDS: Final = frozenset({"__interval_ms", "__range_ms", "__range_s", "__from", "__to"})


@dataclass(frozen=True, slots=True)
class StaticQuery:
    """A query that can be parsed, with what a viewer chooses left open.

    Where a variable stands in a matcher, its value holds `CHOSEN`. `has_chosen_ranges` says that
    ranges are chosen, too: then those in `text` are the saved ones, where `are_ranges_saved`, or 5
    minutes.
    """

    text: str
    has_chosen_ranges: bool = False
    are_ranges_saved: bool = False
    macros: frozenset[str] = frozenset()


def static_query(expr: str, dashboard: Dashboard) -> StaticQuery | None:
    """The query; None where a variable stands for a part of it that cannot be told.

    >>> window = Variable("w", "custom", current=("15m",))
    >>> board = Dashboard("u", "T", (), (window, Variable("job", "query")))
    >>> found = static_query('rate(x{job="$job"}[$w])', board)
    >>> found.text.replace(CHOSEN, "?"), found.has_chosen_ranges
    ('rate(x{job="?"}[15m])', True)
    """
    known = {one.name: one for one in dashboard.variables}
    names = set(map(_name, _REFERENCE.finditer(expr)))
    if not names:
        return StaticQuery(expr) if parsed(expr) is not None else None
    text = "".join(_pieces(expr, known))
    if parsed(text) is None:
        return None
    in_ranges = [
        match
        for one in _PIECE.finditer(expr)
        if one["range"] is not None
        for match in _REFERENCE.finditer(one["range"])
    ]
    are_saved = all(_name(match) not in _TIMES and _saved(match, known, "") for match in in_ranges)
    macros = frozenset(one for one in names if one in _TIMES)
    return StaticQuery(text, bool(in_ranges), bool(in_ranges) and are_saved, macros)


def _name(match: re.Match[str]) -> str:
    return str(match[1] or match[2] or match[3])


def _pieces(expr: str, known: Mapping[str, Variable]) -> Iterator[str]:
    for piece in _PIECE.finditer(expr):
        kind, text = piece.lastgroup, piece[0]
        if kind == "comment":
            continue
        if kind == "text":
            yield _REFERENCE.sub(_chosen, text)
        elif kind == "range":
            yield _REFERENCE.sub(lambda match: _saved(match, known, _IN_RANGE), text)
        else:
            yield _REFERENCE.sub(lambda match: _saved(match, known, ""), text)


def _chosen(match: re.Match[str]) -> str:
    """What stands for a variable in a text; `$1` is a group of `label_replace`."""
    return match[0] if _name(match).isdigit() else CHOSEN


def _saved(match: re.Match[str], known: Mapping[str, Variable], otherwise: str) -> str:
    name = _name(match)
    if name in _TIMES:
        return _IN_RANGE
    if name in _MILLISECONDS:
        return "300000"
    variable = known.get(name)
    if variable is None:
        return otherwise
    values = [one for one in (*variable.current, *variable.options) if not _is_open(one)]
    if variable.type in {"constant", "textbox"} and variable.query:
        values = [*values, variable.query]
    return values[0] if values else otherwise


def _is_open(value: str) -> bool:
    return value == ALL or value.startswith("$")


def chosen_selectors(query: StaticQuery) -> tuple[Selector, ...]:
    """Its selectors without the conditions that a viewer chooses.

    >>> board = Dashboard("u", "T", (), (Variable("job", "query"),))
    >>> [str(one) for one in chosen_selectors(static_query('up{job="$job", a="b"}', board))]
    ['up{a="b"}']
    """
    return tuple(
        Selector(one.metric, tuple(m for m in one.matchers if not _is_chosen(m)))
        for one in selectors(query.text)
        if CHOSEN not in one.metric
    )


def _is_chosen(matcher: Matcher) -> bool:
    return CHOSEN in matcher.value
