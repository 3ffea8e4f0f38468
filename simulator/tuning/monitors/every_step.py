"""A panel as it was at every step: its answers, and the values of its series."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from simulator.grafana.model import Panel
from simulator.grafana.views import PLOTTED_TYPES
from simulator.observation.panel_values import SeriesValues
from simulator.observation.prometheus import Prometheus
from simulator.observation.queries import BoundPanel, require_prometheus
from simulator.observation.replay import Moments, Replayed, replayed
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.monitors.monitor import Sampling, Span

__all__ = ["answers", "recorded"]

_LATEST: Final = frozenset({"lastNotNull", "last"})


def answers(bound: BoundPanel, prometheus: Prometheus, sampling: Sampling) -> Iterator[Replayed]:
    """The answers to a panel's queries over all the moments.

    Raises:
        PrometheusError: a query is refused, or nothing answers.
        DashboardError: a query's settings, or a data source that is no Prometheus.
    """
    bound = _every_step(bound, sampling.step)
    for target in bound.panel.queried_targets:
        require_prometheus(bound.panel, target)
        yield from replayed(bound, prometheus, sampling.moments, target)


def _every_step(bound: BoundPanel, step: float) -> BoundPanel:
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
    latest = panel.type not in PLOTTED_TYPES and set(panel.reduce.calcs) <= _LATEST
    return latest and not panel.reduce.values and not panel.transformations


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
    return Recording(times, np.array(rows).reshape(len(rows), len(times)), sampling.step)
