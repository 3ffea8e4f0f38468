"""The coverage of dashboards: every panel of every dashboard judged over one span of time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from simulator.coverage.panel_coverage import panel_coverage
from simulator.coverage.verdicts import Coverage, DashboardCoverage, PanelCoverage
from simulator.errors import CoverageError
from simulator.grafana.intervals import relative_milliseconds
from simulator.grafana.model import Dashboard
from simulator.grafana.variables import Given
from simulator.observation.at_once import at_once
from simulator.observation.prometheus import Prometheus
from simulator.observation.queries import BoundPanel, QueryOptions, bound_panels, dashboard_bindings
from simulator.observation.replay import Moments
from simulator.progress import Progress, Report, unreported
from simulator.scenario.timed_run import EpisodeSpan

__all__ = ["CoverPlan", "cover"]

_AT_ONCE = 2
"""Panels asked at the same time: more would only wait for Prometheus."""

_MOST_MOMENTS = 1_000_000


@dataclass(frozen=True, slots=True)
class CoverPlan:
    """What is looked at: a span in unix seconds, a moment every `resolution` seconds.

    `variables` are values chosen in the dashboards; `scrape_interval` is the one set in the data
    source, and `max_data_points` is for panels without their own. Both decide the steps of plots,
    $__interval and $__rate_interval, together with the time range that a dashboard is opened with:
    its own, or `time_range` seconds.
    """

    start: float
    end: float
    resolution: float = 15.0
    variables: Given = field(default_factory=dict)
    scrape_interval: str = "15s"
    max_data_points: int = 1000
    time_range: float | None = None
    episodes: tuple[EpisodeSpan, ...] = ()
    scenario: str = ""

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise CoverageError(f"a span from {self.start:g} to {self.end:g} holds no time")
        if not self.resolution > 0.0:
            raise CoverageError(f"a resolution of {self.resolution:g} s is no step of time")
        if (self.end - self.start) / self.resolution > _MOST_MOMENTS:
            raise CoverageError(
                f"{self.end - self.start:g} s in steps of {self.resolution:g} s are more than "
                f"{_MOST_MOMENTS:,} moments; take a longer step, or less time"
            )

    @property
    def moments(self) -> Moments:
        """When panels are looked at."""
        return Moments(self.start, self.end, self.resolution)


def cover(
    dashboards: Sequence[Dashboard],
    prometheus: Prometheus,
    plan: CoverPlan,
    *,
    report: Report = unreported,
) -> Coverage:
    """The verdict on every panel, field and threshold step, with its witness.

    Raises:
        PrometheusError: nothing answers, or a variable's query is refused.
    """
    asked = [_asked(board, prometheus, plan) for board in dashboards]
    every = [one for panels in asked for one in panels]
    judged: list[PanelCoverage] = []
    judge = partial(
        panel_coverage, prometheus=prometheus, moments=plan.moments, episodes=plan.episodes
    )
    for panel in at_once(judge, every, most=_AT_ONCE):
        judged.append(panel)
        report(Progress("panels", len(judged), len(every), panel.title))
    left = iter(judged)
    return Coverage(
        start=plan.start,
        end=plan.end,
        resolution=plan.resolution,
        dashboards=tuple(
            DashboardCoverage(board.uid, board.title, tuple(islice(left, len(panels))))
            for board, panels in zip(dashboards, asked, strict=True)
        ),
        episodes=plan.episodes,
        scenario=plan.scenario,
    )


def _asked(dashboard: Dashboard, prometheus: Prometheus, plan: CoverPlan) -> list[BoundPanel]:
    own = (relative_milliseconds(dashboard.time_from) or 0.0) / 1000
    opened = plan.time_range or own or plan.end - plan.start
    options = QueryOptions(plan.end, opened, plan.scrape_interval, plan.max_data_points)
    bindings = dashboard_bindings(dashboard, prometheus, plan.variables, options, since=plan.start)
    return list(bound_panels(dashboard, bindings, options))
