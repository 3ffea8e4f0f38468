"""Every endpoint of the platform in the shape of a mapping."""

from __future__ import annotations

import re
from typing import Any

import pytest

from simulator.scenario.vocabulary import FEATURES
from tests.support.mapped_api import answering
from tests.support.scoring_client import Client, answered

APPLICATION = {
    "applicant": "id",
    "features": {
        "net_income": {"at": "income", "unit": "yearly"},
        "permanent_contract": {"at": "job", "values": {"CDI": 1, "CDD": 0}, "name": "contract"},
        "amount": {"at": "cents", "unit": "cents"},
    },
    "answer": {"key": "{decision_id}", "points": "{score}", "says": "{decision}"},
    "reason": {"code": "{reason}", "of": "{feature}", "value": "{value}", "rank": "{rank}"},
    "most_reasons": 3,
}
ROUTES: list[dict[str, Any]] = [
    {"route": "POST /score", "endpoint": "score"},
    {
        "route": "POST /scores",
        "endpoint": "batch",
        "applications": "all",
        "decisions": "data.results",
        "answer": {"n": "{count}", "data": {"mean": "{mean_score}"}, "at": "{timestamp}"},
    },
    {"route": "GET /d/{key}", "also": ["GET /old/{key}/d"], "endpoint": "decision"},
    {
        "route": "GET /d/{key}/why",
        "endpoint": "explanation",
        "answer": {"why": "{reasons}", "got": "{features}", "text": "{score} by {model_version}"},
    },
    {
        "route": "POST /override",
        "endpoint": "review",
        "key": "decision.id",
        "review": {"decision": "decision.verdict", "reviewer": "by"},
        "answer": {"says": "{decision}", "by": "{reviewed_by}"},
    },
    {"route": "DELETE /forget", "endpoint": "erasure", "key": "query:who", "answer": "{deleted}"},
    {
        "route": "GET /models",
        "endpoint": "models",
        "answer": {"models": "{models}"},
        "each": {"v": "{version}", "is": "{stage}"},
    },
    {"route": "GET /up", "endpoint": "health", "answer": "{status}", "counts_as": "models"},
]
API: dict[str, Any] = {
    "application": APPLICATION,
    "routes": ROUTES,
    "words": {
        "decision": {"accepted": "YES", "refused": "NO"},
        "reason": {"age": "R-AGE"},
        "stage": {"production": "Live"},
    },
}
ADA = {"id": "ada", "income": 36_000, "job": "CDI", "cents": 900_000}


@pytest.fixture
def theirs(client: Client) -> Client:
    return answering(client, API)


def key(client: Client) -> str:
    return str(client.send("POST", "/score", json=ADA).json()["key"])


def test_a_decision_is_read_as_it_was_answered(theirs: Client) -> None:
    first = theirs.send("POST", "/score", json=ADA).json()

    for path in (f"/d/{first['key']}", f"/old/{first['key']}/d"):
        assert theirs.send("GET", path).json() == first
    assert answered(theirs.counter.take()) == {("score", "2xx"): 1, ("decision", "2xx"): 2}
    assert theirs.send("GET", "/d/none").status_code == 404


def test_a_decision_is_explained_in_the_mapping_s_names_units_and_words(theirs: Client) -> None:
    told = theirs.send("GET", f"/d/{key(theirs)}/why").json()

    assert [reason["rank"] for reason in told["why"]] == [1, 2, 3]
    assert told["got"]["income"] == 36_000
    assert told["got"]["contract"] == "CDI"
    assert told["got"]["cents"] == 900_000
    assert len(told["got"]) == len(FEATURES)
    names = {"income", "contract", "cents", *FEATURES}
    assert {reason["of"] for reason in told["why"]} <= names
    assert all(
        reason["code"] == ("R-AGE" if reason["of"] == "age" else reason["of"])
        and reason["value"] == told["got"][reason["of"]]
        for reason in told["why"]
    )
    assert re.fullmatch(r"[0-9]{3} by \S+", told["text"])


