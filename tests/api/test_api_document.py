"""The OpenAPI document: every answer the API gives is in it, as it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from simulator.api.measuring import MAX_BODY_BYTES
from simulator.scenario.platform.api import Routes
from simulator.simulation.causes import FAULTS
from tests.support.scoring_client import JSON, Client, application, batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


ROUTES = Routes().by_endpoint()

REVIEW = {"reviewer": "agent-1", "decision": "accepted"}
KEY = "/v1/decisions/{id}"
BODIES: list[tuple[str, str, Any]] = [
    ("POST", "/v1/score", application()),
    ("POST", "/v1/score/batch", batch(2)),
    ("POST", f"{KEY}/review", REVIEW),
]
UNKNOWN = "/simulation/unknown-requests"
PLAIN = [
    ("GET", path)
    for path in ("/", "/health", "/metrics", "/simulation", "/v1/models", KEY, f"{KEY}/explanation")
] + [("GET", UNKNOWN), ("DELETE", "/v1/applicants/{id}")]


class Document:
    """The document of an API, against which answers are held."""

    def __init__(self, client: Client) -> None:
        self.whole = client.send("GET", "/openapi.json").json()

    def problems(self, method: str, route: str, answer: httpx.Response) -> list[str]:
        """How an answer differs from what the document says of that route."""
        responses = self.whole["paths"][route][method.lower()]["responses"]
        described = responses.get(str(answer.status_code))
        if described is None:
            return [f"{answer.status_code} is not described"]
        media_type = answer.headers["content-type"].partition(";")[0]
        if media_type not in described["content"]:
            return [f"{media_type} is not described"]
        schema = described["content"][media_type]["schema"]
        if media_type != "application/json":
            return [] if schema == {"type": "string"} else [f"text is described as {schema}"]
        validator = Draft202012Validator({**schema, "components": self.whole["components"]})
        return [error.message for error in validator.iter_errors(answer.json())]


@pytest.fixture(scope="module")
def document(lasting_client: Client) -> Document:
    return Document(lasting_client)


def answers(client: Client) -> Iterator[tuple[str, str, httpx.Response]]:
    """One answer of every kind that each route gives, on a platform that fails at nothing."""
    key = client.decision_id(applicant_id="ada")
    for method, route, body in BODIES:
        path = route.replace("{id}", key)
        for content in (json.dumps(body), "{", "[]", b" " * (MAX_BODY_BYTES + 1), b"\xff"):
            yield method, route, client.send(method, path, content=content, headers=JSON)
    for method, route in PLAIN:
        yield method, route, client.send(method, route.replace("{id}", key))
        if "{id}" in route:
            yield method, route, client.send(method, route.replace("{id}", "nobody"))
            yield method, route, client.send(method, route.replace("{id}", "a%20b"))
    for other in ("evil.example", ""):
        headers = {"host": other}
        for path in ("/simulation", UNKNOWN):
            yield "GET", path, client.send("GET", path, headers=headers)
    yield "GET", "/", client.send("GET", "/", headers={"accept": "application/json"})
    yield "DELETE", "/v1/applicants/{id}", client.send("DELETE", "/v1/applicants/ada")


def test_every_answer_is_described_as_it_is(lasting_client: Client, document: Document) -> None:
    given = list(answers(lasting_client))
    lasting_client.counter.take()

    wrong = {
        (method, route, answer.status_code): problems
        for method, route, answer in given
        if (problems := document.problems(method, route, answer))
    }
    assert wrong == {}
    assert {answer.status_code for _, _, answer in given} == {200, 404, 413, 421, 422}


@pytest.mark.parametrize("reason", FAULTS)
def test_every_planned_fault_is_described(client: Client, reason: str) -> None:
    document = Document(client)
    client.meet(faults={reason: 1.0})

    for method, route, body in BODIES[:2]:
        answer = client.send(method, route, json=body)
        assert (answer.status_code, document.problems(method, route, answer)) == (
            FAULTS[reason],
            [],
        )


def test_a_route_that_takes_too_long_is_described(document: Document) -> None:
    for method, route in ROUTES.values():
        assert "504" in document.whole["paths"][route][method.lower()]["responses"]


def test_what_the_scenario_refuses_as_not_authorised_says_how_to_ask(client: Client) -> None:
    client.meet(faults={"unauthorized": 1.0})

    assert client.score().headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("GET", "/v1/score/", 404), ("PUT", "/v1/score", 405)],
)
def test_what_is_no_route_is_answered_as_the_document_s_text_says(
    lasting_client: Client, document: Document, method: str, path: str, status: int
) -> None:
    answer = lasting_client.send(method, path)

    assert answer.status_code == status
    assert str(status) in document.whole["info"]["description"]
    assert list(answer.json()) == ["detail"]
    assert ("allow" in answer.headers) == (status == 405)


def test_the_schemas_in_the_document_are_json_schema(document: Document) -> None:
    for schema in document.whole["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_metrics_are_described_as_text(document: Document) -> None:
    (content,) = document.whole["paths"]["/metrics"]["get"]["responses"]["200"]["content"].items()

    assert content == ("text/plain", {"schema": {"type": "string"}})
