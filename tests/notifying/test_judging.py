"""What is said of notifications, given what fired and what came."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from simulator.errors import NotificationError
from simulator.grafana.model import Dashboard
from simulator.notifying.expected import Expected
from simulator.notifying.fates import Came
from simulator.notifying.firings import Firing, Labels
from simulator.notifying.judging import judged
from simulator.notifying.links import Links
from simulator.notifying.notification import Notification, NotifiedAlert
from simulator.notifying.results import AlertNotices, NoticeVerdict, Opens
from simulator.notifying.routing import routing_of
from simulator.rules.model import Alert, Place

PLACE = Place(Path("r.yml"))
RULE = Alert("A", "x > 1", 0.0, 0.0, {}, {}, PLACE)
ROUTING = routing_of(
    {
        "route": {"receiver": "page"},
        "receivers": [
            {"name": "page", "webhook_configs": [{}]},
            {"name": "mail", "email_configs": [{}]},
            {"name": "null"},
        ],
        "inhibit_rules": [{}],
    },
    "a.yml",
)
LABELS = {"alertname": "A", "job": "j"}


def firing(
    start: float = 1000.0,
    end: float | None = 3000.0,
    *,
    annotations: Mapping[str, str] = MappingProxyType({}),
    link: str = "",
) -> Firing:
    return Firing(LABELS, annotations, start, end, PLACE, link)


def told(at: float, *, fires: bool = True, receiver: str = "page") -> Notification:
    alert = NotifiedAlert(LABELS, {}, is_firing=fires)
    return Notification(at, receiver, {"alertname": "A"}, (alert,))


WELL = (told(1030.0), told(3010.0, fires=False))


def judge(
    *,
    firings: Sequence[Firing] = (firing(),),
    came: Sequence[Notification] = WELL,
    expected: Sequence[Expected] = (),
    links: Links | None = None,
    inhibited: Mapping[tuple[Labels, float], tuple[str, ...]] | None = MappingProxyType({}),
) -> AlertNotices:
    whole = Came(firings, came, 9000.0, 5.0, inhibited)
    asked = links or Links((), lambda _: "")
    (found,) = judged([(RULE, "")], whole, ROUTING, asked, expected).alerts
    return found


def test_one_that_is_told_in_time_and_over_is_right() -> None:
    found = judge()
    assert (found.verdict, found.problems) == (NoticeVerdict.TOLD, ())
    assert (found.n_firings, found.n_told, found.waits) == (1, 1, (30.0,))
    assert (found.n_ends, found.n_ends_told, found.n_notifications) == (1, 1, 1)
    assert (found.receivers, found.group_by) == (("page",), ("alertname",))


def test_one_that_nobody_is_told_of_is_wrong() -> None:
    found = judge(came=())
    assert found.verdict is NoticeVerdict.WRONG
    assert found.problems == ("nobody is told of 1 of its 1 firings",)


def test_one_whose_end_is_not_told_is_wrong() -> None:
    assert judge(came=WELL[:1]).problems == ("that it is over is not told 1 of 1 times",)


def test_who_is_never_told_of_ends_need_not_be() -> None:
    assert judge(came=[told(1030.0, receiver="mail")]).verdict is NoticeVerdict.TOLD


def test_one_that_fires_until_the_end_need_not_be_over() -> None:
    assert judge(firings=[firing(end=None)], came=WELL[:1]).verdict is NoticeVerdict.TOLD


def test_an_end_that_the_next_firing_follows_at_once_need_not_be_told() -> None:
    twice = [firing(end=2000.0), firing(2100.0)]
    assert judge(firings=twice, came=[told(1030.0), told(2110.0), WELL[1]]).n_ends == 1


def test_one_that_is_inhibited_says_by_what() -> None:
    inhibited = {(firing().key, 1000.0): ("B",)}
    found = judge(came=(), inhibited=inhibited)
    assert (found.verdict, found.inhibited_by) == (NoticeVerdict.INHIBITED, ("B",))


def test_where_nobody_knows_of_inhibitions_silence_is_not_judged() -> None:
    found = judge(came=(), inhibited=None)
    assert found.verdict is NoticeVerdict.NOT_JUDGED
    assert "an inhibition may be why" in found.reason


def test_one_that_never_lasts_until_its_group_is_told_is_wrong() -> None:
    (problem,) = judge(firings=[firing(end=1100.0)], came=()).problems
    assert (
        problem == "nobody is ever told: it is over after 1m40s at most, and a group waits "
        "for up to 5m"
    )


def test_one_that_only_tells_nobody_is_wrong() -> None:
    came = [replace(one, receiver="null") for one in WELL]
    assert judge(came=came).problems == ("told to null alone, which tells nobody",)


def test_one_that_never_fires_says_so() -> None:
    assert judge(firings=(), came=()).verdict is NoticeVerdict.NEVER_FIRES


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ({"within": 20.0}, "told after 30s, and within 20s expected, 1 of 1 times"),
        ({"receivers": frozenset({"mail"})}, "page told, and mail expected"),
        ({"receivers": frozenset()}, "page told, and nobody expected"),
        ({"group_by": frozenset({"job"})}, "grouped by alertname, and by job expected"),
    ],
)
def test_what_is_otherwise_than_expected_is_wrong(wanted: dict[str, Any], problem: str) -> None:
    assert judge(expected=[Expected("A", PLACE, **wanted)]).problems == (problem,)


@pytest.mark.parametrize(
    "wanted",
    [
        {"within": 26.0},  # and the precision
        {"receivers": frozenset({"page"})},
        {"group_by": frozenset({"alertname", "cluster"})},  # which it does not have
    ],
)
def test_what_is_as_expected_is_right(wanted: dict[str, Any]) -> None:
    assert judge(expected=[Expected("A", PLACE, **wanted)]).verdict is NoticeVerdict.TOLD


def test_one_that_is_expected_and_never_fires_is_wrong() -> None:
    wanted = Expected("A", PLACE, receivers=frozenset({"page"}))
    found = judge(firings=(), came=(), expected=[wanted])
    assert found.problems == ("nobody told, and page expected: it never fires",)


def test_something_expected_of_no_alert_is_refused() -> None:
    with pytest.raises(NotificationError, match="no alert is called B; there are: A"):
        judge(expected=[Expected("B", PLACE)])


def test_what_is_told_and_not_among_the_rules_is_named() -> None:
    other = Notification(1.0, "page", {}, (NotifiedAlert({"alertname": "C"}, {}, is_firing=True),))
    came = Came([], [other], 9000.0, 5.0, {})
    found = judged([(RULE, "")], came, ROUTING, Links((), str))
    assert found.notes == ("told as well, and not among the rules: C",)


BOARD = Dashboard(uid="kafka", title="Kafka", panels=())


def links_of(**annotations: str) -> dict[str, tuple[Opens, str]]:
    asked = Links([BOARD], lambda url: "it answers 404" if "gone" in url else "")
    found = judge(firings=[firing(annotations=annotations)], came=(), links=asked)
    return {one.source: (one.opens, one.reason) for one in found.links}


def test_links_are_opened_and_those_to_panels_held_against_dashboards() -> None:
    found = links_of(
        runbook_url="https://runbooks.example/lag",
        gone="see https://runbooks.example/gone.",
        panel="http://grafana:3000/d/kafka/x?viewPanel=9",
        board="http://grafana:3000/d/kafka",
        other="http://grafana:3000/d/other",
        shaped="https://x.example/?v={{ $value }}",
    )
    assert found["runbook_url"] == (Opens.YES, "")
    assert found["gone"] == (Opens.NO, "it answers 404")
    assert found["panel"] == (Opens.NO, "dashboard kafka has no panel 9")
    assert found["board"] == (Opens.YES, "by the dashboard that is given")
    assert found["other"] == (
        Opens.NOT_JUDGED,
        "no dashboard that is given has the uid other",
    )
    assert found["shaped"][0] is Opens.NOT_JUDGED


def test_a_link_that_does_not_open_is_wrong() -> None:
    asked = Links((), lambda _: "it answers 404")
    found = judge(firings=[firing(link="http://p/graph")], links=asked, came=())
    assert found.problems[-1] == "its generatorURL does not open: http://p/graph: it answers 404"
