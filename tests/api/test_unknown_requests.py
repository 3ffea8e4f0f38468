"""Requests that no route serves are counted by their shape, and nothing that they said is kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.api.shapes import body_shape, path_shape
from tests.support.scoring_client import JSON

if TYPE_CHECKING:
    from tests.support.scoring_client import Client

LISTING = "/simulation/unknown-requests"
SCORING = {"customer_id": "CUST1234", "features": {"age": 35, "income": 42000.5, "note": None}}


def listed(client: Client) -> Any:  # noqa: ANN401 - JSON
    return client.send("GET", LISTING).json()


def test_what_is_sent_to_an_unknown_path_is_listed_with_keys_and_types(client: Client) -> None:
    for _ in range(2):
        answer = client.send("POST", "/score?trace=77", json=SCORING)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})

    assert listed(client) == {
        "requests": 2,
        "not_listed": 0,
        "shapes": [
            {
                "method": "POST",
                "path": "/score",
                "status": 404,
                "query": ["trace"],
                "media_type": "application/json",
                "body": {
                    "customer_id": "string",
                    "features": {"age": "number", "income": "number", "note": "null"},
                },
                "requests": 2,
            }
        ],
    }


def test_a_login_is_listed_without_its_secrets(client: Client) -> None:
    form = {"grant_type": "password", "username": "ada", "password": "hunter2"}
    client.send("POST", "/auth/realms/bank/protocol/openid-connect/token", data=form)

    (shape,) = listed(client)["shapes"]
    assert shape["path"] == "/auth/realms/bank/protocol/openid-connect/token"
    assert shape["body"] == dict.fromkeys(["grant_type", "password", "username"], "string")
    assert "hunter2" not in str(shape)


def test_keys_of_customers_are_one_shape(client: Client) -> None:
    for n in range(300):
        client.send("GET", f"/features/CUST{n:04}")

    (shape,) = listed(client)["shapes"]
    assert (shape["path"], shape["requests"], shape["body"]) == ("/features/{id}", 300, None)


def test_another_method_of_a_known_path_is_listed(client: Client) -> None:
    assert client.send("PUT", "/v1/score", json={}).status_code == 405

    (shape,) = listed(client)["shapes"]
    assert (shape["method"], shape["path"], shape["status"]) == ("PUT", "/v1/score", 405)


def test_what_a_route_serves_is_not_listed(client: Client) -> None:
    assert client.send("GET", "/v1/decisions/none").status_code == 404
    assert client.send("POST", "/v1/score", json={}).status_code == 422
    client.score()

    assert listed(client)["requests"] == 0


def test_nor_is_what_belongs_to_the_simulator(client: Client) -> None:
    assert client.send("GET", "/simulation/unknown-request").status_code == 404

    assert listed(client)["requests"] == 0


def test_shapes_beyond_the_limit_are_counted_and_not_listed(client: Client) -> None:
    words = [a + b for a in "abcdefghijklmnop" for b in "abcdefghijklmnop"]
    client.send_together([("GET", f"/{word}", {}) for word in words])
    client.send("GET", "/aa")

    state = listed(client)
    assert len(state["shapes"]) == 200
    assert (state["requests"], state["not_listed"]) == (257, 56)
    assert (state["shapes"][0]["path"], state["shapes"][0]["requests"]) == ("/aa", 2)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 5000, b"9" * 5000 + b"x"])
def test_a_body_that_is_no_json_has_no_shape(client: Client, raw: bytes) -> None:
    assert client.send("POST", "/score", content=raw, headers=JSON).status_code == 404

    assert listed(client)["shapes"][0]["body"] is None


def test_a_body_over_the_limit_is_counted_without_a_shape(client: Client) -> None:
    raw = json.dumps({"text": "x" * 600_000}).encode()
    assert client.send("POST", "/score", content=raw, headers=JSON).status_code == 404

    assert (listed(client)["requests"], listed(client)["shapes"][0]["body"]) == (1, None)


def test_odd_methods_and_media_types_are_not_repeated(client: Client) -> None:
    client.send("X" * 500, "/score", content=b"{}", headers={"content-type": "a b/\x7f" * 50})

    (shape,) = listed(client)["shapes"]
    assert (shape["method"], shape["media_type"], shape["body"]) == ("other", None, None)


SECRET = st.from_regex(r"[0-9]{4,9}-[a-f0-9]{4,20}", fullmatch=True)
VALUES = st.recursive(
    SECRET | st.floats(1e6, 1e9) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SECRET, inner, max_size=4),
    max_leaves=30,
)


@given(secret=SECRET, value=VALUES)
@settings(max_examples=100)
def test_no_value_and_no_key_of_anybody_s_is_in_a_shape(secret: str, value: object) -> None:
    shape = json.dumps(body_shape(json.dumps({"name": value}).encode(), "application/json"))

    assert not set(shape) & set("0123456789")
    assert path_shape(f"/customers/{secret}/limits") == "/customers/{id}/limits"


@given(width=st.integers(1, 60), depth=st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_a_shape_is_never_large(width: int, depth: int) -> None:
    value: object = 1
    for level in range(depth):
        names = range(width if level < 2 else 3)
        value = {f"field_{'abcdefgh'[n % 8]}{'x' * (n // 8)}": value for n in names}

    assert len(json.dumps(body_shape(json.dumps(value).encode(), "application/json"))) <= 5000


def test_items_of_a_list_are_described_as_one() -> None:
    value = [{"a": 1, "b": "x"}, {"a": "1", "c": [True]}, {"c": [], "b": None}]

    assert body_shape(json.dumps(value).encode(), "application/json") == [
        {"a": "number | string", "b": "null | string", "c": ["boolean"]}
    ]
