"""What each panel of some dashboards shows at one moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.grafana.bound_panels import BoundPanel, with_macros
from simulator.grafana.frames import Answer
from simulator.grafana.model import Dashboard, Target
from simulator.grafana.shown import Shown
from simulator.grafana.views import View, panel_view
from simulator.observation.asked_once import Queries
from simulator.observation.every_panel import Look, Observation, Opened, Unreadable, every_panel
from simulator.observation.prometheus import Prometheus
from simulator.observation.replay import Replayed, aligned

__all__ = ["PanelReading", "panel_readings"]


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
    fields: tuple[Shown, ...] = ()
    error: str | None = None
    unsupported: tuple[str, ...] = ()


def panel_readings(
    dashboards: Sequence[Dashboard], prometheus: Prometheus, opened: Opened
) -> tuple[PanelReading, ...]:
    """What every panel that queries shows at the moment at which the dashboards are opened.

    Raises:
        UnreachablePrometheusError: nothing answers; a query that is refused is the panel's error.
    """
    look = Look(
        ask=_answers, see=lambda panel, answers: panel_view(panel, [one.answer for one in answers])
    )
    return tuple(map(_reading, every_panel(dashboards, prometheus, opened, look)))


def _answers(bound: BoundPanel, target: Target, queries: Queries) -> Iterator[Replayed]:
    """Instant targets at the end of the span, range targets over it on multiples of the step."""
    options = bound.query_options
    query, intervals = with_macros(bound, target)
    for kind in target.kinds:
        if kind == "instant":
            yield Replayed(Answer(query, queries.query(query.expr, at=options.end)), 0.0, 0.0)
            continue
        step = intervals.step / 1000
        start, end = (aligned(t, step, options.utc_offset) for t in (options.start, options.end))
        series = queries.query_range(query.expr, start=start, end=end, step_seconds=step)
        yield Replayed(Answer(query, series), step, options.span)


def _reading(observed: Observation[View] | Unreadable) -> PanelReading:
    reading = PanelReading(
        dashboard_uid=observed.dashboard.uid,
        dashboard_title=observed.dashboard.title,
        path=observed.panel.path,
        title=observed.panel.title,
        type=observed.panel.type,
    )
    if isinstance(observed, Unreadable):
        return replace(reading, unsupported=(observed.reason,))
    if observed.error:
        return replace(reading, error=observed.error)
    view = observed.seen
    return replace(reading, fields=view.shown, unsupported=view.unsupported)
