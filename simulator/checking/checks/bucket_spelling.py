"""Bounds written as Prometheus 3 does not write them: `le="1"` matches nothing there."""

import re
from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.painted import panel_place, panel_subject
from simulator.checking.problems import Check, Problem
from simulator.promql.bucket_bounds import spelled
from simulator.promql.selectors import Matcher, Selector, selectors
from simulator.quoting import shortened
from simulator.rules.model import Alert, Place, Recording, Rule

__all__ = ["BUCKET_SPELLING"]

_NUMBER: Final = re.compile(r"[+-]?\d+(?:\\?\.\d+)?(?:[eE][+-]?\d+)?")


def _look(material: Material) -> Iterator[Problem]:
    for one in material.queries:
        if one.query is None:
            continue
        place = panel_place(one.dashboard, f"{one.panel.path}.targets[{one.index}].expr")
        yield from _in_query(one.query.text, panel_subject(one.dashboard, one.panel), place)
    for group in material.groups:
        for rule in group.rules:
            for text in _texts(rule):
                yield from _in_query(text, f"rule {rule.name}", rule.place)


def _texts(rule: Rule) -> list[str]:
    if isinstance(rule, Alert | Recording):
        return [rule.expr]
    return [text for one in rule.nodes if isinstance(text := one.model.get("expr"), str)]


def _in_query(query: str, subject: str, place: Place) -> Iterator[Problem]:
    for selector in selectors(query):
        for matcher in selector.matchers:
            if _is_of_bounds(selector, matcher):
                yield from _of_matcher(matcher, subject, place)


def _is_of_bounds(selector: Selector, matcher: Matcher) -> bool:
    """Whether a label is written by Prometheus; those of recordings stay as they were recorded."""
    if matcher.label == "le":
        return selector.metric.endswith("_bucket") and ":" not in selector.metric
    return matcher.label == "quantile" and bool(selector.metric) and ":" not in selector.metric


def _of_matcher(matcher: Matcher, subject: str, place: Place) -> Iterator[Problem]:
    texts = [matcher.value]
    if matcher.operator in {"=~", "!~"}:
        texts = matcher.value.strip("()").split("|")
    is_positive = matcher.operator in {"=", "=~"}
    missed = []
    for text in texts:
        if _NUMBER.fullmatch(text):
            right = spelled(float(text.replace("\\", "")))
            if matcher.takes(right) is not is_positive:
                missed.append(right)
    if missed:
        every = "|".join([*texts, *(one.replace(".", r"\\.") for one in missed)])
        both = f'{matcher.label}{"=~" if is_positive else "!~"}"{every}"'
        has = ", ".join(f'"{one}"' for one in missed)
        said = f"{shortened(str(matcher))} misses {has}, as Prometheus 3 writes it"
        yield Problem(subject, said, place, proposal=shortened(both))


BUCKET_SPELLING: Final = Check(
    "bucket-spelling", 'bounds such as le="1" that Prometheus 3 writes as le="1.0"', _look
)
