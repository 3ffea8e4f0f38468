"""Which threshold steps each field of each panel went through, and for how long."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulator.coverage.prometheus import Prometheus, UnreachablePrometheusError
from simulator.coverage.questions import (
    AskedPanel,
    Asking,
    asked_panels,
    asked_target,
    dashboard_bindings,
)
from simulator.coverage.readings import unread
from simulator.errors import DashboardError, PrometheusError
from simulator.grafana.frames import Answer, Series
from simulator.grafana.intervals import relative_milliseconds
from simulator.grafana.model import Dashboard
from simulator.grafana.shown import Shown, shown_number
from simulator.grafana.variables import Given
from simulator.grafana.views import PLOTTED_TYPES, View, panel_view

__all__ = ["FieldSteps", "PanelSteps", "StepSeen", "steps_seen"]

_MOMENTS = 240
"""Moments looked at where no resolution is given."""

_MOST_POINTS = 11_000
"""What Prometheus answers at most per series: the longest window a moment can look back over."""


@dataclass(frozen=True, slots=True)
class StepSeen:
    """How often one step was active; `first` and `last` in unix seconds."""

    index: int
    color: str
    points: int
    seconds: float
    first: float
    last: float
    is_color_seen: bool


@dataclass(frozen=True, slots=True)
class FieldSteps:
    """The steps one field went through, in the order of the steps.

    `points` are the moments with a value, on a step or not.
    """

    name: str
    row: str
    points: int
    steps: tuple[StepSeen, ...]


@dataclass(frozen=True, slots=True)
class PanelSteps:
    """The steps of a panel's fields; no fields and no error: it never had data."""

    dashboard_uid: str
    dashboard_title: str
    path: str
    title: str
    type: str
    fields: tuple[FieldSteps, ...] = ()
    error: str | None = None
    unsupported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Replayed:
    """Answers on a grid of moments, and how far back a moment sees (0: itself only)."""

    answer: Answer
    window: float


def steps_seen(  # noqa: PLR0913 - what Grafana knows of a view, all by keyword
    dashboards: Sequence[Dashboard],
    prometheus: Prometheus,
    *,
    at: float,
    span: float,
    resolution: float | None = None,
    variables: Given | None = None,
    scrape_interval: str = "15s",
    max_data_points: int = 1000,
) -> tuple[PanelSteps, ...]:
    """The steps that every panel's fields went through in the `span` seconds before `at`.

    Panels that show one state at a time are read as they were at every `resolution` seconds (by
    default 240 moments, at least a second apart): instant queries evaluated there, range queries
    over the dashboard's own time range up to there. Of plotted panels every point counts. The
    last moment is `at` rounded down to a multiple of the resolution.

    Raises:
        UnreachablePrometheusError: nothing answers; a query that is refused is the panel's error.
    """
    every = max(1.0, float(math.ceil(span / _MOMENTS))) if resolution is None else resolution
    found: list[PanelSteps] = []
    for dashboard in dashboards:
        window = (relative_milliseconds(dashboard.time_from) or span * 1000) / 1000
        asking = Asking(at, window, scrape_interval, max_data_points)
        bindings = dashboard_bindings(dashboard, prometheus, variables or {}, asking)
        found.extend(
            _panel_steps(dashboard, asked, prometheus, _moments(asked, span, every))
            for asked in asked_panels(dashboard, bindings, asking)
        )
    return tuple(found)


def _moments(asked: AskedPanel, span: float, every: float) -> Sequence[float]:
    end = math.floor(asked.asking.at / every)
    return [tick * every for tick in range(end - math.floor(span / every), end + 1)]