def test_a_person_decides_in_the_mapping_s_words(theirs: Client) -> None:
    found = key(theirs)
    said = {"decision": {"id": found, "verdict": "NO"}, "by": "ada"}

    assert theirs.send("POST", "/override", json=said).json() == {"says": "NO", "by": "ada"}
    assert theirs.send("GET", f"/d/{found}").json()["says"] == "NO"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"decision": {"id": "x", "verdict": "MAYBE"}}, "decision.verdict"),
        ({"decision": {"verdict": "NO"}}, "decision.id"),
        ([], "decision.verdict"),
    ],
)
def test_a_review_that_says_nothing_is_refused(theirs: Client, body: object, field: str) -> None:
    answer = theirs.send("POST", "/override", json=body)

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["field"] == field
    assert answered(theirs.counter.take()) == {("review", "4xx"): 1}
    assert theirs.send("POST", "/override", content=b"{").status_code == 422


def test_somebody_is_forgotten(theirs: Client) -> None:
    found = key(theirs)

    assert theirs.send("DELETE", "/forget?who=ada").json() == 1
    assert theirs.send("DELETE", "/forget?who=ada").status_code == 404
    assert theirs.send("DELETE", "/forget").status_code == 422
    assert theirs.send("GET", f"/d/{found}").status_code == 404


def test_models_and_health_are_answered_and_counted(theirs: Client) -> None:
    models = theirs.send("GET", "/models").json()["models"]

    assert {"v", "is"} == set(models[0])
    assert "Live" in {model["is"] for model in models}
    assert theirs.send("GET", "/up").json() == "ok"
    assert answered(theirs.counter.take()) == {("models", "2xx"): 2}


def test_a_batch_says_more_than_its_decisions(theirs: Client) -> None:
    answer = theirs.send("POST", "/scores", json={"all": [ADA, {"id": 2}]}).json()

    points = [each["points"] for each in answer["data"]["results"]]
    assert answer["n"] == len(points) == 2
    assert answer["data"]["mean"] == pytest.approx(sum(points) / 2)
    assert re.fullmatch(r"1970-01-01T00:00:\d\d\.\d{3}Z", answer["at"])


def test_endpoints_without_an_answer_of_their_own_have_one(client: Client) -> None:
    routes = [{k: v for k, v in route.items() if k not in {"answer", "each"}} for route in ROUTES]
    theirs = answering(client, {**API, "routes": routes})
    found = key(theirs)

    assert theirs.send("GET", f"/d/{found}/why").json().keys() == {
        "decision_id", "decision", "score", "reasons",
    }  # fmt: skip
    assert theirs.send("GET", "/models").json()[0].keys() == {
        "model", "version", "stage", "traffic_share",
    }  # fmt: skip
    assert theirs.send("GET", "/up").json()["status"] == "ok"
    said = {"decision": {"id": found, "verdict": "YES"}}
    assert theirs.send("POST", "/override", json=said).json()["says"] == "YES"
    assert theirs.send("DELETE", "/forget?who=ada").json() == {"applicant_id": "ada", "deleted": 1}


def test_what_a_stub_says_of_itself_and_which_keys_it_knows(client: Client) -> None:
    stub = {"body": {"at": "{unix_seconds}", "id": "{id}"}, "known": {"id": "CUST[0-9]*"}}
    theirs = answering(client, {"routes": [{"route": "GET /f/{id}", "stub": stub}]})

    assert theirs.send("GET", "/f/CUST7").json() == {"at": 0.0, "id": "CUST7"}
    assert theirs.send("GET", "/f/nobody").status_code == 404
    unknown = theirs.send("GET", "/simulation/unknown-requests", headers={"host": "localhost"})
    assert unknown.json()["requests"] == 0


@pytest.mark.parametrize("path", ["/models/", "/up/", "/models//"])
def test_a_slash_at_the_end_changes_nothing(theirs: Client, path: str) -> None:
    assert theirs.send("GET", path).status_code == 200
    assert theirs.send("POST", "/score/", json=ADA).status_code == 200
    assert answered(theirs.counter.take()) == {("models", "2xx"): 1, ("score", "2xx"): 1}


def test_head_and_options_are_answered_and_counted(theirs: Client) -> None:
    head = theirs.send("HEAD", f"/d/{key(theirs)}")
    options = theirs.send("OPTIONS", "/models")

    assert (head.status_code, options.status_code) == (200, 200)
    assert options.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answered(theirs.counter.take()) == {
        ("score", "2xx"): 1, ("decision", "2xx"): 1, ("models", "2xx"): 1,
    }  # fmt: skip
    assert theirs.send("PUT", "/models").status_code == 405
