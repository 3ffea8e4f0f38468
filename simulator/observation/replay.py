"""A panel's answers over a span of time, as somebody who looks at every moment would get them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.grafana.bound_panels import BoundPanel, with_macros
from simulator.grafana.frames import Answer, Series
from simulator.grafana.model import Target
from simulator.grafana.panel_types import panel_type
from simulator.observation.prometheus import Prometheus

__all__ = ["Moments", "Replayed", "replayed"]

_ROUNDING_SECONDS = 5e-4
"""Half of the millisecond that Prometheus's times are rounded to."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """The answers to one query over the span, a point every `spacing` seconds.

    `window` is how far back a moment sees: 0 for an instant query, which sees itself only; None
    for a plot, which draws all points.
    """

    answer: Answer
    spacing: float
    window: float | None

    def until(self, moment: float) -> Iterator[Series]:
        """The series as they are at a moment; those without a point there are absent."""
        window = self.window or 0.0
        # a range query ends at the last multiple of its step before the moment
        end = math.floor(moment / self.spacing + 1e-9) * self.spacing if self.window else moment
        bounds = (end - window - _ROUNDING_SECONDS, end + _ROUNDING_SECONDS)
        for one in self.answer.series:
            first, last = np.searchsorted(one.times, bounds)
            if last > first:
                yield Series(one.labels, one.times[first:last], one.values[first:last])


def replayed(
    bound: BoundPanel, target: Target, prometheus: Prometheus, *, moments: Moments
) -> Iterator[Replayed]:
    """The answers to each kind of query that a target makes.

    Times are the viewer's: a panel with a time shift shows what was earlier.

    Raises:
        PrometheusError: the query is refused, or nothing answers.
        DashboardError: the query's settings.
    """
    query, intervals = with_macros(bound, target)
    for kind in target.kinds:
        spacing, window = moments.every, 0.0 if kind == "instant" else None
        if kind == "range":
            spacing = intervals.step / 1000
            is_plotted = panel_type(bound.panel.type).is_plotted
            window = None if is_plotted else bound.query_options.span
        start = moments.first - bound.shift - (window or 0.0)
        series = prometheus.query_range(
            query.expr,
            start=math.floor(start / spacing + 1e-9) * spacing,
            end=moments.last - bound.shift,
            step_seconds=spacing,
        )
        shifted = tuple(Series(s.labels, s.times + bound.shift, s.values) for s in series)
        yield Replayed(Answer(query, shifted), spacing, window)
