"""Texts of labels and annotations with what Prometheus puts into them, as far as it matters here.

Labels tell alerts apart, so one that shows the value makes another alert of each, and one that
chooses by it (`{{ if gt $value 5.0 }}`) of each choice. What else templates do is not worked out.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

__all__ = ["expanded", "shows_value"]

_ACTION: Final = re.compile(
    r"(?:\s*\{\{-(?=\s)|\{\{)\s*(?P<said>(?:(?!\}\}).)*?)\s*(?:(?<=\s)-\}\}\s*|\}\})", re.DOTALL
)
_OF_LABEL: Final = re.compile(r"(?:\$labels|\.Labels)\.(?P<name>\w+)")
_VALUE: Final = frozenset({"$value", ".Value"})
_CONDITION: Final = re.compile(
    r"(?P<compared>[a-z]+)\s+(?P<one>\"[^\"]*\"|\S+)\s+(?P<other>\"[^\"]*\"|\S+)"
)
_INTEGER: Final = re.compile(r"[+-]?\d+")
_REFUSED: Final = "<error expanding template>"

Operand: TypeAlias = float | int | str


@dataclass(frozen=True, slots=True)
class _Choice:
    """Texts of which the first one counts whose condition is met; "" is always met."""

    ways: tuple[tuple[str, "_Parts"], ...]


_Parts: TypeAlias = tuple[str | _Choice, ...]


class _NotWorkedOutError(Exception):
    """A template that does more than is read here."""


class _RefusedError(Exception):
    """A comparison that Prometheus refuses: of a value with a whole number."""


def expanded(text: str, labels: Mapping[str, str], value: float | None = None) -> str:
    """A template with the labels of a series put in and, given its value, the choices by that.

    What else is in it, such as the value itself, stays as it is written.

    >>> expanded("{{ $labels.pod }} is at {{ $value }}", {"pod": "a-1"})
    'a-1 is at {{ $value }}'
    >>> text = "{{ if ge $value 90.0 }}page{{ else }}ask{{ end }}"
    >>> [expanded(text, {}, one) for one in (95.0, 20.0)]
    ['page', 'ask']
    """
    if "{{" not in text:
        return text
    try:
        parts = _parts(text)
        return "".join(_filled(parts, labels, value))
    except _NotWorkedOutError:
        return _ACTION.sub(lambda found: _shown(found[0], found["said"], labels), text)
    except _RefusedError:
        return _REFUSED


def shows_value(text: str) -> bool:
    """Whether a template, or what has become of one, depends on the value.

    >>> shows_value("{{ $labels.a }}"), shows_value("{{ $value | humanize }}")
    (False, True)
    """
    return any(name in text for name in _VALUE)


def _filled(parts: _Parts, labels: Mapping[str, str], value: float | None) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            found = _ACTION.fullmatch(part)
            yield _shown(part, found["said"], labels) if found else part
        else:
            way = next((way for met, way in part.ways if _is_met(met, labels, value)), ())
            yield from _filled(way, labels, value)


def _shown(written: str, said: str, labels: Mapping[str, str]) -> str:
    found = _OF_LABEL.fullmatch(said)
    return labels.get(found["name"], "") if found else written


@lru_cache(maxsize=1024)
def _parts(text: str) -> _Parts:
    """The texts, actions and choices of a template, in order."""
    tokens = list(_tokens(text))
    parts, left = _sequence(tokens)
    if left:
        raise _NotWorkedOutError
    return parts


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """What is written, and what an action says; "" of plain text."""
    at = 0
    for found in _ACTION.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], ""
        yield found[0], found["said"]
        at = found.end()
    if at < len(text):
        yield text[at:], ""


def _sequence(tokens: Sequence[tuple[str, str]]) -> tuple[_Parts, Sequence[tuple[str, str]]]:
    """The parts until something ends them, and the tokens from there on."""
    parts: list[str | _Choice] = []
    while tokens:
        (written, said), rest = tokens[0], tokens[1:]
        word = said.partition(" ")[0]
        if word in {"else", "end"}:
            break
        if word in {"range", "with", "define", "template", "block", "break", "continue"}:
            raise _NotWorkedOutError
        if word == "if":
            choice, tokens = _choice(said.removeprefix("if").strip(), rest)
            parts.append(choice)
        else:
            parts.append(written)
            tokens = rest
    return tuple(parts), tokens


def _choice(
    condition: str, tokens: Sequence[tuple[str, str]]
) -> tuple[_Choice, Sequence[tuple[str, str]]]:
    ways: list[tuple[str, _Parts]] = []
    while True:
        parts, tokens = _sequence(tokens)
        ways.append((condition, parts))
        if not tokens:
            raise _NotWorkedOutError
        said, tokens = tokens[0][1], tokens[1:]
        if said == "end":
            return _Choice(tuple(ways)), tokens
        condition = said.removeprefix("else").strip().removeprefix("if").strip()


def _is_met(condition: str, labels: Mapping[str, str], value: float | None) -> bool:
    if not condition:
        return True
    found = _CONDITION.fullmatch(condition)
    if found is None or found["compared"] not in _COMPARED:
        raise _NotWorkedOutError
    one, other = (_operand(found[side], labels, value) for side in ("one", "other"))
    if type(one) is not type(other):
        raise _RefusedError
    return _COMPARED[found["compared"]](one, other)


def _operand(text: str, labels: Mapping[str, str], value: float | None) -> Operand:
    if text in _VALUE:
        if value is None:
            raise _NotWorkedOutError
        return value
    if label := _OF_LABEL.fullmatch(text):
        return labels.get(label["name"], "")
    if text[0] == text[-1] == '"':
        return text[1:-1]
    if _INTEGER.fullmatch(text):
        return int(text)
    try:
        return float(text)
    except ValueError as error:
        raise _NotWorkedOutError from error


# As text/template has them (funcs.go): the greater ones are the others denied, also of NaN.
_COMPARED: Final[Mapping[str, Callable[[Operand, Operand], bool]]] = MappingProxyType(
    {
        "eq": lambda one, other: one == other,
        "ne": lambda one, other: one != other,
        "lt": lambda one, other: one < other,  # type: ignore[operator] # of one type
        "le": lambda one, other: one <= other,  # type: ignore[operator]
        "gt": lambda one, other: not one <= other,  # type: ignore[operator]
        "ge": lambda one, other: not one < other,  # type: ignore[operator]
    }
)
