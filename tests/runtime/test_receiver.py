"""A webhook on loopback that takes notifications."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from simulator.notifying.notification import Notification
from simulator.runtime.receiver import NOTIFICATIONS_PATH, Receiver

SENT: dict[str, Any] = {
    "version": "4",
    "receiver": "page",
    "status": "firing",
    "groupLabels": {"alertname": "A"},
    "alerts": [{"status": "firing", "labels": {"alertname": "A"}, "annotations": {"x": "y"}}],
    "truncatedAlerts": 0,
}


@pytest.fixture
def seen() -> list[Notification]:
    return []


@pytest.fixture
def receiver(seen: list[Notification]) -> Iterator[Receiver]:
    with Receiver(seen.append) as found:
        yield found


def post(receiver: Receiver, text: str, **headers: str) -> requests.Response:
    return requests.post(f"{receiver.url}/3", data=text, headers=headers, timeout=5)


def test_what_is_sent_is_kept_with_its_path_and_told(
    receiver: Receiver, seen: list[Notification]
) -> None:
    assert post(receiver, json.dumps(SENT)).status_code == 200
    (one,) = receiver.received
    assert (one.path, one.notification.receiver) == ("/3", "page")
    assert one.notification.alerts[0].labels == {"alertname": "A"}
    assert seen == [one.notification]


def test_it_tells_what_came_as_json(receiver: Receiver) -> None:
    post(receiver, json.dumps(SENT))
    found = requests.get(receiver.url + NOTIFICATIONS_PATH, timeout=5).json()
    assert found["lost"] == 0
    assert [one["sent"] for one in found["notifications"]] == [SENT]
    assert found["notifications"][0]["at"] > 1.7e9
    assert requests.get(receiver.url, timeout=5).status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "a notification is a mapping"),
        ("{}", "has a receiver and a list of alerts"),
        (json.dumps({**SENT, "alerts": [{"status": "on"}]}), "firing or resolved, not 'on'"),
    ],
)
def test_what_is_no_notification_is_refused(receiver: Receiver, text: str, said: str) -> None:
    answer = post(receiver, text)
    assert (answer.status_code, receiver.received) == (400, ())
    assert said in answer.text


def test_what_is_too_long_is_not_read(receiver: Receiver) -> None:
    with requests.Session() as session:
        request = requests.Request("POST", receiver.url, data=b"").prepare()
        request.headers["Content-Length"] = str(5 * 1024 * 1024)
        assert session.send(request, timeout=5).status_code == 413


def test_it_listens_on_loopback_and_no_longer_than_it_is_open(seen: list[Notification]) -> None:
    with Receiver(seen.append) as receiver:
        url = receiver.url
    assert url.startswith("http://127.0.0.1:")
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)
