"""What each panel of some dashboards shows at one moment."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.errors import DashboardError, PrometheusError
from simulator.grafana.frames import Answer
from simulator.grafana.model import Dashboard
from simulator.grafana.shown import Shown
from simulator.grafana.variables import Given
from simulator.grafana.views import panel_view
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.observation.queries import (
    BoundPanel,
    QueryOptions,
    bound_panels,
    bound_target,
    dashboard_bindings,
    unreadable,
)

__all__ = ["FieldReading", "PanelReading", "panel_readings"]


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One value of a panel; see `simulator.grafana.shown.Shown` for what its parts mean."""

    name: str
    value: float | str | None
    step_index: int | None
    step_color: str | None
    unit: str
    text: str
    is_color_seen: bool
    row: str = ""


@dataclass(frozen=True, slots=True)
class PanelReading:
    """What one panel shows; no field and no error is Grafana's "No data".

    `path` is the panel's place in the JSON, the same for all draws of a repeated panel.
    `error` is Prometheus's own message, or what is wrong with the query's settings.
    `unsupported` names what could not be read as Grafana does: the fields are then those found
    without it, and no proof of anything.
    """

    dashboard_uid: str
    dashboard_title: str
    path: str
    title: str
    type: str
    fields: tuple[FieldReading, ...] = ()
    error: str | None = None
    unsupported: tuple[str, ...] = ()


def panel_readings(  # noqa: PLR0913 - what Grafana knows of a view, all by keyword
    dashboards: Sequence[Dashboard],
    prometheus: Prometheus,
    *,
    at: float,
    span: float,
    variables: Given | None = None,
    scrape_interval: str = "15s",
    max_data_points: int = 1000,
) -> tuple[PanelReading, ...]:
    """What every panel that queries shows at a time, looking `span` seconds back.

    `at` is in unix seconds. `scrape_interval` is the one set in the data source, and
    `max_data_points` is for panels without their own; both decide $__interval and
    $__rate_interval.

    Raises:
        UnreachablePrometheusError: nothing answers; a query that is refused is the panel's error.
    """
    options = QueryOptions(at, span, scrape_interval, max_data_points)
    return tuple(
        reading
        for dashboard in dashboards
        for reading in _dashboard_readings(dashboard, prometheus, variables or {}, options)
    )


def _dashboard_readings(
    dashboard: Dashboard, prometheus: Prometheus, given: Given, options: QueryOptions
) -> Iterator[PanelReading]:
    bindings = dashboard_bindings(dashboard, prometheus, given, options)
    for bound in bound_panels(dashboard, bindings, options):
        if reason := unreadable(bound.panel):
            yield _panel_reading(dashboard, bound, unsupported=(reason,))
        else:
            yield _reading(dashboard, bound, prometheus)


def _reading(dashboard: Dashboard, bound: BoundPanel, prometheus: Prometheus) -> PanelReading:
    try:
        answers = tuple(_answers(bound, prometheus))
    except UnreachablePrometheusError:
        raise
    except (PrometheusError, DashboardError) as error:
        return _panel_reading(dashboard, bound, error=str(error))
    view = panel_view(bound.panel, answers, bound.bindings)
    fields = tuple(map(_field_reading, view.shown))
    return _panel_reading(dashboard, bound, fields=fields, unsupported=view.unsupported)


def _panel_reading(
    dashboard: Dashboard,
    bound: BoundPanel,
    *,
    fields: tuple[FieldReading, ...] = (),
    error: str | None = None,
    unsupported: tuple[str, ...] = (),
) -> PanelReading:
    return PanelReading(
        dashboard_uid=dashboard.uid,
        dashboard_title=dashboard.title,
        path=bound.panel.path,
        title=bound.title,
        type=bound.panel.type,
        fields=fields,
        error=error,
        unsupported=unsupported,
    )


def _field_reading(shown: Shown) -> FieldReading:
    return FieldReading(
        name=shown.name,
        value=shown.value,
        step_index=shown.step,
        step_color=shown.step_color,
        unit=shown.unit,
        text=shown.text,
        is_color_seen=shown.is_color_seen,
        row=shown.row,
    )


def _answers(bound: BoundPanel, prometheus: Prometheus) -> Iterator[Answer]:
    """Instant targets at the end of the span, range targets over it on multiples of the step."""
    options = bound.query_options
    for target in bound.panel.queried_targets:
        query, intervals = bound_target(bound, target)
        for kind in target.kinds:
            if kind == "instant":
                yield Answer(query, prometheus.query(query.expr, at=options.at))
                continue
            step = intervals.step / 1000
            start, end = (math.floor(t / step) * step for t in (options.start, options.at))
            series = prometheus.query_range(query.expr, start=start, end=end, step_seconds=step)
            yield Answer(query, series)