def _panel_steps(
    dashboard: Dashboard, asked: AskedPanel, prometheus: Prometheus, moments: Sequence[float]
) -> PanelSteps:
    every = moments[1] - moments[0] if len(moments) > 1 else 0.0
    identity = PanelSteps(
        dashboard.uid, dashboard.title, asked.panel.path, asked.title, asked.panel.type
    )
    hopeless = unread(dashboard, asked)
    if hopeless:
        return replace(identity, unsupported=hopeless.unsupported)
    try:
        replayed = tuple(_replayed(asked, prometheus, moments))
    except UnreachablePrometheusError:
        raise
    except (PrometheusError, DashboardError) as error:
        return replace(identity, error=str(error))
    tally = _Tally(every)
    if asked.panel.type in PLOTTED_TYPES:
        _count_points(tally, asked, replayed)
    else:
        for moment in moments:
            tally.count(moment, panel_view(asked.panel, _then(replayed, moment), asked.bindings))
    return replace(identity, fields=tally.fields(), unsupported=tuple(tally.unsupported))


def _replayed(
    asked: AskedPanel, prometheus: Prometheus, moments: Sequence[float]
) -> Iterator[_Replayed]:
    every = moments[1] - moments[0] if len(moments) > 1 else 1.0
    for target in asked.panel.queried_targets:
        bound, _ = asked_target(asked, target)
        for kind in target.kinds:
            is_windowed = kind == "range" and asked.panel.type not in PLOTTED_TYPES
            longest = (_MOST_POINTS - len(moments)) * every
            window = min(asked.asking.span, longest) if is_windowed else 0.0
            series = prometheus.query_range(
                bound.expr,
                start=moments[0] - math.floor(window / every) * every,
                end=moments[-1],
                step_seconds=every,
            )
            yield _Replayed(Answer(bound, series), window)


def _then(replayed: Sequence[_Replayed], moment: float) -> tuple[Answer, ...]:
    """The answers as they were at a moment; series without a point there are absent."""
    return tuple(
        replace(one.answer, series=tuple(_until(one.answer.series, moment, one.window)))
        for one in replayed
    )


def _until(series: Sequence[Series], moment: float, window: float) -> Iterator[Series]:
    # half a millisecond: what Prometheus's times are rounded to
    for one in series:
        first, end = np.searchsorted(one.times, (moment - window - 5e-4, moment + 5e-4))
        if end > first:
            yield Series(one.labels, one.times[first:end], one.values[first:end])


def _count_points(tally: "_Tally", asked: AskedPanel, replayed: Sequence[_Replayed]) -> None:
    answers = [one.answer for one in replayed]
    view = panel_view(asked.panel, answers, asked.bindings)
    tally.count_unsupported(view)
    for field in view.fields:
        for moment, value in zip(field.times.tolist(), field.field.numbers.tolist(), strict=False):
            if math.isfinite(value):  # nan and infinities are gaps in a plot
                tally.count_value(moment, shown_number(asked.panel, field, value))


class _Tally:
    """Steps counted per field and row."""

    def __init__(self, every: float) -> None:
        self.unsupported: dict[str, None] = {}
        self._every = every
        self._points: dict[tuple[str, str], int] = {}
        self._steps: dict[tuple[str, str], dict[int, StepSeen]] = {}

    def count(self, moment: float, view: View) -> None:
        self.count_unsupported(view)
        for shown in view.shown:
            self.count_value(moment, shown)

    def count_unsupported(self, view: View) -> None:
        self.unsupported.update(dict.fromkeys(view.unsupported))

    def count_value(self, moment: float, shown: Shown) -> None:
        if shown.value is None or isinstance(shown.value, str):
            return
        key = (shown.name, shown.row)
        self._points[key] = self._points.get(key, 0) + 1
        if shown.step is None:
            return
        steps = self._steps.setdefault(key, {})
        before = steps.get(shown.step)
        points = before.points + 1 if before else 1
        steps[shown.step] = StepSeen(
            index=shown.step,
            color=shown.step_color or "",
            points=points,
            seconds=points * self._every,
            first=before.first if before else moment,
            last=moment,
            is_color_seen=shown.is_color_seen or (before is not None and before.is_color_seen),
        )

    def fields(self) -> tuple[FieldSteps, ...]:
        return tuple(
            FieldSteps(name, row, points, self._ordered((name, row)))
            for (name, row), points in self._points.items()
        )

    def _ordered(self, key: tuple[str, str]) -> tuple[StepSeen, ...]:
        return tuple(seen for _, seen in sorted(self._steps.get(key, {}).items()))
