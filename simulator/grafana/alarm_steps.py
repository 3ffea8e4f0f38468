"""Which steps of a panel's thresholds are alarms, and on which side of them bad values lie."""

import colorsys
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from simulator.grafana.colors import css_color
from simulator.grafana.thresholds import Step, Thresholds

__all__ = ["LEVELS", "AlarmSteps", "alarm_steps", "severity"]

LEVELS: Final = ("orange", "red")
"""How strong an alarm may be, from weak to strong."""

_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SHORT_HEX: Final = len("#rgba")
_CHANNELS: Final = 3
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
    >>> severity("#F00"), severity("rgba(237, 129, 40, 0.89)"), severity("hsl(0, 100%, 50%)")
    ('red', 'orange', 'red')
    """
    found = _hue_and_saturation(css_color(color))
    if found is None or found[1] < _GREY:
        return ""
    degrees = found[0] % 360.0
    if degrees < _RED_BELOW or degrees >= _RED_FROM:
        return "red"
    return "orange" if degrees < _ORANGE_BELOW else ""


def _hue_and_saturation(css: str) -> tuple[float, float] | None:
    """The hue in degrees and the saturation, 0 to 1; None for what is no colour."""
    if css.startswith("#"):
        digits = css[1:] if len(css) > _SHORT_HEX else "".join(2 * digit for digit in css[1:])
        parts = [int(digits[i : i + 2], 16) / 255.0 for i in (0, 2, 4)]
    else:
        numbers = [float(text) for text in _NUMBER.findall(css)]
        if len(numbers) < _CHANNELS:
            return None
        if css.startswith("hsl"):
            return numbers[0], numbers[1] / 100.0
        parts = [min(number, 255.0) / 255.0 for number in numbers[:_CHANNELS]]
    hue, _, saturation = colorsys.rgb_to_hls(*parts)
    return hue * 360.0, saturation


def alarm_steps(thresholds: Thresholds) -> AlarmSteps | None:
    """The alarms among the steps; None where there is none, or bad values lie on both sides.

    None too where a step's value is not above that of the step before: it has no band of its own.

    >>> import math
    >>> low = Thresholds((Step(-math.inf, "red"), Step(0.66, "orange"), Step(0.7, "green")))
    >>> found = alarm_steps(low)
    >>> dict(found.values), dict(found.steps), found.is_lower_worse
    ({'orange': 0.7, 'red': 0.66}, {'orange': 2, 'red': 1}, True)
    """
    ranks = [_RANKS[severity(step.color)] for step in thresholds.steps]
    if not all(a.value < b.value for a, b in pairwise(thresholds.steps)):  # nan is none
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
