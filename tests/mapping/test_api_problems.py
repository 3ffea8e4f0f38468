"""What is wrong with the API of a mapping, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.errors import MappingError
from simulator.mapping.loading import load_mapping, load_mappings, parse_mapping
from tests.support.mapped_api import API, APPLICATION, written

if TYPE_CHECKING:
    from pathlib import Path

SCORE = {"route": "POST /s", "endpoint": "score"}
BATCH = {"route": "POST /b", "endpoint": "batch", "applications": "all", "decisions": "results"}
STUB = {"route": "GET /x/{id}", "stub": {"body": 1}}


def refusal(api: dict[str, Any]) -> str:
    with pytest.raises(MappingError) as raised:
        parse_mapping(written(api), "x.yaml")
    return str(raised.value)


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ({"route": "POST /s"}, "routes.0: write either endpoint or stub"),
        ({**SCORE, "stub": {}}, "routes.0: write either endpoint or stub"),
        ({**SCORE, "endpoint": "bacth"}, "routes.0.endpoint: "),
        ({**SCORE, "route": "FETCH /s"}, "routes.0.route: "),
        ({**SCORE, "route": "POST s"}, "routes.0.route: "),
        ({**SCORE, "route": "GET /s"}, "routes.0.route: GET has no body, in which applicant lies"),
        ({**BATCH, "route": "GET /b"}, "routes.0.route: what it takes is sent in a body"),
        ({**SCORE, "also": ["POST /s"]}, "routes.0.also.0: POST /s is that of api.routes.0.route"),
        ({**SCORE, "applications": "all"}, "routes.0.applications: is said of batch, and this is"),
        ({**BATCH, "decisions": None, "answer": {}}, "routes.0.decisions: is missing"),
        ({**BATCH, "answer": [1]}, "routes.0.answer: leaves no room for the list at results"),
        ({**BATCH, "answer": {"results": 1}}, "routes.0.answer: leaves no room for the list"),
        ({**BATCH, "answer": {"n": "{n_acepted}"}}, "answer.n: there is no {n_acepted}, but count"),
        ({"route": "GET /d", "endpoint": "decision"}, "routes.0.key: is missing"),
        ({"route": "GET /d/{a}", "endpoint": "decision", "key": "path:b"}, "has no key {b}"),
        ({"route": "GET /d/{a}", "endpoint": "erasure", "key": "body.b"}, "GET has no body, in"),
        ({"route": "GET /h", "endpoint": "health", "each": 1}, "routes.0.each: is said of models"),
        ({"route": "GET /m", "endpoint": "models", "each": "{stages}"}, "did you mean 'stage'?"),
        ({**STUB, "stub": {"known": {"ids": "c*"}}}, "stub.known.ids: is no key of the path"),
        ({**BATCH, "most": 0}, "routes.0.most: "),
        ({**STUB, "route": "GET /simulation/x"}, "routes.0.route: /simulation and /metrics are"),
        ({**STUB, "route": "GET /metrics"}, "routes.0.route: /simulation and /metrics are"),
        ({**STUB, "route": "GET /x/{a}/{a}"}, "routes.0.route: has two keys of one name"),
        ({**STUB, "also": ["GET /y/{b}"]}, "routes.0.also.0: has other keys than GET /x/{id}"),
        ({**STUB, "decisions": "x"}, "routes.0.decisions: is said of batch, and this is a stub"),
        ({**STUB, "stub": {"body": ["{ident}"]}}, "stub.body.0: there is no {ident}, but id"),
        ({**STUB, "stub": {"body": {"a": "{"}}}, "stub.body.a: holds a brace"),
        ({**STUB, "stub": {"status": 99}}, "routes.0.stub.status: "),
        ({**STUB, "stub": {"counts_as": "scor"}}, "routes.0.stub.counts_as: "),
        ({**STUB, "stub": {"time": {"median_seconds": -1, "sigma": 1}}}, "stub.time.median_s"),
    ],
)
def test_a_route_that_cannot_be_is_refused_with_its_place(route: dict[str, Any], said: str) -> None:
    assert said in refusal({"application": APPLICATION, "routes": [route]})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"answer": {"a": ["{scor}"]}},
            "application.answer.a.0: there is no {scor}, but applicant",
        ),
        ({"answer": {"a": ["{scor}"]}}, "did you mean 'score'?"),
        ({"answer": "{score"}, "application.answer: holds a brace"),
        ({"answer": "{score.__class__}"}, "application.answer: holds a brace"),
        ({"answer": "{{score}}"}, "application.answer: holds a brace"),
        ({"applicant": "a b"}, "application.applicant: "),
        ({"applicant": "features.age"}, "features.age.at: features.age cannot be read beside"),
        ({"applicant": "features"}, "features.age.at: features.age cannot be read beside features"),
        ({"features": {"income": {"at": "a"}}}, "application.features.income"),
        ({"features": {"age": {"at": "a", "scale": 0}}}, "application.features.age.scale: "),
        ({"channel": "shop"}, "application.channel: "),
        ({"features": {"age": {"at": "a", "unit": "yearly"}}}, "age.unit: age is years or months"),
        ({"features": {"ficp_flag": {"at": "a", "unit": "share"}}}, "ficp_flag has no unit"),
        ({"features": {"age": {"at": "a", "values": {"x": 1}, "scale": 2}}}, "age.scale: is said"),
        ({"features": {"age": {"at": "a[0]"}, "amount": {"at": "a.b"}}}, "a.b cannot be read"),
        ({"features": {"age": {"at": "a[n=age]"}}}, "say which field of the item, as in [n=...]"),
        ({"features": {"age": {"at": "cookie:a"}}}, "features.age.at: "),
        ({"reason": {"why": "{score}"}}, "reason.why: there is no {score}, but feature"),
    ],
)
def test_an_application_that_cannot_be_is_refused_with_its_place(
    changes: dict[str, Any], said: str
) -> None:
    own = {**APPLICATION, **changes}
    assert said in refusal({"application": own})
    nested = refusal({"routes": [{**SCORE, "application": own}]})
    assert said.removeprefix("application.") in nested


@pytest.mark.parametrize(
    ("authentication", "said"),
    [
        ({"kind": "digest"}, "authentication.kind: "),
        (
            {"kind": "bearer", "header": "X-Key"},
            "authentication.header: is said of a key, and a token or",
        ),
        (
            {"kind": "bearer", "lasts_seconds": 5},
            "authentication.lasts_seconds: is said of a token",
        ),
        ({"kind": "bearer", "token": "POST /t/{id}"}, "authentication.token: has no keys"),
        ({"kind": "bearer", "token": "GET /metrics"}, "authentication.token: has no keys"),
        ({"kind": "bearer", "token": "GET /x/y"}, "routes.0.route: GET /x/y is that of api.auth"),
        (
            {"kind": "bearer", "token": "POST /t", "answer": ["{tokn}"]},
            "authentication.answer.0: there is no {tokn}, but token, timestamp, ",
        ),
    ],
)
def test_an_authentication_that_cannot_be_is_refused_with_its_place(
    authentication: dict[str, Any], said: str
) -> None:
    stub = {"route": "GET /x/y", "stub": {}}
    assert said in refusal({"authentication": authentication, "routes": [stub]})


def test_a_route_is_opened_only_where_others_are_closed() -> None:
    assert "routes.0.open: every route is" in refusal({"routes": [{**STUB, "open": True}]})


def test_an_answer_is_not_nested_without_end() -> None:
    answer: Any = "{score}"
    for _ in range(30):
        answer = [answer]

    assert "nested more than 20 levels" in refusal(
        {"application": {**APPLICATION, "answer": answer}}
    )


def test_two_routes_of_one_form_are_refused_whatever_their_keys_are_called() -> None:
    said = refusal({"routes": [STUB, {**STUB, "route": "GET /x/{key}"}]})

    assert "routes.1.route: GET /x/{key} is that of api.routes.0.route, too" in said


def test_a_route_that_scores_needs_an_application_in_one_of_the_mappings(tmp_path: Path) -> None:
    file = tmp_path / "more.yaml"
    file.write_text(written({"routes": [SCORE]}))

    with pytest.raises(MappingError, match=r"routes.0.application: is nowhere"):
        load_mappings([str(file)])
    both = load_mappings(["mlops-scoring", str(file)]).api
    assert both.routes[-1].route == SCORE["route"]
    assert both.application is not None


def test_routes_of_several_mappings_add_up_and_later_ones_count() -> None:
    first = parse_mapping(written(API), "one.yaml")
    health = {"route": "GET /health", "stub": {"body": "other"}}
    other = parse_mapping(written({"routes": [health, STUB]}), "other.yaml")

    both = first.with_more(other).api

    assert [r.route for r in both.routes] == [
        *(r.route for r in first.api.routes if r.route != "GET /health"),
        "GET /health",
        "GET /x/{id}",
    ]
    assert both.application == first.api.application
    assert both.words == first.api.words


def test_a_route_for_tokens_takes_the_place_of_a_stub() -> None:
    stub = {"route": "POST /token", "stub": {"body": {"access_token": "x"}}}
    first = parse_mapping(written({"routes": [stub, STUB]}), "one.yaml")
    asked = {"kind": "bearer", "token": "POST /token"}
    other = parse_mapping(written({"authentication": asked}), "other.yaml")

    assert [route.route for route in first.with_more(other).api.routes] == [STUB["route"]]


def test_a_history_goes_on_under_another_api() -> None:
    plain, more = load_mapping("default"), parse_mapping(written(API), "theirs.yaml")

    assert plain.model_copy(update={"api": more.api}).digest == plain.digest
