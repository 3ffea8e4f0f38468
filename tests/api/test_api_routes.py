"""The platform's routes are where it says, and what is sent to them counts for their endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from simulator.load.platform_calls import calls_of
from simulator.mapping.api_part import ApiPart
from simulator.scenario.platform.api import Routes
from simulator.scenario.vocabulary import ENDPOINTS
from tests.support.scoring_client import JSON, Client, application, batch, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUTES: Final = {
    "score": "PUT /score",
    "batch": "POST /scorings/batch",
    "decision": "GET /results/{decision_id}",
    "explanation": "POST /results/{decision_id}/why",
    "review": "PATCH /results/{decision_id}",
    "erasure": "POST /people/{key}/forget",
    "models": "GET /api/v2/models",
}
REVIEW: Final = {"reviewer": "agent-1", "decision": "refused"}


@pytest.fixture
def client() -> Iterator[Client]:
    platform = {"api": {"routes": ROUTES}, "model": {"name": "small loans"}}
    with Client(platform=platform) as client:
        yield client


def decision_id(client: Client) -> str:
    sent = client.send("PUT", "/score", json=application(applicant_id="ada"))
    return str(sent.json()["decision_id"])


def test_each_endpoint_answers_at_its_route(client: Client) -> None:
    key = decision_id(client)

    several = client.send("POST", "/scorings/batch", json=batch(2)).json()
    shown = client.send("GET", f"/results/{key}").json()
    why = client.send("POST", f"/results/{key}/why").json()
    reviewed = client.send("PATCH", f"/results/{key}", json=REVIEW).json()
    forgotten = client.send("POST", "/people/ada/forget").json()
    models = client.send("GET", "/api/v2/models").json()

    assert len(several["decisions"]) == 2
    assert shown["decision_id"] == why["decision_id"] == reviewed["decision_id"] == key
    assert why["human_review"] == "PATCH /results/{decision_id} asks for a person's decision."
    assert reviewed["reviewed_by"] == "agent-1"
    assert forgotten == {"applicant_id": "ada", "deleted": 1}
    assert [model["model"] for model in models] == ["small loans"]
    http = client.counter.take().requests.http[0].sum(axis=2)
    assert http[:, 0].tolist() == [1] * len(ENDPOINTS)


@pytest.mark.parametrize(
    ("method", "path"), [route.split(" ") for route in vars(Routes()).values()]
)
def test_nothing_is_left_where_it_usually_is(client: Client, method: str, path: str) -> None:
    assert client.send(method, path, json=application()).status_code == 404


def test_what_is_invalid_counts_for_its_endpoint(client: Client) -> None:
    client.send("PUT", "/score", content="{", headers=JSON)
    client.send("POST", "/scorings/batch", json={"channel": "web", "applications": [1, 2, 3]})

    tally = client.counter.take()
    assert counted(tally) == {("web", "validation"): 4}
    assert tally.requests.in_flight.tolist() == [0.0]


def test_the_document_has_the_routes_with_their_keys(client: Client) -> None:
    paths = client.send("GET", "/openapi.json").json()["paths"]

    assert {f"{m.upper()} {p}" for p, methods in paths.items() for m in methods} >= {
        *ROUTES.values()
    }
    (key,) = paths["/people/{key}/forget"]["post"]["parameters"]
    assert (key["name"], key["in"]) == ("key", "path")
    assert client.send("GET", "/results/a%20b").status_code == 422


def test_locust_s_users_ask_where_the_platform_answers(client: Client) -> None:
    calls = calls_of(ApiPart(), client.backend.scenario.platform)

    assert {e: f"{c.method} {c.route}" for e, c in calls.by_task.items()} == ROUTES
