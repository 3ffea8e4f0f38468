"""Alerts whose `for` is shorter than what lies between two evaluations."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.problems import Check, Problem
from simulator.checking.values import duration

__all__ = ["SHORT_HOLD"]


def _look(material: Material) -> Iterator[Problem]:
    for group in material.groups:
        every = group.interval
        for alert in group.alerts:
            if every is not None and 0.0 < alert.hold < every:
                said = (
                    f"its `for` of {duration(alert.hold)} is shorter than the {duration(every)} "
                    f"between two evaluations of group {group.name}: it fires after the next one"
                )
                yield Problem(f"alert {alert.name}", said, alert.place)


SHORT_HOLD: Final = Check("short-hold", "alerts with a `for` shorter than an evaluation", _look)
