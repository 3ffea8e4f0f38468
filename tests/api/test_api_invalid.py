"""Input that cannot be used: it is refused with its field's name, counted, and never breaks us."""

from __future__ import annotations

import asyncio
import json
import math
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.api.measuring import MAX_BODY_BYTES
from simulator.quoting import MOST_QUOTED
from simulator.scenario.vocabulary import CHANNELS, FEATURES
from tests.support.scoring_client import (
    JSON,
    Client,
    answered,
    application,
    batch,
    counted,
    statuses,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import httpx


def fields(answer: httpx.Response) -> list[str]:
    return [problem["field"] for problem in answer.json()["detail"]]


WRONG: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("channel", lambda body: body.update(channel="fax")),
    ("channel", lambda body: body.pop("channel")),
    ("applicant", lambda body: body.update(applicant=None)),
    ("applicant.applicant_id", lambda body: body["applicant"].update(applicant_id="no spaces")),
    ("applicant.applicant_id", lambda body: body["applicant"].update(applicant_id="a\n")),
    ("applicant.applicant_id", lambda body: body["applicant"].update(applicant_id="a" * 65)),
    ("applicant.applicant_id", lambda body: body["applicant"].update(applicant_id="\ud800")),
    ("applicant.last_name", lambda body: body["applicant"].update(last_name="Lovelace")),
    ("applicant.city", lambda body: body["applicant"].update(city="Lyon")),
    ("applicant.iban", lambda body: body["applicant"].update(iban="FR76")),
    ("features.age", lambda body: body["features"].update(age=17.9)),
    ("features.age", lambda body: body["features"].update(age=math.nan)),
    ("features.age", lambda body: body["features"].pop("age")),
    ("features.net_income", lambda body: body["features"].update(net_income=math.inf)),
    ("features.net_income", lambda body: body["features"].update(net_income=10**4000)),
    ("features.net_income", lambda body: body["features"].update(net_income="much")),
    ("features.incidents_24m", lambda body: body["features"].update(incidents_24m=1.5)),
    ("features.ficp_flag", lambda body: body["features"].update(ficp_flag=2)),
    ("features.amount", lambda body: body["features"].update(amount=199.99)),
    ("features.amount", lambda body: body["features"].update(amount=[1000.0])),
    ("features.score", lambda body: body["features"].update(score=850)),
]


@pytest.mark.parametrize(("field", "spoil"), WRONG)
def test_a_wrong_field_is_refused_by_name(
    lasting_client: Client, field: str, spoil: Callable[[dict[str, Any]], object]
) -> None:
    body = application(channel="mobile")
    spoil(body)

    answer = lasting_client.send("POST", "/v1/score", content=json.dumps(body), headers=JSON)

    assert answer.status_code == 422
    assert fields(answer) == [field]
    channel = "web" if field == "channel" else "mobile"
    assert counted(lasting_client.counter.take()) == {(channel, "validation"): 1}


UNREADABLE = {
    "nothing": b"",
    "half of a body": b'{"channel": "web"',
    "not UTF-8": b'{"channel": "\xff\xfe"}',
    "UTF-16 by half": b"\x00{\x00",
    "null bytes": b"\x00\x00\x00",
    "nested too deep": b"[" * 100_000,
    "nested deep": b"[" * 500 + b"]" * 500,
    "nested objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "a number of 5000 digits": b"1" * 5_000,
    "not a number": b"NaN",
    "another thing": b"<xml/>",
    "a bare text": b'"channel"',
    "a list": b"[]",
    "null": b"null",
    "a key that is no text": b'{"\\ud800": 1}',
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("path", ["/v1/score", "/v1/score/batch"])
def test_a_body_that_cannot_be_read_is_refused_as_a_whole_and_counted(
    lasting_client: Client, path: str, body: bytes
) -> None:
    answer = lasting_client.send("POST", path, content=body, headers=JSON)

    assert answer.status_code == 422
    assert fields(answer) == ["body"]
    assert counted(lasting_client.counter.take()) == {("web", "validation"): 1}


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "nonsense", ""])
def test_a_body_that_is_not_said_to_be_json_is_refused(
    lasting_client: Client, content_type: str
) -> None:
    answer = lasting_client.send(
        "POST",
        "/v1/score",
        content=json.dumps(application()),
        headers={"content-type": content_type},
    )

    assert answer.status_code == 422
    assert counted(lasting_client.counter.take()) == {("web", "validation"): 1}


