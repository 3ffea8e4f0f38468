"""Alerts as what they compare, whoever evaluates them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from simulator.checking.grafana_limits import grafana_limits
from simulator.checking.severities import level_of, severity_of
from simulator.promql.alarm_limits import AlarmLimit, alarm_limits
from simulator.promql.parsing import parsed
from simulator.rules.model import AnyAlert, GrafanaAlert, Group, Place

__all__ = ["Alarm", "Link", "alarms_in", "board_link"]

_BOARD: Final = re.compile(r"/d(?:-solo)?/([A-Za-z0-9_-]+)")
_URL: Final = re.compile(r"https?://[^\s\"'<>]+|/d/[^\s\"'<>]+")


@dataclass(frozen=True, slots=True)
class Link:
    """To a dashboard, and to one of its panels unless `panel` is ""."""

    dashboard: str
    panel: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Alarm:
    """An alert: the queries that it asks, and the limits that it compares with.

    `queries` are those that are read; `unread` says why it is not known what the alert compares.
    `reducer` is what a rule of Grafana's makes of each series, "" where the latest value counts.
    """

    name: str
    place: Place
    severity: str
    level: str
    queries: tuple[str, ...]
    limits: tuple[AlarmLimit, ...]
    hold: float
    keep_firing: float
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    links: tuple[Link, ...]
    is_grafana: bool = False
    reducer: str = ""
    unread: str = ""

    @property
    def subject(self) -> str:
        """What to call it."""
        return f"alert {self.name}"


def alarms_in(groups: tuple[Group, ...], levels: Mapping[str, str]) -> Iterator[Alarm]:
    """All alerts of the groups; `levels` are the colours of a person's own words of severity."""
    for group in groups:
        for alert in group.alerts:
            yield _alarm(alert, levels)


def _alarm(alert: AnyAlert, levels: Mapping[str, str]) -> Alarm:
    severity = severity_of(alert.labels)
    reducer, unread = "", ""
    if isinstance(alert, GrafanaAlert):
        found = grafana_limits(alert)
        queries, compared, reducer, unread = found.queries, found.limits, found.reducer, found.why
    else:
        queries, compared = (alert.expr,), alarm_limits(alert.expr)
        unread = "" if parsed(alert.expr) is not None else "its query cannot be parsed here"
    return Alarm(
        name=alert.name,
        place=alert.place,
        severity=severity,
        level=level_of(severity, levels),
        queries=queries,
        limits=compared,
        hold=alert.hold,
        keep_firing=alert.keep_firing,
        labels=alert.labels,
        annotations=alert.annotations,
        links=tuple(_links(alert)),
        is_grafana=isinstance(alert, GrafanaAlert),
        reducer=reducer,
        unread=unread,
    )


def _links(alert: AnyAlert) -> Iterator[Link]:
    """Links to panels in annotations, Grafana's own first."""
    uid = alert.annotations.get("__dashboardUid__", "")
    if uid:
        yield Link(uid, alert.annotations.get("__panelId__", ""))
    for text in (*alert.annotations.values(), *alert.labels.values()):
        for url in _URL.findall(text):
            link = board_link(url)
            if link is not None:
                yield link


def board_link(url: str) -> Link | None:
    """The dashboard and panel that an address of Grafana's leads to, if any.

    >>> board_link("http://localhost:3000/d/scoring-ml/model?viewPanel=panel-3")
    Link(dashboard='scoring-ml', panel='3')
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # of brackets that hold no address
        return None
    board = _BOARD.search(parts.path)
    query = parse_qs(parts.query)
    panel = next((query[k][0] for k in ("viewPanel", "panelId") if query.get(k)), "")
    return Link(board[1], panel.removeprefix("panel-")) if board else None
