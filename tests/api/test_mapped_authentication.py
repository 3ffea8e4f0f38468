"""Routes of a mapping are closed to whoever does not show what it asks for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.mapped_api import API, ROUTES, answering, customer
from tests.support.scoring_client import Client, answered, application, counted

TOKENS = {"kind": "bearer", "token": "POST /token", "lasts_seconds": 60}
STUB = {"route": "GET /hidden", "stub": {"body": 1}}
OPEN = {"route": "GET /open", "open": True, "stub": {"body": 2}}


def closed(client: Client, **authentication: Any) -> Client:  # noqa: ANN401 - a file's own values
    routes = [*ROUTES, STUB, OPEN]
    return answering(client, {**API, "routes": routes, "authentication": authentication})


def score(client: Client, **headers: str) -> int:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.send("POST", "/scoring", json=customer(), headers=sent).status_code


def test_a_token_that_was_handed_out_opens_the_routes(client: Client) -> None:
    theirs = closed(client, **TOKENS)
    token = theirs.send("POST", "/token", data={"grant_type": "x"}).json()["access_token"]

    assert score(theirs, authorization=f"Bearer {token}") == 200
    assert score(theirs, authorization=f"bearer {token}") == 200
    hidden = theirs.send("GET", "/hidden", headers={"authorization": f"Bearer {token}"})
    assert hidden.json() == 1
    assert counted(theirs.counter.take()) == {("partner", "success"): 2}


@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Bearer ", "Bearer x", "Bearer 9e99.a.b", "Basic x"]
)
def test_anything_else_is_answered_with_401_and_counted(client: Client, shown: str) -> None:
    theirs = closed(client, **TOKENS)

    answer = theirs.send(
        "POST", "/scoring", json=customer(), headers={"authorization": shown} if shown else {}
    )

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    tally = theirs.counter.take()
    assert counted(tally) == {("partner", "unauthorized"): 1}
    assert answered(tally) == {("score", "4xx"): 1}
    assert theirs.send("GET", "/hidden", headers={"authorization": shown}).status_code == 401


def test_a_token_that_somebody_changed_is_none(client: Client) -> None:
    theirs = closed(client, **TOKENS)
    token = theirs.send("POST", "/token").json()["access_token"]

    assert score(theirs, authorization=f"Bearer 9{token}") == 401
    assert score(theirs, authorization=f"Bearer {token}0") == 401


def test_a_token_ends(client: Client) -> None:
    now = [1000.0]
    client.backend.clock = lambda: now[0]
    theirs = closed(client, **TOKENS)
    token = theirs.send("POST", "/token").json()["access_token"]

    statuses = []
    for now[0] in (1059.0, 1061.0):
        statuses.append(score(theirs, authorization=f"Bearer {token}"))

    assert statuses == [200, 401]


def test_every_application_of_a_batch_without_a_token_is_counted(client: Client) -> None:
    theirs = closed(client, **TOKENS)

    body = {"people": {"listed": [customer(n) for n in range(3)]}}
    assert theirs.send("POST", "/scoring/many", json=body).status_code == 401

    assert counted(theirs.counter.take()) == {("partner", "unauthorized"): 3}


@pytest.mark.parametrize(
    ("path", "content", "n_counted"),
    [("/scoring", b"{", 1), ("/scoring", b"", 1), ("/scoring/many", b"[", 1),
     ("/scoring/many", b'{"people": {"listed": [1, {}]}}', 2)],
)  # fmt: skip
def test_who_shows_nothing_is_not_told_what_is_wrong_with_the_rest(
    client: Client, path: str, content: bytes, n_counted: int
) -> None:
    theirs = closed(client, **TOKENS)

    assert theirs.send("POST", path, content=content).status_code == 401
    assert counted(theirs.counter.take()) == {("partner", "unauthorized"): n_counted}
    assert theirs.send("HEAD", "/hidden").status_code == 401
    assert theirs.send("GET", "/hidden/").status_code == 401


def test_requests_for_tokens_count_where_the_mapping_says_so(client: Client) -> None:
    theirs = closed(client, **TOKENS, counts_as="models")

    assert theirs.send("POST", "/token/").status_code == 200
    assert answered(theirs.counter.take()) == {("models", "2xx"): 1}


def test_where_no_route_hands_out_keys_any_is_good(client: Client) -> None:
    theirs = closed(client, kind="api-key", header="X-Their-Key")

    assert score(theirs, x_their_key="anything") == 200
    assert score(theirs, x_api_key="anything") == 401
    assert score(theirs, x_their_key="") == 401


def test_open_routes_and_the_platform_s_own_ask_for_nothing(client: Client) -> None:
    theirs = closed(client, **TOKENS)

    assert theirs.send("GET", "/open").json() == 2
    assert theirs.send("POST", "/v1/score", json=application()).status_code == 200


def test_a_key_may_be_in_the_query_or_in_a_cookie(client: Client) -> None:
    queried = closed(client, kind="api-key", query="api_key")
    assert queried.send("GET", "/hidden?api_key=a%20b").status_code == 200
    assert queried.send("GET", "/hidden?api_key=").status_code == 401

    baked = closed(client, kind="api-key", cookie="session")
    assert baked.send("GET", "/hidden", headers={"cookie": "a=1; session=k"}).status_code == 200
    assert baked.send("GET", "/hidden", headers={"cookie": "a=1"}).status_code == 401


def test_any_name_and_password_will_do(client: Client) -> None:
    theirs = closed(client, kind="basic")
    assert score(theirs, authorization="Basic dTpw") == 200
    assert score(theirs, authorization="Bearer dTpw") == 401