def test_json_in_a_vendors_dress_is_read(lasting_client: Client) -> None:
    answer = lasting_client.send(
        "POST",
        "/v1/score",
        content=json.dumps(application()),
        headers={"content-type": "application/vnd.bank+json; charset=utf-8"},
    )

    assert answer.status_code == 200
    lasting_client.counter.take()


@pytest.mark.parametrize(("n", "seen"), [(0, 1), (101, 100), (5_000, 100)])
def test_a_batch_of_a_wrong_size_is_refused_and_counted_for_its_channel(
    lasting_client: Client, n: int, seen: int
) -> None:
    body = {"channel": "partner", "applications": [0] * n}
    if n == 101:
        body = batch(101)

    answer = lasting_client.send("POST", "/v1/score/batch", json=body)

    assert answer.status_code == 422
    assert "applications" in fields(answer)
    assert counted(lasting_client.counter.take()) == {("partner", "validation"): seen}


def test_one_bad_application_refuses_its_batch_and_says_which(lasting_client: Client) -> None:
    body = batch(5, channel="branch")
    body["applications"][3]["features"]["age"] = 7

    answer = lasting_client.send("POST", "/v1/score/batch", json=body)

    assert fields(answer) == ["applications.3.features.age"]
    assert counted(lasting_client.counter.take()) == {("branch", "validation"): 5}


def test_of_many_problems_the_first_are_said(lasting_client: Client) -> None:
    body = {**application(), **{f"extra{i}": i for i in range(5_000)}}

    answer = lasting_client.send("POST", "/v1/score", json=body)

    assert answer.status_code == 422
    assert len(answer.json()["detail"]) == 20
    assert len(answer.content) < 5_000
    lasting_client.counter.take()


LONG = {
    "a long name": lambda body: body.update({"x" * 100_000: 1}),
    "a long name within": lambda body: body["features"].update({"x" * 100_000: 1}),
    "a long channel": lambda body: body.update(channel="x" * 100_000),
    "a long number": lambda body: body["features"].update(incidents_24m=10**4000),
    "many levels": lambda body: body.update(channel=json.loads("[" * 200 + "]" * 200)),
}


@pytest.mark.parametrize("spoil", LONG.values(), ids=LONG)
def test_what_is_refused_is_quoted_in_at_most_200_characters(
    lasting_client: Client, spoil: Callable[[dict[str, Any]], object]
) -> None:
    body = application()
    spoil(body)

    answer = lasting_client.send("POST", "/v1/score", content=json.dumps(body), headers=JSON)

    assert answer.status_code == 422
    for problem in answer.json()["detail"]:
        assert len(problem["field"]) <= MOST_QUOTED
        assert len(problem["problem"]) <= MOST_QUOTED
    lasting_client.counter.take()


@pytest.mark.parametrize("name", ["\ud800", "a\x1b[31mb", "\u202e", "two\nlines", "\x00"])
def test_a_name_with_characters_of_every_kind_is_said_without_harm(
    lasting_client: Client, name: str
) -> None:
    body = application()
    body["features"][name] = 1

    answer = lasting_client.send("POST", "/v1/score", content=json.dumps(body), headers=JSON)

    assert answer.status_code == 422
    assert all(field.isprintable() for field in fields(answer))
    lasting_client.counter.take()


