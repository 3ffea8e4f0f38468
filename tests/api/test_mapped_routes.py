"""Routes that a mapping adds: read, scored, answered and counted in its shape."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from simulator.mapping.answer_values import ANSWER_VALUES
from simulator.scenario.vocabulary import FEATURES
from tests.support.mapped_api import API, APPLICATION, ROUTES, answering, customer
from tests.support.scoring_client import JSON, Client, answered, application, counted

AGE, INCOME, TENURE = (FEATURES.index(f) for f in ("age", "net_income", "job_tenure_months"))


@pytest.fixture
def theirs(client: Client) -> Client:
    return answering(client)


def test_an_application_is_answered_in_the_mapping_s_shape(theirs: Client) -> None:
    answer = theirs.send("POST", "/scoring", json=customer()).json()

    tally = theirs.counter.take()
    (score,) = tally.scores.tolist()
    assert list(answer) == ["id", "result", "text", "parts"]
    assert answer["id"] == "CUST1"
    assert answer["result"]["points"] == score
    assert answer["result"]["scale"] == [300, 850, True, None]
    assert answer["text"] in {f"{word} with {score} points" for word in ("YES", "review", "NO")}
    assert answer["parts"].keys() == {
        {"net_income": "json", "job_tenure_months": "employment_years"}.get(f, f) for f in FEATURES
    }


def test_levels_of_risk_are_in_the_mapping_s_words(theirs: Client) -> None:
    risks = {
        theirs.send("POST", "/scoring", json=customer(n)).json()["result"]["risk"]
        for n in range(60)
    }

    assert "L" in risks
    assert "low" not in risks


def test_features_are_read_from_their_places_in_the_model_s_units(theirs: Client) -> None:
    theirs.send("POST", "/scoring", json=customer())

    (true,) = theirs.counter.take().true
    assert (true[AGE], true[INCOME], true[TENURE]) == pytest.approx((41.0, 3000.0, 78.0))


def test_what_is_not_sent_is_looked_up_and_the_same_for_the_same_customer(theirs: Client) -> None:
    for number in (1, 2, 1):
        theirs.send("POST", "/scoring", json=customer(number))

    first, second, again = theirs.counter.take().true
    assert (first == again).all()
    assert (first != second).any()


@pytest.mark.parametrize("sent", [{"age": None}, {}])
def test_a_feature_that_is_null_or_missing_is_looked_up(
    theirs: Client, sent: dict[str, Any]
) -> None:
    body = customer(**sent)
    if not sent:
        del body["features"]["age"]
    assert theirs.send("POST", "/scoring", json=body).status_code == 200

    assert 18.0 <= theirs.counter.take().true[0, AGE] <= 95.0


def test_another_form_of_a_route_is_the_same(theirs: Client) -> None:
    first = theirs.send("POST", "/scoring", json=customer()).json()
    second = theirs.send("PUT", "/api/scoring", json=customer()).json()

    assert first == second
    tally = theirs.counter.take()
    assert answered(tally) == {("score", "2xx"): 2}
    assert counted(tally) == {("partner", "success"): 2}


def test_a_batch_is_answered_in_its_order(theirs: Client) -> None:
    body = {"people": {"listed": [customer(n) for n in (3, 1, 2)]}}

    answer = theirs.send("POST", "/scoring/many", json=body).json()

    assert [each["id"] for each in answer["results"]] == ["CUST3", "CUST1", "CUST2"]
    tally = theirs.counter.take()
    assert answered(tally) == {("batch", "2xx"): 1}
    assert counted(tally) == {("partner", "success"): 3}
    assert [each["result"]["points"] for each in answer["results"]] == tally.scores.tolist()


@pytest.mark.parametrize(
    ("path", "body", "field", "n_counted"),
    [
        ("/scoring", customer(age="old"), "features.age", 1),
        ("/scoring", customer(age=1e13), "features.age", 1),
        ("/scoring", {"features": {}}, "customer", 1),
        ("/scoring", {"customer": {"id": 7.5}, "features": {}}, "customer.id", 1),
        ("/scoring", {"customer": {"id": True}, "features": {}}, "customer.id", 1),
        ("/scoring/many", {"people": {"listed": []}}, "people.listed", 1),
        ("/scoring/many", {"people": {"listed": [customer()] * 6}}, "people.listed", 6),
        ("/scoring/many", {"people": {"listed": [customer(), {}]}}, "people.listed.1.customer", 2),
        ("/scoring/many", {"people": 7}, "people", 1),
    ],
)
def test_what_is_invalid_is_refused_with_its_place_and_counted(
    theirs: Client, path: str, body: object, field: str, n_counted: int
) -> None:
    answer = theirs.send("POST", path, json=body)

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["field"] == field
    tally = theirs.counter.take()
    assert counted(tally) == {("partner", "validation"): n_counted}
    assert set(answered(tally).values()) == {1}


def test_what_is_not_read_at_once_is_read_all_the_same(theirs: Client) -> None:
    raw = json.dumps(customer())
    answers = [
        theirs.send("POST", "/scoring", content=raw.encode(encoding), headers=JSON).json()
        for encoding in ("utf-8", "utf-16")
    ]

    assert answers[0] == answers[1]
    first, second = theirs.counter.take().true
    assert (first == second).all()


def test_the_platform_s_own_routes_stay_as_they_are(theirs: Client) -> None:
    assert "risk_level" in theirs.send("POST", "/v1/score", json=application()).json()
    assert theirs.send("GET", "/v1/models").status_code == 200


def test_a_route_stands_in_the_place_of_the_platform_s(client: Client) -> None:
    routes = [{"route": "POST /v1/score", "endpoint": "score"}]
    theirs = answering(client, {**API, "routes": routes})

    assert "parts" in theirs.send("POST", "/v1/score", json=customer()).json()
    assert theirs.send("POST", "/v1/score", json=application()).status_code == 422


def test_a_route_may_have_an_application_of_its_own(client: Client) -> None:
    own = {"applicant": "who", "answer": "{score}"}
    routes = [*ROUTES, {"route": "POST /quick", "endpoint": "score", "application": own}]
    theirs = answering(client, {"application": APPLICATION, "routes": routes})

    score = theirs.send("POST", "/quick", json={"who": "ada"}).json()

    assert theirs.counter.take().scores.tolist() == [score]


def test_an_answer_says_how_long_it_took() -> None:
    own = {"applicant": "who", "answer": {"ms": "{processing_time_ms}"}}
    with Client() as client:
        theirs = answering(
            client, {"routes": [{"route": "POST /s", "endpoint": "score", "application": own}]}
        )
        clock = iter(np.arange(0.0, 100.0, 0.25).tolist())
        theirs.backend.clock = lambda: next(clock)
        answer = theirs.send("POST", "/s", json={"who": "ada"}).json()

    assert answer["ms"] == 250.0


def test_everything_that_an_answer_may_say_is_of_a_decision(client: Client) -> None:
    own = {"applicant": "who", "answer": {name: f"{{{name}}}" for name in ANSWER_VALUES}}
    theirs = answering(
        client, {"routes": [{"route": "POST /s", "endpoint": "score", "application": own}]}
    )
    answer = theirs.send("POST", "/s", json={"who": "ada"}).json()

    assert answer.keys() == ANSWER_VALUES.keys()
    assert answer["probability_of_default"] + answer["repayment_probability"] == pytest.approx(1)
    assert answer["confidence"] >= 0.5
    assert answer["approved_amount"] in {0.0, answer["amount"]}
    assert 200 <= answer["amount"] <= 75_000


def test_a_stub_answers_what_is_written_with_the_keys_of_its_path(theirs: Client) -> None:
    answer = theirs.send("GET", "/limits/c-7/of/cards")

    assert answer.status_code == 203
    assert answer.json() == {"of": "c-7", "texts": ["a cards of c-7", 7]}
    assert answered(theirs.counter.take()) == {("decision", "2xx"): 1}


def test_a_stub_takes_the_place_of_the_simulator_s_health(theirs: Client) -> None:
    assert theirs.send("GET", "/health").json() == {"fine": True}
    assert answered(theirs.counter.take()) == {}


def test_a_stub_takes_its_time() -> None:
    with Client(is_delayed=True) as client:
        answering(client).send("GET", "/limits/c-7/of/cards")

        assert client.seconds == pytest.approx(0.5, rel=0.06)


def test_the_document_has_the_routes_with_what_they_take(theirs: Client) -> None:
    document = theirs.send("GET", "/openapi.json").json()

    schema = document["paths"]["/scoring"]["post"]["requestBody"]["content"]["application/json"]
    name = schema["schema"]["$ref"].rpartition("/")[2]
    assert document["components"]["schemas"][name]["properties"].keys() == {"customer", "features"}
    assert {"/api/scoring", "/scoring/many", "/limits/{id}/of/{kind}"} <= document["paths"].keys()
