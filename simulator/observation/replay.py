"""Answers over a span of time, as somebody who looks at every moment would get them."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from simulator.grafana.frames import Answer, Series

__all__ = ["MOST_VIEWS", "Moments", "Replayed", "aligned", "between"]

_ROUNDING_SECONDS: Final = 5e-4
"""Half of the millisecond that Prometheus's times are rounded to."""
MOST_VIEWS: Final = 1440
"""Moments looked at one by one, where what a panel shows cannot be worked out for many at once."""


@dataclass(frozen=True, slots=True)
class Moments:
    """The multiples of `every` from `start` to `end`, both included; unix seconds."""

    start: float
    end: float
    every: float

    @property
    def first(self) -> float:
        """The first moment."""
        return math.ceil(self.start / self.every) * self.every

    @property
    def last(self) -> float:
        """The last moment; before the first where the span holds none."""
        return math.floor(self.end / self.every) * self.every

    @property
    def times(self) -> NDArray[np.float64]:
        """All of them, shape (moments,).

        >>> Moments(100.0, 131.0, 15.0).times
        array([105., 120.])
        """
        count = round((self.last - self.first) / self.every) + 1
        return self.first + np.arange(max(count, 0), dtype=np.float64) * self.every

    def at_most(self, count: int) -> Self:
        """These moments, or as many of them at equal distances as there may be.

        >>> Moments(0.0, 100.0, 10.0).at_most(5).times
        array([ 0., 30., 60., 90.])
        """
        return replace(self, every=self.every * max(math.ceil(len(self.times) / count), 1))

    @property
    def samples(self) -> list[float]:
        """Some of them, at all phases of an hour and in every hour."""
        times = self.times
        hourly = max(round(3600.0 / self.every), 1) + 1
        return sorted({*times[:64].tolist(), *times[::hourly].tolist(), *times[-1:].tolist()})


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """The answers to one query over the span, a point every `spacing` seconds.

    `window` is how far back a moment sees: 0 for an instant query, which sees itself only; None
    for a plot, which draws all points. Steps begin at multiples of the spacing on a clock that is
    `ahead` seconds ahead.
    """

    answer: Answer
    spacing: float
    window: float | None
    ahead: float = 0.0

    def until(self, moment: float) -> Iterator[Series]:
        """The series as they are at a moment; those without a point there are absent."""
        window = self.window or 0.0
        # a range query ends at the last multiple of its step before the moment
        end = aligned(moment, self.spacing, self.ahead) if self.window else moment
        yield from between(self.answer.series, end - window, end)


def between(every: Iterable[Series], start: float, end: float) -> Iterator[Series]:
    """The series from start to end, both included; those without a point are absent."""
    bounds = (start - _ROUNDING_SECONDS, end + _ROUNDING_SECONDS)
    for one in every:
        first, last = np.searchsorted(one.times, bounds)
        if last > first:
            yield Series(one.labels, one.times[first:last], one.values[first:last])


def aligned(moment: float, step: float, ahead: float = 0.0) -> float:
    """The last multiple of a step before a moment, as Grafana aligns range queries."""
    return math.floor((moment + ahead) / step + 1e-9) * step - ahead
