"""Alerts that fire at the first sample of a rate that comes and goes."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.problems import Check, Problem, Weight
from simulator.checking.values import duration
from simulator.promql.shapes import Shape

__all__ = ["WITHOUT_HOLD"]

_NOISY: Final = frozenset({"rate", "irate", "deriv", "delta", "idelta"})
_LONG_ENOUGH: Final = 900.0
"""A rate over a quarter of an hour holds by itself."""


def _look(material: Material) -> Iterator[Problem]:
    for alarm in material.alarms:
        if alarm.hold or alarm.keep_firing or alarm.reducer:
            continue
        for limit in alarm.limits:
            spans = [span for span in _noisy(limit.compared) if span < _LONG_ENOUGH]
            if spans and limit.number:
                said = (
                    f"no `for`, over a rate of {duration(min(spans))}: one evaluation beyond "
                    "its limit is an alert"
                )
                yield Problem(alarm.subject, said, alarm.place, Weight.NOTE)


def _noisy(shape: Shape) -> Iterator[float]:
    if shape.name in _NOISY and shape.parts:
        yield shape.parts[0].span or 0.0
    for part in shape.parts:
        yield from _noisy(part)


WITHOUT_HOLD: Final = Check("without-hold", "alerts on a noisy rate without `for`", _look)
