"""A panel as it was at every step, and the values of its series."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from simulator.grafana.bound_panels import BoundPanel
from simulator.grafana.model import Panel
from simulator.grafana.panel_types import panel_type
from simulator.observation.every_panel import Look
from simulator.observation.over_time import over_time
from simulator.observation.panel_values import PanelValues, SeriesValues
from simulator.observation.replay import Moments
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.monitors.monitor import Sampling, Span

__all__ = ["every_step", "recorded"]

_LATEST: Final = frozenset({"lastNotNull", "last"})


def every_step(sampling: Sampling) -> Look[PanelValues]:
    """Looks at panels at all the moments, each drawn as finely as it is judged."""
    return replace(over_time(sampling.moments), drawn=partial(_every_step, step=sampling.step))


def _every_step(bound: BoundPanel, *, step: float) -> BoundPanel:
    """The panel drawn as finely as it is judged, whatever its width."""
    points = math.ceil(bound.query_options.span / step) * 2
    targets = tuple(replace(t, interval="", interval_factor=1.0) for t in bound.panel.targets)
    if _shows_the_latest(bound.panel):
        targets = tuple(replace(t, instant=True, range=False) for t in targets)
    panel = replace(bound.panel, interval="", max_data_points=points, targets=targets)
    return replace(bound, panel=panel)


def _shows_the_latest(panel: Panel) -> bool:
    """Whether each value is the latest of a series: what an instant query answers at once.

    It differs where a series ends, of which a range query shows the last value for hours.
    """
    latest = not panel_type(panel.type).is_plotted and set(panel.reduce.calcs) <= _LATEST
    is_asked = all(target.expression is None for target in panel.targets)
    return latest and is_asked and not panel.reduce.values and not panel.transformations


def recorded(
    span: Span, series: Sequence[SeriesValues], sampling: Sampling, spacing: float
) -> Recording:
    """The series at the moments of a span; a point stands until the next one is due."""
    times = Moments(span.start, span.end - sampling.step, sampling.step).times
    lasting = max(spacing, sampling.step) - sampling.step / 2
    rows = []
    for one in series:
        latest = np.searchsorted(one.times, times + sampling.step / 4, side="right") - 1
        is_there = latest >= 0
        age = times - one.times[np.maximum(latest, 0)] if len(one.times) else np.inf
        values = one.levels[np.maximum(latest, 0)] if len(one.times) else np.nan
        rows.append(np.where(is_there & (age < lasting), values, np.nan))
    values = np.array(rows).reshape(len(rows), len(times))
    return Recording(times, values, sampling.step, weight=span.weight)
