"""Rates over ranges that hold too few samples."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.painted import panel_place, panel_subject
from simulator.checking.problems import Check, Problem, Weight
from simulator.checking.values import duration
from simulator.promql.parsing import parsed
from simulator.promql.shapes import Shape, shape_of
from simulator.rules.model import Place

__all__ = ["SHORT_RANGE"]

_RATES: Final = frozenset({"rate", "irate", "increase", "delta", "idelta", "deriv"})
_FEWEST, _ENOUGH = 2, 4


def _look(material: Material) -> Iterator[Problem]:
    every = material.facts.scrape_seconds
    for one in material.queries:
        if one.query is None:
            continue
        subject = panel_subject(one.dashboard, one.panel)
        place = panel_place(one.dashboard, f"{one.panel.path}.targets[{one.index}].expr")
        if "__interval" in one.query.macros and not one.panel.interval and not one.target.interval:
            said = "a rate over $__interval has fewer than two samples where one zooms in"
            if _spans(one.query.text):
                yield Problem(subject, said, place, Weight.NOTE, "$__rate_interval")
        if every and not one.query.has_chosen_ranges:
            yield from _of(one.query.text, every, subject, place)
    for alarm in material.alarms if every else ():
        for query in alarm.queries:
            yield from _of(query, every, alarm.subject, alarm.place)


def _spans(query: str) -> set[float]:
    tree = parsed(query)
    return set() if tree is None else set(_of_rates(shape_of(tree)))


def _of_rates(shape: Shape) -> Iterator[float]:
    if shape.name in _RATES and shape.parts and shape.parts[0].span:
        yield shape.parts[0].span
    for part in shape.parts:
        yield from _of_rates(part)


def _of(query: str, every: float, subject: str, place: Place) -> Iterator[Problem]:
    for span in sorted(_spans(query)):
        scrapes = f"scrapes come every {duration(every)}"
        enough = duration(_ENOUGH * every)
        if span < _FEWEST * every:
            said = f"a rate over {duration(span)} has fewer than two samples: {scrapes}"
            yield Problem(subject, said, place, proposal=f"{enough} or more")
        elif span < _ENOUGH * every:
            said = f"a rate over {duration(span)} has a gap where two scrapes fail: {scrapes}"
            yield Problem(subject, said, place, Weight.NOTE, f"{enough} or more")


SHORT_RANGE: Final = Check("short-range", "rates over fewer than two samples", _look)
