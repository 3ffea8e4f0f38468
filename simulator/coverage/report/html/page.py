"""The page: a headline, what is missing, the episodes, and every panel over time."""

from dataclasses import dataclass

from simulator.coverage.places import Place, uncovered
from simulator.coverage.report.html.episode_bars import episode_bars
from simulator.coverage.report.html.panel_view import PanelView, badge, panel_view
from simulator.coverage.report.notice_text import notice_text, notices_summary
from simulator.coverage.report.verdict_text import alert_text, band_text, uncovered_text
from simulator.coverage.verdicts import Coverage, Excluded
from simulator.drawing.axes import time_axis
from simulator.drawing.lanes import Lanes
from simulator.drawing.page_templates import Badge, page_environment
from simulator.drawing.quantities import counted, duration_text, moment_text
from simulator.grafana.colors import css_color

__all__ = ["html_report"]


@dataclass(frozen=True, slots=True)
class UncoveredRow:
    """An entry of the list of what is missing, and the panel it leads to."""

    anchor: str
    panel: str
    what: str
    color: str
    badge: Badge
    text: str


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert: its verdict, what it did, and the panels that show it, by title and anchor."""

    name: str
    severity: str
    badge: Badge
    text: str
    panels: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BoardView:
    """A dashboard: panels with thresholds, those without, and those that are not judged."""

    title: str
    uid: str
    judged: tuple[PanelView, ...]
    others: tuple[PanelView, ...]
    excluded: tuple[Excluded, ...] = ()

    @property
    def panels(self) -> tuple[PanelView, ...]:
        """All of them."""
        return (*self.judged, *self.others)


def html_report(coverage: Coverage) -> str:
    """The page as one file of HTML, in UTF-8, that loads nothing from anywhere."""
    environment = page_environment("simulator.coverage.report.html")
    episodes = episode_bars(coverage)
    return environment.get_template("page.html.j2").render(
        headline=_headline(coverage),
        is_complete=coverage.is_complete,
        scenario=coverage.scenario,
        facts=_facts(coverage),
        notes=coverage.notes,
        uncovered=[_uncovered_row(place, coverage) for place in uncovered(coverage)],
        boards=_boards(coverage, episodes),
        alerts=_alert_rows(coverage),
        episodes=episodes.bars,
        time=time_axis(coverage.start, coverage.end),
    )


def _headline(coverage: Coverage) -> str:
    steps, exercised = coverage.steps, coverage.n_steps_exercised
    alerts, n_alerts = len(coverage.alerts), coverage.n_alerts_exercised
    if alerts > n_alerts:
        of_steps = f"{exercised} of {counted(len(steps), 'threshold step')}"
        return f"{of_steps} and {n_alerts} of {counted(alerts, 'alert')} exercised"
    if not steps:
        return "No threshold steps to exercise"
    if exercised == len(steps):
        return f"All {counted(len(steps), 'threshold step')} exercised"
    return f"{exercised} of {counted(len(steps), 'threshold step')} exercised"


def _facts(coverage: Coverage) -> list[tuple[str, str]]:
    span = duration_text(coverage.end - coverage.start)
    n_excluded = len(coverage.excluded)
    not_judged = f", {n_excluded} not judged" if n_excluded else ""
    return [
        ("span", f"{moment_text(coverage.start)} to {moment_text(coverage.end)} UTC"),
        ("length", f"{span}, looked at every {duration_text(coverage.resolution)}"),
        (
            "panels",
            f"{coverage.n_panels_with_data} of {len(coverage.panels)} with data{not_judged}",
        ),
        ("episodes", str(len(coverage.episodes))),
        *_alert_facts(coverage),
    ]


def _alert_facts(coverage: Coverage) -> list[tuple[str, str]]:
    if not coverage.alerts:
        return []
    facts = [("alerts", f"{coverage.n_alerts_exercised} of {len(coverage.alerts)} exercised")]
    if coverage.notifications is not None:
        facts.append(("notifications", notices_summary(coverage.notifications)))
    return facts


def _alert_rows(coverage: Coverage) -> list[AlertRow]:
    anchors = _anchors(coverage)
    notices = coverage.notifications.alerts if coverage.notifications else ()
    told = {one.place: notice_text(one) for one in notices if one.n_firings}
    by_title = {one.title or one.path: anchors[id(one)] for one in reversed(coverage.panels)}
    return [
        AlertRow(
            name=one.name,
            severity=one.severity,
            badge=badge(one.verdict, is_allowed=one.is_allowed),
            text="; ".join(filter(None, (alert_text(one, coverage), told.get(one.place, "")))),
            panels=tuple((title, by_title[title]) for title in one.panels if title in by_title),
        )
        for one in coverage.alerts
    ]


def _boards(coverage: Coverage, episodes: Lanes) -> list[BoardView]:
    anchors = _anchors(coverage)
    boards: list[BoardView] = []
    for dashboard in coverage.dashboards:
        views = [
            panel_view(dashboard, panel, coverage, episodes, anchor=anchors[id(panel)])
            for panel in dashboard.panels
        ]
        judged = tuple(view for view in views if view.has_steps or view.empty)
        others = tuple(view for view in views if not (view.has_steps or view.empty))
        name = dashboard.title or dashboard.uid
        boards.append(BoardView(name, dashboard.uid, judged, others, dashboard.excluded))
    return boards


def _anchors(coverage: Coverage) -> dict[int, str]:
    """The anchor of each panel by its identity: titles are not unique, nor are ids."""
    return {id(panel): f"panel-{number}" for number, panel in enumerate(coverage.panels, start=1)}


def _uncovered_row(place: Place, coverage: Coverage) -> UncoveredRow:
    what = place.field.name if place.field else ""
    if place.finding:
        what = f"query {place.finding.source}: {place.finding.code}"
    if place.field and place.step:
        band = band_text(place.step, place.field)
        what = band if len(place.panel.fields) == 1 else f"{what} {band}"
    return UncoveredRow(
        anchor=_anchors(coverage)[id(place.panel)],
        panel=place.panel.title or place.panel.path,
        what=what,
        color=css_color(place.step.color) if place.step else "",
        badge=badge(place.verdict, is_allowed=place.is_allowed),
        text=uncovered_text(place, coverage),
    )
