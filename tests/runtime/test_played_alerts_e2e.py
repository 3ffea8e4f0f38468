"""Firings played to real Alertmanagers: what they tell, to whom, when, and how grouped."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from simulator.errors import StackError
from simulator.notifying.firings import Firing
from simulator.notifying.notification import Notification
from simulator.notifying.routing import routing_of
from simulator.progress import unreported
from simulator.rules.model import Place
from simulator.runtime.played_alerts import Played, played

pytestmark = pytest.mark.e2e

PLACE = Place(Path("r.yml"))
SECONDS = 4.0
DOCUMENT = {
    "route": {
        "receiver": "team",
        "group_by": ["alertname"],
        "routes": [{"receiver": "page", "matchers": ['severity="critical"']}],
    },
    "receivers": [
        {"name": "team", "slack_configs": [{"channel": "x"}]},
        {"name": "page", "pagerduty_configs": [{"routing_key": "x"}]},
    ],
    "inhibit_rules": [
        {
            "source_matchers": ['severity="critical"'],
            "target_matchers": ['severity="warning"'],
            "equal": ["signal"],
        }
    ],
}


def firing(name: str, severity: str, start: float, end: float | None, **labels: str) -> Firing:
    annotations = {"summary": f"{name} is up"}
    return Firing(
        {"alertname": name, "severity": severity, **labels}, annotations, start, end, PLACE
    )


DRIFT = [firing("Drift", "warning", at, 4000.0, feature=f) for f, at in (("a", 100), ("b", 200))]
LAG = [
    firing("LagWarning", "warning", 600.0, 3000.0, signal="lag"),
    firing("LagCritical", "critical", 600.0, 2400.0, signal="lag"),
]
LATER = [firing("Lost", "critical", 90_000.0, None)]


@pytest.fixture(scope="module")
def found(find_program: Callable[[str], str]) -> Played:
    find_program("alertmanager")
    return played(
        [*LATER, *DRIFT, *LAG],
        routing_of(DOCUMENT, "a.yml"),
        until=91_000.0,
        seconds=SECONDS,
        report=unreported,
    )


def told(found: Played, name: str) -> list[Notification]:
    return [
        one
        for one in sorted(found.came.notifications, key=lambda one: one.at)
        if any(alert.labels["alertname"] == name for alert in one.alerts)
    ]


def test_an_alert_is_told_when_its_group_has_waited(found: Played) -> None:
    first, second = told(found, "Drift")
    assert first.at - 100.0 == pytest.approx(30.0, abs=found.came.precision)
    assert second.at - 130.0 == pytest.approx(300.0, abs=found.came.precision)
    assert (first.receiver, first.group) == ("team", {"alertname": "Drift"})
    assert [len(one.alerts) for one in (first, second)] == [1, 2]
    assert first.alerts[0].annotations == {"summary": "Drift is up"}


def test_the_end_is_told_to_who_is_told_of_ends(found: Played) -> None:
    begin, end = told(found, "LagCritical")
    assert (begin.receiver, begin.is_firing, end.is_firing) == ("page", True, False)
    assert 2400.0 <= end.at <= 2400.0 + 300.0 + found.came.precision


def test_an_alert_that_others_keep_silent_says_which(found: Played) -> None:
    (names,) = (found.came.inhibited or {}).values()
    assert names == ("LagCritical",)


def test_quiet_time_is_left_out(found: Played) -> None:
    assert found.compress == pytest.approx((4000.0 - 100.0 + 600.0) / SECONDS)
    (lost,) = told(found, "Lost")
    assert lost.at - 90_000.0 == pytest.approx(30.0, abs=found.came.precision)


def test_no_alertmanager_is_left(found: Played) -> None:
    assert found.came.notifications
    children = psutil.Process().children(recursive=True)
    assert not [one for one in children if "alertmanager" in one.name()]


def test_every_group_of_many_at_once_is_told(find_program: Callable[[str], str]) -> None:
    find_program("alertmanager")
    alone = routing_of({**DOCUMENT, "route": {"receiver": "page", "group_by": ["..."]}}, "a.yml")
    many = [firing("Pod", "critical", 100.0, 900.0, pod=str(n)) for n in range(200)]
    came = played(many, alone, until=2000.0, seconds=1.0, report=unreported).came
    assert Counter(one.is_firing for one in came.notifications) == {True: 200, False: 200}


def test_routes_that_an_alertmanager_refuses_are_named(find_program: Callable[[str], str]) -> None:
    find_program("alertmanager")
    routing = routing_of({**DOCUMENT, "route": {"receiver": "nobody"}}, "mine.yml")
    with pytest.raises(
        StackError, match=r"starts with mine\.yml(?s:.*)undefined receiver .*nobody"
    ):
        played(DRIFT, routing, until=5000.0, seconds=1.0, report=unreported)


def test_nothing_is_started_where_nothing_fires() -> None:
    found = played((), routing_of(DOCUMENT, "a.yml"), until=5000.0, seconds=1.0, report=unreported)
    assert (found.came.notifications, found.compress) == ((), 1.0)
