"""Where values lie in what is sent, and in which units and words."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.scenario.vocabulary import FEATURES
from tests.support.mapped_api import answering
from tests.support.scoring_client import Client, counted

AGE, INCOME, TENURE, CONTRACT = (
    FEATURES.index(f) for f in ("age", "net_income", "job_tenure_months", "permanent_contract")
)


def theirs(client: Client, route: str = "POST /s", **application: Any) -> Client:  # noqa: ANN401 - a file's own values
    own = {"applicant": "id", "answer": {"who": "{applicant_id}"}, **application}
    return answering(
        client, {"application": own, "routes": [{"route": route, "endpoint": "score"}]}
    )


def true(client: Client, *columns: int) -> list[float]:
    (row,) = client.counter.take().true
    return [float(row[column]) for column in columns]


@pytest.mark.parametrize("key", ["CUST1", 17, 9007199254740993, "17"])
def test_a_key_is_answered_as_it_was_sent(client: Client, key: object) -> None:
    assert theirs(client).send("POST", "/s", json={"id": key}).json() == {"who": key}


def test_a_number_and_the_text_of_it_are_one_customer(client: Client) -> None:
    api = theirs(client)
    for key in (17, "17", 18):
        api.send("POST", "/s", json={"id": key})

    one, other, another = api.counter.take().true
    assert (one == other).all()
    assert (one != another).any()


def test_without_a_key_everybody_is_new(client: Client) -> None:
    api = theirs(client, applicant=None)
    answers = [api.send("POST", "/s", json={}).json()["who"] for _ in range(2)]

    assert answers[0] != answers[1]
    one, other = api.counter.take().true
    assert (one != other).any()


@pytest.mark.parametrize(
    ("where", "sent", "expected"),
    [
        ({"unit": "yearly"}, 36_000, 3000.0),
        ({"unit": "yearly", "scale": 0.01}, 3_600_000, 3000.0),
        ({"scale": 0.5}, 6000.0, 3000.0),
        ({}, "3000", 3000.0),
        ({"values": {"low": 900, "high": 3000}}, "high", 3000.0),
        ({"values": {1: 900, 2: 3000}}, 2, 3000.0),
        ({"values": {1: 900, 2: 3000}}, "2", 3000.0),
        ({"values": {True: 3000, False: 900}}, True, 3000.0),
    ],
)
def test_a_feature_has_its_own_unit_or_words(
    client: Client, where: dict[str, Any], sent: object, expected: float
) -> None:
    api = theirs(client, features={"net_income": {"at": "x-income", **where}})
    assert api.send("POST", "/s", json={"id": 1, "x-income": sent}).status_code == 200

    assert true(api, INCOME) == pytest.approx([expected])


@pytest.mark.parametrize(("sent", "expected"), [(True, 1.0), (False, 0.0), (1, 1.0)])
def test_a_flag_may_be_true_or_false(client: Client, sent: object, expected: float) -> None:
    api = theirs(client, features={"permanent_contract": {"at": "fixed"}})
    api.send("POST", "/s", json={"id": 1, "fixed": sent})

    assert true(api, CONTRACT) == [expected]


@pytest.mark.parametrize(
    ("places", "body"),
    [
        (("data[name=age].value", "data[name=income].value"),
         {"data": [{"name": "income", "value": 3000}, {"name": "age", "value": 41.0}]}),
        (("inputs[0]", "inputs[2]"), {"inputs": [41, None, 3000]}),
        (("a.b.c.age", "a.b.income"), {"a": {"b": {"c": {"age": 41}, "income": 3000}}}),
        (("rows[1].age", "rows[0].income"), {"rows": [{"income": 3000}, {"age": "41"}]}),
        (("query:age", "header:X-Income"), {}),
    ],
)  # fmt: skip
def test_features_lie_in_lists_and_beside_the_body(
    client: Client, places: tuple[str, str], body: dict[str, Any]
) -> None:
    features = {"age": {"at": places[0]}, "net_income": {"at": places[1]}}
    api = theirs(client, features=features)
    answer = api.send("POST", "/s?age=41", json={"id": "c", **body}, headers={"x-income": "3000"})

    assert answer.status_code == 200
    assert true(api, AGE, INCOME) == [41.0, 3000.0]


def test_an_application_may_be_a_list_and_a_batch_a_list_of_these(client: Client) -> None:
    own = {
        "applicant": "[0]",
        "features": {"age": {"at": "[1]"}, "net_income": {"at": "[2]", "unit": "yearly"}},
        "answer": ["{applicant_id}", "{score}"],
    }
    routes = [
        {"route": "POST /all", "endpoint": "batch"},
        {"route": "POST /in", "endpoint": "batch", "applications": "in", "decisions": "out.all"},
    ]
    api = answering(client, {"application": own, "routes": routes})
    rows = [["c1", 41, 36_000], ["c2", 30]]
    answers = [
        api.send("POST", "/all", json=rows).json(),
        api.send("POST", "/in", json={"in": rows}).json()["out"]["all"],
    ]

    assert answers[0] == answers[1]
    assert [key for key, _ in answers[0]] == ["c1", "c2"]
    tally = api.counter.take()
    assert tally.true[:, AGE].tolist() == [41.0, 30.0] * 2
    assert tally.true[0, INCOME] == pytest.approx(3000.0)


def test_who_is_scored_may_stand_in_the_path(client: Client) -> None:
    api = theirs(client, "GET /customers/{id}/score", applicant="path:id")
    first, again = (api.send("GET", "/customers/c-7/score").json() for _ in range(2))

    assert first == again == {"who": "c-7"}
    tally = api.counter.take()
    assert tally.requests.http[0].sum() == 2


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({"id": "c", "job": "CDY"}, "job", "should be one of 'CDI', 'CDD' (found 'CDY')"),
        ({"id": "c", "v": ["x"]}, "v.0", "should be a valid number"),
        ({"id": "c", "v": [1e13]}, "v.0", ""),
        ({"id": "", "v": [1]}, "id", "text of up to 128 characters"),
        ({"id": {}, "v": [1]}, "id", "text of up to 128 characters"),
    ],
)
def test_what_is_none_of_these_is_refused_with_its_place(
    client: Client, body: dict[str, Any], field: str, said: str
) -> None:
    features = {
        "permanent_contract": {"at": "job", "values": {"CDI": 1, "CDD": 0}},
        "age": {"at": "v[0]"},
    }
    api = theirs(client, features=features)
    answer = api.send("POST", "/s", json=body)

    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert (problem["field"], said in problem["problem"]) == (field, True)
    assert counted(api.counter.take()) == {("web", "validation"): 1}


def test_the_channel_may_stand_in_the_application(client: Client) -> None:
    api = theirs(client, channels={"at": "from", "values": {"APP": "mobile"}}, channel="branch")
    for sent in ({"from": "APP"}, {"from": "shop"}, {}):
        api.send("POST", "/s", json={"id": 1, **sent})

    assert counted(api.counter.take()) == {("mobile", "success"): 1, ("branch", "success"): 2}


@pytest.mark.parametrize("body", [{"id": "c"}, {"id": "c", "f": None}, {"id": "c", "f": {}}])
def test_all_features_may_be_missing(client: Client, body: dict[str, Any]) -> None:
    api = theirs(client, features={"age": {"at": "f.age"}, "amount": {"at": "f.amount"}})

    assert api.send("POST", "/s", json=body).status_code == 200
