"""Axes of charts: a scale, and the values of it that are labelled."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.drawing.scales import Scale
from simulator.drawing.ticks import time_text, time_ticks, value_ticks

__all__ = ["Axis", "Tick", "time_axis", "value_axis"]

_EDGE_PERCENT: Final = 4.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled value of an axis.

    `kind` is "threshold" or "round" along values; along time "round" or "minor", with "first" or
    "last" where the text would stand over the edge.
    """

    at: float
    text: str
    kind: str = "round"


@dataclass(frozen=True, slots=True)
class Axis:
    """A direction of a chart.

    `padding` is the share of it that is left free at both ends, so that what is at an end is not
    cut; `has_grid` says that lines cross the chart at its ticks.
    """

    scale: Scale
    ticks: tuple[Tick, ...] = ()
    name: str = ""
    padding: float = 0.0
    has_grid: bool = True

    def shares(self, values: ArrayLike) -> NDArray[np.float64]:
        """Places from 0 to 1 along the axis; what lies outside is at its end, nan stays nan.

        >>> Axis(Scale("linear", 0.0, 1.0), padding=0.1).shares([0.0, 0.5, 9.0]).tolist()
        [0.1, 0.5, 0.9]
        """
        return self.padding + (1.0 - 2.0 * self.padding) * self.scale.heights(values)

    def percent(self, value: float) -> float:
        """Where a value is from the left."""
        return round(float(self.shares([value])[0]) * 100.0, 2)

    def top(self, value: float) -> float:
        """Where a value is from the top, in percent."""
        return round((1.0 - float(self.shares([value])[0])) * 100.0, 2)

    def extent(self, low: float, high: float) -> float:
        """How much of the axis lies between two values, in percent."""
        start, end = self.shares([low, high]).tolist()
        return round((end - start) * 100.0, 2)


def time_axis(start: float, end: float) -> Axis:
    """Time in unix seconds; every second tick may be left out on a narrow page.

    >>> [(tick.at, tick.text, tick.kind) for tick in time_axis(0.0, 60.0).ticks][:2]
    [(0.0, '00:00:00', 'round first'), (10.0, '00:00:10', 'minor')]
    """
    if end <= start:
        return Axis(Scale("linear", start, start + 1.0), has_grid=False)
    bare = Axis(Scale("linear", start, end), has_grid=False)
    moments, step = time_ticks(start, end)
    ticks = tuple(
        Tick(
            at,
            time_text(at, step),
            f"{'minor' if n % 2 else 'round'} {_alignment(bare.percent(at))}".strip(),
        )
        for n, at in enumerate(moments)
    )
    return Axis(bare.scale, ticks, has_grid=False)


def value_axis(scale: Scale, edges: Iterable[float], text: Callable[[float], str]) -> Axis:
    """Values with ticks at thresholds and round numbers, as far as there is room.

    >>> value_axis(Scale("linear", 0.0, 4.0), [1.0], str).ticks[1]
    Tick(at=1.0, text='1.0', kind='threshold')
    """
    ticks = (
        Tick(value, text(value), "threshold" if is_edge else "round")
        for value, is_edge in value_ticks(scale, edges)
    )
    return Axis(scale, tuple(ticks))


def _alignment(percent: float) -> str:
    if percent < _EDGE_PERCENT:
        return "first"
    return "last" if percent > 100.0 - _EDGE_PERCENT else ""
