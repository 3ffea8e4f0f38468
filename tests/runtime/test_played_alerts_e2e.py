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
from simulator.runtime.alert_lane import RunningLane
from simulator.runtime.played_alerts import Played, played

pytestmark = pytest.mark.e2e

PLACE = Place(Path("r.yml"))
SECONDS = 4.0
LEEWAY = 80.0
"""For a machine that is busy: a third of a second by the clock, and less than the next wait."""

DOCUMENT = {
    "route": {
        "receiver": "team",
        "group_by": ["alertname"],
        "group_interval": "2m",
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


DRIFT = [firing("Drift", "warning", at, 900.0, feature=f) for f, at in (("a", 100), ("b", 200))]
LAG = [
    firing("LagWarning", "warning", 300.0, 700.0, signal="lag"),
    firing("LagCritical", "critical", 300.0, 600.0, signal="lag"),
]
LATER = [firing("Lost", "critical", 90_000.0, None)]


def running_alertmanagers() -> list[psutil.Process]:
    children = psutil.Process().children(recursive=True)
    return [one for one in children if any("alertmanager" in word for word in one.cmdline())]


@pytest.fixture(scope="module")
def found(find_program: Callable[[str], str]) -> Played:
    find_program("alertmanager")
    return played(
        [*LATER, *DRIFT, *LAG],
        routing_of(DOCUMENT, "a.yml"),
        until=90_500.0,
        seconds=SECONDS,
        report=unreported,
    )


def told(found: Played, name: str) -> list[Notification]:
    return [
        one
        for one in sorted(found.came.notifications, key=lambda one: one.at)
        if any(alert.labels["alertname"] == name for alert in one.alerts)
    ]


def begin(name: str, found: Played) -> float:
    """When it was first told to the Alertmanager."""
    return min(one.start for one in found.came.firings if one.name == name)


def test_an_alert_is_told_when_its_group_has_waited(found: Played) -> None:
    first, second = told(found, "Drift")
    assert 30.0 <= first.at - begin("Drift", found) < 30.0 + LEEWAY
    assert 120.0 <= second.at - first.at + found.came.precision < 120.0 + LEEWAY
    assert (first.receiver, first.group) == ("team", {"alertname": "Drift"})
    assert [len(one.alerts) for one in (first, second)] == [1, 2]
    assert first.alerts[0].annotations == {"summary": "Drift is up"}


def test_the_end_is_told_to_who_is_told_of_ends(found: Played) -> None:
    begin, end = told(found, "LagCritical")
    assert (begin.receiver, begin.is_firing, end.is_firing) == ("page", True, False)
    over = next(one.end for one in found.came.firings if one.name == "LagCritical")
    assert over is not None
    assert over <= end.at < over + 120.0 + LEEWAY


def test_an_alert_that_others_keep_silent_says_which(found: Played) -> None:
    (names,) = (found.came.inhibited or {}).values()
    assert names == ("LagCritical",)


def test_quiet_time_is_left_out(found: Played) -> None:
    assert found.compress == pytest.approx((900.0 - 100.0 + 240.0) / SECONDS)
    (lost,) = told(found, "Lost")
    assert 30.0 <= lost.at - begin("Lost", found) < 30.0 + LEEWAY


def test_no_alertmanager_is_left(found: Played) -> None:
    assert found.came.notifications
    assert not running_alertmanagers()


def test_every_group_of_many_at_once_is_told(find_program: Callable[[str], str]) -> None:
    find_program("alertmanager")
    alone = routing_of({**DOCUMENT, "route": {"receiver": "page", "group_by": ["..."]}}, "a.yml")
    many = [firing("Pod", "critical", 100.0, 900.0, pod=str(n)) for n in range(200)]
    came = played(many, alone, until=2000.0, seconds=1.0, report=unreported).came
    assert Counter(one.is_firing for one in came.notifications) == {True: 200, False: 200}


def test_no_alertmanager_is_left_where_playing_is_interrupted(
    find_program: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    find_program("alertmanager")

    def interrupted(*_: object) -> None:
        assert running_alertmanagers()
        raise KeyboardInterrupt

    monkeypatch.setattr(RunningLane, "turn", interrupted)
    with pytest.raises(KeyboardInterrupt):
        played(DRIFT, routing_of(DOCUMENT, "a.yml"), until=5000.0, seconds=1.0, report=unreported)
    assert not running_alertmanagers()


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