class Upload:
    """A body that is sent in chunks, and knows how much of it was fetched."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.sent = 0

    async def chunks(self) -> AsyncIterator[bytes]:
        while self.sent < self.total:
            self.sent += 64 * 1024
            yield b" " * 64 * 1024


LARGE = 64 * 1024 * 1024


@pytest.mark.parametrize("path", ["/v1/score", "/v1/score/batch"])
def test_a_large_body_in_chunks_is_not_read_to_its_end(lasting_client: Client, path: str) -> None:
    upload = Upload(LARGE)

    answer = lasting_client.send("POST", path, content=upload.chunks(), headers=JSON)

    assert answer.status_code == 413
    assert upload.sent <= MAX_BODY_BYTES + 128 * 1024
    tally = lasting_client.counter.take()
    assert counted(tally) == {("web", "validation"): 1}
    assert list(answered(tally).values()) == [1]


@pytest.mark.parametrize("announced", [str(MAX_BODY_BYTES + 1), str(10**12), "9" * 5000])
def test_a_body_announced_as_large_is_not_read_at_all(
    lasting_client: Client, announced: str
) -> None:
    upload = Upload(LARGE)

    answer = lasting_client.send(
        "POST",
        "/v1/score",
        content=upload.chunks(),
        headers={**JSON, "content-length": announced},
    )

    assert answer.status_code == 413
    assert upload.sent == 0
    assert counted(lasting_client.counter.take()) == {("web", "validation"): 1}


def test_the_largest_body_is_read(lasting_client: Client) -> None:
    body = json.dumps(application()).encode().ljust(MAX_BODY_BYTES)

    answer = lasting_client.send("POST", "/v1/score", content=body, headers=JSON)

    assert answer.status_code == 200
    lasting_client.counter.take()


def test_a_large_review_is_refused_and_counts_as_no_application(lasting_client: Client) -> None:
    answer = lasting_client.send(
        "POST", "/v1/decisions/a/review", content=b" " * (MAX_BODY_BYTES + 1), headers=JSON
    )

    assert answer.status_code == 413
    assert counted(lasting_client.counter.take()) == {}


# Texts of every kind, and numbers no larger than Python prints.
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(CHANNELS),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*FEATURES, "channel", "applications"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
NEARLY = st.fixed_dictionaries(
    {"channel": st.sampled_from(CHANNELS) | VALUES},
    optional={
        "applicant": st.just(application()["applicant"]) | VALUES,
        "features": st.just(application()["features"])
        | st.fixed_dictionaries(dict.fromkeys(FEATURES, VALUES))
        | VALUES,
        "applications": st.lists(st.just(application()) | VALUES, max_size=5) | VALUES,
    },
)
BODIES = (VALUES | NEARLY).map(json.dumps).map(str.encode) | st.binary(max_size=200)


@given(body=BODIES, path=st.sampled_from(["/v1/score", "/v1/score/batch"]))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_sent_is_answered_and_counted_once(
    lasting_client: Client, body: bytes, path: str
) -> None:
    answer = lasting_client.send("POST", path, content=body, headers=JSON)

    assert answer.status_code in {200, 422}
    tally = lasting_client.counter.take()
    assert sum(answered(tally).values()) == 1
    assert {(status, n) for (_, status), n in statuses(tally).items()} == {(answer.status_code, 1)}
    assert int(tally.requests.singles.sum() + tally.requests.batches.sum()) == 1
    outcomes = {outcome for _, outcome in counted(tally)}
    assert outcomes == ({"success"} if answer.status_code == 200 else {"validation"})
    assert len(tally.scores) == tally.requests.scored[0]


@given(key=st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
@settings(max_examples=150)
def test_whatever_key_is_asked_for_is_no_error_of_ours(lasting_client: Client, key: str) -> None:
    path = f"/v1/decisions/{quote(key, safe='')}"

    assert lasting_client.send("GET", path).status_code in {404, 422, 307}
    lasting_client.counter.take()


class Leaving:
    """A client that leaves in the midst of its body."""

    def __init__(self) -> None:
        self.messages = [
            {"type": "http.request", "body": b'{"channel": "branch"', "more_body": True},
            {"type": "http.disconnect"},
        ]

    async def receive(self) -> Any:  # noqa: ANN401 - an ASGI message
        return self.messages.pop(0) if self.messages else {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:  # noqa: ANN401 - the same
        """Hears nothing any more."""


@pytest.mark.parametrize("content_type", [b"application/json", b"application/vnd.bank+json"])
def test_a_client_that_leaves_in_the_midst_of_its_body_is_counted_once(
    lasting_client: Client, content_type: bytes
) -> None:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/score",
        "query_string": b"",
        "headers": [(b"content-type", content_type)],
    }
    left = Leaving()

    lasting_client.run(lasting_client.app(scope, left.receive, left.send))

    tally = lasting_client.counter.take()
    assert counted(tally) == {("web", "validation"): 1}
    assert answered(tally) == {("score", "4xx"): 1}


class Trickle:
    """A body of which a part comes every second, without an end."""

    async def chunks(self) -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(1.0)


@pytest.mark.parametrize("path", ["/v1/score", "/v1/score/batch"])
def test_a_body_without_end_is_not_waited_for(path: str) -> None:
    with Client() as client:
        answer = client.send("POST", path, content=Trickle().chunks(), headers=JSON)

        assert answer.status_code == 408
        assert client.seconds == pytest.approx(20.0, abs=1.0)
        tally = client.counter.take()
    assert counted(tally) == {("web", "validation"): 1}
    assert list(answered(tally).values()) == [1]
