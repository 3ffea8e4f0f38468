"""What each panel of some dashboards shows: every one bound, asked and looked at in one way."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import partial
from typing import Generic, TypeVar

from simulator.errors import DashboardError, PrometheusError
from simulator.grafana.bound_panels import (
    BoundPanel,
    ForeignDataSourceError,
    QueryOptions,
    bound_panels,
    require_prometheus,
)
from simulator.grafana.model import Dashboard, Panel
from simulator.grafana.panel_types import panel_type
from simulator.grafana.time_ranges import TimeRange
from simulator.grafana.variables import Binding, Given
from simulator.observation.asked_once import AskedOnce, Queries
from simulator.observation.asked_targets import Ask, AskedTargets, QueryResult
from simulator.observation.at_once import at_once
from simulator.observation.dashboard_variables import dashboard_bindings
from simulator.observation.prometheus import Prometheus
from simulator.observation.replay import Replayed
from simulator.progress import Progress, Report, unreported
from simulator.quoting import quoted
from simulator.timeline.localtime import PARIS

__all__ = [
    "Look",
    "Observation",
    "Opened",
    "QueryResult",
    "Unreadable",
    "every_panel",
]

_AT_ONCE = 3
"""Panels asked at the same time: one for each of two processors, and one that is being read."""

_Seen = TypeVar("_Seen")


@dataclass(frozen=True, slots=True)
class Opened:
    """How dashboards are opened: `at` is now, in unix seconds, and ranges are in seconds.

    The time range is the last `time_range` seconds, else the dashboard's own; `viewer` is the time
    zone of a browser, for dashboards that leave it to that. Variables have the values `variables`
    gives them; the lists of what there is to choose go back to `since`. `scrape_interval` and
    `max_data_points` are as in `QueryOptions`.
    """

    at: float
    time_range: float | None = None
    viewer: tzinfo = PARIS
    since: float | None = None
    variables: Given = field(default_factory=dict)
    scrape_interval: str = "15s"
    max_data_points: int = 1000

    def panels(self, dashboard: Dashboard, prometheus: Prometheus) -> Iterator[BoundPanel]:
        """The panels of a dashboard as it is opened.

        Raises:
            UnreachablePrometheusError: nothing answers.
        """
        options, error = self._query_options(dashboard)
        for bound in bound_panels(dashboard, self.bindings(dashboard, prometheus), options):
            yield replace(bound, error=error or bound.error)

    def bindings(self, dashboard: Dashboard, prometheus: Prometheus) -> dict[str, Binding]:
        """What the variables of a dashboard stand for as it is opened.

        Raises:
            UnreachablePrometheusError: nothing answers.
        """
        options, _ = self._query_options(dashboard)
        return dashboard_bindings(dashboard, prometheus, self.variables, options, since=self.since)

    def _query_options(self, dashboard: Dashboard) -> tuple[QueryOptions, DashboardError | None]:
        """And why the dashboard's time range cannot be read; None where it can."""
        chosen = TimeRange(last=self.time_range) if self.time_range else None
        plain = QueryOptions(
            self.at,
            scrape_interval=self.scrape_interval,
            max_data_points=self.max_data_points,
        )
        try:
            viewed = dashboard.viewed(self.viewer, chosen)
            viewed.at(self.at)
        except DashboardError as error:
            return plain, error
        return replace(plain, viewed=viewed), None


@dataclass(frozen=True, slots=True)
class Look(Generic[_Seen]):
    """A way of looking at a panel: how its targets are asked, and what is seen of the answers.

    `drawn` may have it drawn in another way than the dashboard does.
    """

    ask: Ask
    see: Callable[[Panel, Sequence[Replayed]], _Seen]
    drawn: Callable[[BoundPanel], BoundPanel] = lambda bound: bound


@dataclass(frozen=True, slots=True, eq=False)
class Observation(Generic[_Seen]):
    """A panel as it was drawn, and what was seen of it by the results of its targets.

    Those that are hidden are left out.
    """

    dashboard: Dashboard
    panel: Panel
    results: tuple[QueryResult, ...]
    seen: _Seen

    @property
    def error(self) -> str:
        """Why a query has no answer, the first one where there are several; "" where all have."""
        failed = (one.error for one in self.results if one.target.is_queried and one.error)
        return next(map(str, failed), "")


@dataclass(frozen=True, slots=True, eq=False)
class Unreadable:
    """A panel that cannot be read at all, and why; it has not been asked.

    `is_refused` says that a variable's query is at fault, and not how the panel is read.
    """

    dashboard: Dashboard
    panel: Panel
    reason: str
    is_refused: bool = False


def every_panel(  # noqa: PLR0913 - what is looked at, how, and who hears of it
    dashboards: Iterable[Dashboard],
    prometheus: Prometheus,
    opened: Opened,
    look: Look[_Seen],
    *,
    is_wanted: Callable[[Panel], bool] = lambda _: True,
    report: Report = unreported,
    queries: AskedOnce | None = None,
) -> Iterator[Observation[_Seen] | Unreadable]:
    """What every wanted panel shows, as often as it is drawn, in drawing order.

    What was asked once is remembered in `queries` for further calls, where they are given.

    Raises:
        UnreachablePrometheusError: nothing answers. A query that is refused is in the results of
            its panel, and that of a variable makes the panels that use it unreadable.
    """
    every = [
        (board, bound)
        for board in dashboards
        for bound in opened.panels(board, prometheus)
        if is_wanted(bound.panel)
    ]
    observe = partial(_observation, queries=queries or AskedOnce(prometheus), look=look)
    for done, one in enumerate(at_once(observe, every, most=_AT_ONCE), start=1):
        yield one
        report(Progress("panels", done, len(every), one.panel.title))


def _observation(
    drawn: tuple[Dashboard, BoundPanel], *, queries: Queries, look: Look[_Seen]
) -> Observation[_Seen] | Unreadable:
    dashboard, bound = drawn
    if reason := _unreadable(bound):
        is_refused = isinstance(bound.error, PrometheusError)
        return Unreadable(dashboard, bound.panel, reason, is_refused)
    bound = look.drawn(bound)
    asked = AskedTargets(bound, queries, look.ask)
    results = tuple(asked.result(one) for one in bound.panel.targets if not one.hide)
    answers = [answer for one in results for answer in one.answers]
    return Observation(dashboard, bound.panel, results, look.see(bound.panel, answers))


def _unreadable(bound: BoundPanel) -> str:
    """Why a panel cannot be read at all; "" for one that can."""
    panel = bound.panel
    if bound.error:
        return str(bound.error)
    if panel.unresolved:
        return panel.unresolved
    kind = panel_type(panel.type)
    if kind.is_read:
        return ""
    if foreign := _foreign(panel):
        return foreign
    return ": ".join(filter(None, (f"panel type {quoted(panel.type)}", kind.why_unread)))


def _foreign(panel: Panel) -> str:
    """That all its targets ask another data source, in the words of the first; else ""."""
    said = ""
    for one in panel.targets:
        try:
            require_prometheus(panel, one)
        except ForeignDataSourceError as error:
            said = said or str(error)
        else:
            return ""
    return said
