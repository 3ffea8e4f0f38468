"""The coverage of dashboards: every panel of every dashboard judged over one span of time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from simulator.coverage.alert_coverage import Watch, alert_coverage
from simulator.coverage.alert_panels import panels_of
from simulator.coverage.board_notes import board_notes
from simulator.coverage.causes.effects import Effects
from simulator.coverage.panel_coverage import panel_coverage
from simulator.coverage.verdicts import Coverage, DashboardCoverage, Excluded, PanelCoverage
from simulator.errors import CoverageError
from simulator.grafana.bound_panels import asks_nothing
from simulator.grafana.intervals import duration_milliseconds
from simulator.grafana.model import Dashboard
from simulator.grafana.variables import Given
from simulator.notifying.results import NotificationCoverage
from simulator.observation.every_panel import Opened, every_panel
from simulator.observation.known_series import KnownSeries
from simulator.observation.over_time import over_time
from simulator.observation.prometheus import Prometheus
from simulator.observation.replay import Moments
from simulator.progress import Report, unreported
from simulator.rules.model import Group, Recording
from simulator.scenario.timed_run import EpisodeSpan
from simulator.timeline.localtime import PARIS

__all__ = ["CoverPlan", "cover", "known_series", "opened_as", "watch_of"]

_MOST_MOMENTS = 1_000_000
_BEFORE_SECONDS = 86_400.0
"""Series that ended so long before the span may be asked for with an offset."""


@dataclass(frozen=True, slots=True)
class CoverPlan:
    """What is looked at: a span in unix seconds, a moment every `resolution` seconds.

    `variables` are values chosen in the dashboards; `scrape_interval` is the one set in the data
    source, and `max_data_points` is for panels without their own. Both decide the steps of plots,
    $__interval and $__rate_interval, together with the time range that a dashboard is opened with:
    its own, or the last `time_range` seconds. `viewer` is the zone of a browser, for dashboards
    that leave it to that. `effects` tell what the `episodes` do; without them, beside a step stand
    all that were on. `rules` have the alerts that are judged, too; `calm` is a span in which
    nothing is wrong, so that they have to be silent. `notices` says what is told of them, given
    what they did and the address of the Prometheus; without it nobody looks.
    """

    start: float
    end: float
    resolution: float = 15.0
    variables: Given = field(default_factory=dict)
    scrape_interval: str = "15s"
    max_data_points: int = 1000
    time_range: float | None = None
    viewer: tzinfo = PARIS
    episodes: tuple[EpisodeSpan, ...] = ()
    effects: Effects | None = None
    scenario: str = ""
    rules: tuple[Group, ...] = ()
    calm: tuple[float, float] | None = None
    notices: Callable[[Coverage, str], NotificationCoverage] | None = None

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
    opened = opened_as(plan)
    panels: dict[int, list[PanelCoverage]] = {id(board): [] for board in dashboards}
    look = over_time(plan.moments)
    known = known_series(prometheus, plan)
    for one in every_panel(dashboards, prometheus, opened, look, report=report):
        panels[id(one.dashboard)].append(panel_coverage(one, plan.episodes, known, plan.effects))
    notes = [
        note
        for board in dashboards
        for note in board_notes(board, opened.bindings(board, prometheus), known)
    ]
    found = Coverage(
        start=plan.start,
        end=plan.end,
        resolution=plan.resolution,
        dashboards=tuple(
            DashboardCoverage(
                board.uid,
                board.title,
                tuple(panels[id(board)]),
                tuple(_excluded(board)),
            )
            for board in dashboards
        ),
        episodes=plan.episodes,
        scenario=plan.scenario,
        notes=tuple(dict.fromkeys(notes)),
        alerts=tuple(alert_coverage(plan.rules, prometheus, watch_of(dashboards, plan), known)),
    )
    if plan.notices is None:
        return found
    return replace(found, notifications=plan.notices(found, prometheus.url))


def opened_as(plan: CoverPlan) -> Opened:
    """How the plan's dashboards are opened."""
    return Opened(
        plan.end,
        time_range=plan.time_range,
        viewer=plan.viewer,
        since=plan.start,
        variables=plan.variables,
        scrape_interval=plan.scrape_interval,
        max_data_points=plan.max_data_points,
    )


def known_series(prometheus: Prometheus, plan: CoverPlan) -> KnownSeries:
    """Which series there are in the plan's span, and a day before it."""
    return KnownSeries(
        prometheus,
        plan.start - _BEFORE_SECONDS,
        plan.end,
        duration_milliseconds(plan.scrape_interval) / 1000,
    )


def watch_of(dashboards: Sequence[Dashboard], plan: CoverPlan) -> Watch:
    """When the plan's alerts are looked at, and which of the dashboards' panels show them."""
    return Watch(
        start=plan.start,
        end=plan.end,
        interval=plan.resolution,
        calm=plan.calm,
        episodes=plan.episodes,
        effects=plan.effects,
        recordings=_recordings(plan.rules),
        panels=panels_of(dashboards, plan.rules),
    )


def _recordings(groups: Sequence[Group]) -> dict[str, list[str]]:
    """The queries of each recorded metric."""
    found: dict[str, list[str]] = {}
    for group in groups:
        for rule in group.rules:
            if isinstance(rule, Recording):
                found.setdefault(rule.name, []).append(rule.expr)
    return found


def _excluded(board: Dashboard) -> Iterator[Excluded]:
    """The panels of a file that are not judged, so that none is left out in silence."""
    for panel in board.panels:
        if asks_nothing(panel):
            yield Excluded(panel.path, panel.title, panel.type, "it asks nothing")
    for panel in board.unplaced:
        yield Excluded(panel.path, panel.title, panel.type, "it is not in the layout")
