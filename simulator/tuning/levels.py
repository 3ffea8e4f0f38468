"""Which steps of a panel's thresholds are alarms, and on which side of them bad values lie."""

import colorsys
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from simulator.grafana.colors import css_color
from simulator.grafana.thresholds import Step, Thresholds
from simulator.tuning.incidents import LEVELS

__all__ = ["AlarmSteps", "alarm_steps", "severity"]

_HEX: Final = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
_RED_BELOW: Final = 15.0
_ORANGE_BELOW: Final = 65.0
"""Hues in degrees: Grafana's reds are at 0 and 353, its oranges at 30, its yellows at 52."""

_RED_FROM: Final = 340.0
_GREY: Final = 0.25
_RANKS: Final = {"": 0, **{level: rank for rank, level in enumerate(LEVELS, start=1)}}


@dataclass(frozen=True, slots=True)
class AlarmSteps:
    """The thresholds that are alarms: by level the number of the step that holds the value.

    Where lower is worse, a level's colour ends where the next step begins, so that one holds it.
    """

    steps: Mapping[str, int]
    values: Mapping[str, float]
    is_lower_worse: bool


def severity(color: str) -> str:
    """What a colour asks for: "red" to act, "orange" (and yellow) to look, "" for nothing.

    >>> [severity(c) for c in ("dark-red", "dark-orange", "yellow", "green", "#808080", "text")]
    ['red', 'orange', 'orange', '', '', '']
    """
    found = _HEX.match(css_color(color))
    if found is None:
        return ""
    red, green, blue = (int(part, 16) / 255.0 for part in found.groups())
    hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < _GREY:
        return ""
    degrees = hue * 360.0
    if degrees < _RED_BELOW or degrees >= _RED_FROM:
        return "red"
    return "orange" if degrees < _ORANGE_BELOW else ""


def alarm_steps(thresholds: Thresholds) -> AlarmSteps | None:
    """The alarms among the steps; None where there is none, or bad values lie on both sides.

    >>> low = Thresholds((Step(-math.inf, "red"), Step(0.66, "orange"), Step(0.7, "green")))
    >>> found = alarm_steps(low)
    >>> dict(found.values), dict(found.steps), found.is_lower_worse
    ({'orange': 0.7, 'red': 0.66}, {'orange': 2, 'red': 1}, True)
    """
    ranks = [_RANKS[severity(step.color)] for step in thresholds.steps]
    if any(math.isnan(step.value) for step in thresholds.steps[1:]):
        return None
    if ranks == sorted(ranks):
        return _found(thresholds.steps, ranks, is_lower_worse=False)
    if ranks == sorted(ranks, reverse=True):
        return _found(thresholds.steps, ranks, is_lower_worse=True)
    return None


def _found(
    steps: Sequence[Step], ranks: Sequence[int], *, is_lower_worse: bool
) -> AlarmSteps | None:
    """The step that holds each level's value: its own, or the first one that is better."""
    found = {}
    for level, rank in _RANKS.items():
        if rank == 0 or rank not in ranks:
            continue
        better = next((i for i, r in enumerate(ranks) if r < rank), 0)
        index = better if is_lower_worse else next(i for i, r in enumerate(ranks) if r >= rank)
        if index > 0:
            found[level] = index
    values = {level: steps[index].value for level, index in found.items()}
    if not found or len(set(values.values())) < len(values):
        return None
    return AlarmSteps(found, values, is_lower_worse)
