"""What is told of alerts whose firings are known: played to an Alertmanager, or told by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from simulator.coverage.verdicts import AlertCoverage, Coverage, Verdict
from simulator.errors import NotificationError
from simulator.grafana.model import Dashboard
from simulator.http.endpoint import Endpoint
from simulator.http.exchange_budget import MEBIBYTE
from simulator.http.failures import refusal, stranger
from simulator.http.service import ExchangeErrors, Service
from simulator.http.session import Session
from simulator.notifying.expected import Expected
from simulator.notifying.fates import Came
from simulator.notifying.firings import Firing, firings_of
from simulator.notifying.judging import judged
from simulator.notifying.links import Links
from simulator.notifying.notification import Notification, notification_in
from simulator.notifying.opened import why_not_open
from simulator.notifying.results import NotificationCoverage
from simulator.notifying.routing import Routing
from simulator.progress import Report
from simulator.reading.json_text import json_in
from simulator.rules.model import Alert, AnyAlert, Group
from simulator.runtime.played_alerts import played
from simulator.runtime.receiver import NOTIFICATIONS_PATH

__all__ = ["Asked"]

_SECONDS: Final = 10.0
_RECEIVER: Final = Service(
    "receiver of `simulator stack`",
    "SIMULATOR_RECEIVER",
    ExchangeErrors.all(NotificationError),
)
_LOST: Final = "the receiver kept the latest 10,000 notifications, and {} before them are lost"
_BY_GRAFANA: Final = "Grafana evaluates it, and tells of it by its own notification policies"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which alerts are looked at, how they are routed, and what is expected of them."""

    rules: Sequence[Group]
    dashboards: Sequence[Dashboard]
    routing: Routing
    expected: Sequence[Expected] = ()

    def played(
        self, coverage: Coverage, prometheus_url: str, *, seconds: float, report: Report
    ) -> NotificationCoverage:
        """What real Alertmanagers tell of what the alerts did, within about so many seconds.

        Raises:
            StackError: an Alertmanager is missing, or does not do what it should.
            NotificationError: something is expected of an alert that there is not.
        """
        firings = list(self._firings(coverage, prometheus_url))
        found = played(firings, self.routing, until=coverage.end, seconds=seconds, report=report)
        return replace(self._judged(coverage, found.came), compress=found.compress)

    def received(
        self, coverage: Coverage, prometheus_url: str, *, receiver: str
    ) -> NotificationCoverage:
        """What a receiver that is running was told in the time of the coverage.

        Raises:
            NotificationError: it does not answer, or something else does.
        """
        notifications, notes = _received(receiver)
        intervals = [group.interval or coverage.resolution for group in self.rules]
        precision = max([*intervals, coverage.resolution])
        came = Came(
            firings=list(self._firings(coverage, prometheus_url)),
            notifications=[
                one for one in notifications if coverage.start <= one.at <= coverage.end + precision
            ],
            until=coverage.end,
            precision=precision,
        )
        found = self._judged(coverage, came)
        return replace(found, notes=(*found.notes, *notes))

    def _judged(self, coverage: Coverage, came: Came) -> NotificationCoverage:
        links = Links(self.dashboards, why_not_open)
        alerts = [(alert, _why_not(alert, one)) for alert, one in self._alerts(coverage)]
        return judged(alerts, came, self.routing, links, self.expected)

    def _firings(self, coverage: Coverage, prometheus_url: str) -> Iterator[Firing]:
        for alert, one in self._alerts(coverage):
            if isinstance(alert, Alert) and one.history is not None:
                yield from firings_of(alert, one.history, prometheus_url=prometheus_url)

    def _alerts(self, coverage: Coverage) -> Iterator[tuple[AnyAlert, AlertCoverage]]:
        alerts = [alert for group in self.rules for alert in group.alerts]
        return zip(alerts, coverage.alerts, strict=True)


def _why_not(alert: AnyAlert, one: AlertCoverage) -> str:
    """Why an alert's notifications are not judged, "" where they are."""
    if not isinstance(alert, Alert):
        return _BY_GRAFANA
    if one.verdict in {Verdict.ERROR, Verdict.UNSUPPORTED}:
        return one.reason
    return ""


def _received(url: str) -> tuple[list[Notification], list[str]]:
    endpoint = Endpoint.parse(url, of=_RECEIVER)
    with Session(endpoint, timeout_seconds=_SECONDS, most_bytes=64 * MEBIBYTE) as session:
        answer = session.exchange("GET", NOTIFICATIONS_PATH)
    if not answer.is_success:
        raise refusal(endpoint, f"GET {NOTIFICATIONS_PATH}", answer)
    text = answer.body.decode(errors="replace")
    whole: Any = json_in(text, endpoint.url, error=NotificationError)
    try:
        found = [notification_in(one["sent"], float(one["at"])) for one in whole["notifications"]]
        lost = int(whole["lost"])
    except (LookupError, TypeError, ValueError) as error:
        raise stranger(endpoint, NOTIFICATIONS_PATH, answer) from error
    return found, [_LOST.format(lost)] if lost else []
