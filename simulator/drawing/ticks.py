"""Where an axis is labelled: round numbers, and round times in UTC."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

import numpy as np

from simulator.drawing.scales import Scale

__all__ = ["round_numbers", "time_text", "time_ticks", "value_ticks"]

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
_TIME_STEPS: Final = (
    *(1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0),
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 20, 30)),
    *(n * _HOUR for n in (1, 2, 3, 6, 12)),
    *(n * _DAY for n in (1, 2, 7, 14, 28, 91, 364)),
)
_MOST_TIMES: Final = 9
_NUMBERS_WANTED: Final = 4
_CLOSEST: Final = 0.11
"""Labels nearer than this share of the height would touch."""

_MOST_DECADES: Final = 5


def time_ticks(start: float, end: float) -> tuple[list[float], float]:
    """At most nine round moments from start to end, and the seconds between them.

    >>> time_ticks(0.0, 86400.0)[0][:3], time_ticks(0.0, 144.0)
    ([0.0, 10800.0, 21600.0], ([0.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0, 140.0], 20.0))
    """
    span = end - start
    step = next((s for s in _TIME_STEPS if span / s < _MOST_TIMES), _DAY * 364)
    step *= max(1, math.ceil(span / step / _MOST_TIMES))
    first = math.ceil(start / step)
    return [n * step for n in range(first, math.floor(end / step) + 1)], step


def time_text(at: float, step: float) -> str:
    """A moment on an axis with labels `step` apart; midnight is a date on long ones.

    >>> time_text(0.0, 20.0), time_text(10800.0, 10800.0), time_text(86400.0, 21600.0)
    ('00:00:00', '03:00', '2 Jan')
    """
    moment = datetime.fromtimestamp(at, UTC)
    if step >= _DAY or (step > 3 * _HOUR and at % _DAY == 0):
        return f"{moment.day} {moment:%b}"
    return f"{moment:%H:%M:%S}" if step < _MINUTE else f"{moment:%H:%M}"


def value_ticks(scale: Scale, edges: Iterable[float]) -> list[tuple[float, bool]]:
    """Values to label, and whether each is a threshold; no two closer than their text is high.

    Thresholds come first, since their place is what the reader looks for.
    """
    wanted = [(edge, True) for edge in edges if scale.low <= edge <= scale.high]
    wanted += [(number, False) for number in _round(scale)]
    kept: list[tuple[float, float, bool]] = []
    for value, is_edge in wanted:
        height = float(scale.heights([value])[0])
        if all(abs(height - other) >= _CLOSEST for other, _, _ in kept):
            kept.append((height, value, is_edge))
    return [(value, is_edge) for _, value, is_edge in sorted(kept)]


def _round(scale: Scale) -> list[float]:
    if scale.kind == "linear":
        return round_numbers(scale.low, scale.high)
    numbers = round_numbers(scale.low, scale.high)
    if scale.low >= 0 and scale.center == 0:
        numbers = _decades(max(scale.low, scale.knee if scale.kind != "log" else 0), scale.high)
        if scale.low == 0:
            numbers.insert(0, 0.0)
    return numbers


def round_numbers(low: float, high: float) -> list[float]:
    """About four multiples of 1, 2 or 5 times a power of ten, within the limits.

    >>> round_numbers(0.0, 0.31)
    [0.0, 0.1, 0.2, 0.3]
    """
    rough = (high - low) / _NUMBERS_WANTED
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(n * power for n in (1, 2, 5, 10) if n * power >= rough * 0.8)
    numbers = np.arange(math.ceil(low / step), math.floor(high / step) + 1)
    return [float(f"{n * step:.12g}") for n in numbers]


def _decades(low: float, high: float) -> list[float]:
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    if last - first < 1:  # within a decade the plain round numbers say more
        return round_numbers(low, high)
    stride = max(1, math.ceil((last - first + 1) / _MOST_DECADES))
    return [10.0**power for power in range(first, last + 1, stride)]
