"""An Alertmanager's configuration, pointed at us."""

from pathlib import Path
from typing import Any

import pytest

from simulator.errors import NotificationError
from simulator.installation import shipped
from simulator.notifying.routing import read_routing, routing_of

RECEIVERS: list[dict[str, Any]] = [
    {"name": "mail", "email_configs": [{"to": "a@b"}]},
    {"name": "page", "pagerduty_configs": [{"routing_key": "secret"}], "slack_configs": [{}]},
    {"name": "null"},
]


def document(**route: object) -> dict[str, Any]:
    return {
        "global": {"smtp_auth_password": "secret"},
        "templates": ["/etc/x.tmpl"],
        "route": {"receiver": "mail", **route},
        "receivers": RECEIVERS,
        "inhibit_rules": [{"equal": ["signal"]}],
    }


def test_every_receiver_tells_us_and_nothing_else() -> None:
    found = routing_of(document(), "a.yml").redirected("http://127.0.0.1:1/x")
    assert [one["name"] for one in found["receivers"]] == ["mail", "page", "null"]
    assert {tuple(one) for one in found["receivers"]} == {("name", "webhook_configs")}
    assert found["inhibit_rules"] == [{"equal": ["signal"]}]
    assert "secret" not in str(found)
    assert "templates" not in found


def test_the_end_is_told_where_one_of_the_ways_tells_it() -> None:
    routing = routing_of(document(), "a.yml")
    assert [routing.told_of_ends(name) for name in ("mail", "page", "null")] == [False, True, True]


def test_a_mail_may_tell_of_the_end_where_it_says_so() -> None:
    told = [{"name": "mail", "email_configs": [{"to": "a", "send_resolved": True}]}]
    assert routing_of({**document(), "receivers": told}, "a.yml").told_of_ends("mail")


def test_who_has_no_way_tells_nobody_unless_all_are_so() -> None:
    assert routing_of(document(), "a.yml").telling == {"mail", "page"}
    own = read_routing(shipped("compose") / "alertmanager" / "alertmanager.yml")
    assert own.telling == {"nowhere"}
    assert "none of the receivers has a way to tell anybody" in own.notes[0]


def test_waits_have_an_alertmanagers_defaults_and_units() -> None:
    below = [{"matchers": [], "group_interval": "1w"}]
    routing = routing_of(document(group_wait="10s", routes=below), "a.yml")
    assert routing.document["route"]["group_wait"] == "10s"
    assert routing.document["route"]["repeat_interval"] == "4h"
    assert routing.document["route"]["routes"][0]["group_interval"] == "7d"
    assert routing.longest_wait == 7 * 86400.0


def test_time_intervals_are_left_out_and_told() -> None:
    below = [{"receiver": "page", "mute_time_intervals": ["nights"]}]
    routing = routing_of(document(routes=below), "a.yml")
    assert "mute_time_intervals" not in routing.redirected("x")["route"]["routes"][0]
    assert "time intervals of 1 routes are left out" in routing.notes[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "no route is there"),
        ("route: {receiver: a}", "receivers: a list of them is wanted"),
        ("{route: {receiver: a}, receivers: [{x: 1}]}", "receivers.0: a receiver has a name"),
        ("{route: {group_wait: soon}, receivers: [{name: a}]}", "group_wait of a route is 'soon'"),
    ],
)
def test_what_is_no_configuration_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "alertmanager.yml"
    file.write_text(text)
    with pytest.raises(NotificationError, match=said):
        read_routing(file)
