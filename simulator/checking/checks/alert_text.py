"""Texts of alerts that name another limit or time than the rule has."""

import re
from collections.abc import Iterator
from typing import Final

import promql_parser

from simulator.checking.alarms import Alarm
from simulator.checking.claims import claims, is_one_of
from simulator.checking.material import Material
from simulator.checking.problems import Check, Problem
from simulator.checking.values import number
from simulator.promql.parsing import children, parsed
from simulator.promql.selectors import ranges
from simulator.promql.shapes import constant

__all__ = ["ALERT_TEXT"]

_TEMPLATE: Final = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_ABOUT: Final = frozenset({"summary", "description", "message", "title"})


def _look(material: Material) -> Iterator[Problem]:
    for alarm in material.alarms:
        limits = [one for one in alarm.limits if one.sign not in {"==", "!="} and one.number]
        if not limits:
            continue
        own = [value for one in limits for value in _meant(one.number)]
        for name, text in alarm.annotations.items():
            if name.lower() in _ABOUT:
                yield from _of_text(alarm, name, text, own)


def _of_text(alarm: Alarm, name: str, text: str, own: list[float]) -> Iterator[Problem]:
    """What a text claims; where it has the limit, its other numbers are about something else."""
    said = list(claims(_TEMPLATE.sub("X", text)))
    if any(is_one_of(claim, own) for claim in said):
        return
    known = sorted(_known(alarm))
    for claim in said:
        if not is_one_of(claim, known):
            has = ", ".join(number(one.number) for one in alarm.limits)
            wrong = f"its {name} says {claim.text!r}, the rule compares with {has}"
            yield Problem(alarm.subject, wrong, alarm.place)


def _meant(limit: float) -> Iterator[float]:
    """A limit, what is left of a whole, and the counts next to it: at least 5 is more than 4."""
    yield from (limit, 1.0 - limit, 100.0 - limit)
    if limit.is_integer():
        yield from (limit - 1.0, limit + 1.0)


def _known(alarm: Alarm) -> Iterator[float]:
    """The numbers and times of a rule, and what is left of a whole."""
    yield from (alarm.hold, alarm.keep_firing)
    for query in alarm.queries:
        yield from ranges(query)
        tree = parsed(query)
        for value in () if tree is None else _constants(tree):
            yield from _meant(value)


def _constants(expr: promql_parser.Expr) -> Iterator[float]:
    value = constant(expr)
    if value is not None:
        yield value
    for one in children(expr):
        yield from _constants(one)


ALERT_TEXT: Final = Check("alert-text", "texts of alerts with another limit than the rule", _look)
