"""Decisions afterwards: reading, explaining, reviewing, erasing, and how many are kept."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import numpy as np
import pytest

from simulator.api.archive import Archive, DecisionRecord
from simulator.scenario.vocabulary import FEATURES
from simulator.simulation.scorecard import Scorecard
from tests.support.scoring_client import GOOD_RISK, Client, answered, batch, counted, episode

if TYPE_CHECKING:
    from typing import Any


def test_a_decision_can_be_read_back(client: Client) -> None:
    taken = client.score().json()

    assert client.send("GET", f"/v1/decisions/{taken['decision_id']}").json() == taken


def test_a_kept_decision_is_no_work_for_the_garbage_collector(client: Client) -> None:
    record = client.backend.engine.archive.get(client.decision_id())

    assert record is not None
    assert not gc.is_tracked(record)


def test_an_explanation_names_all_features_strongest_first(client: Client) -> None:
    explained = client.send("GET", f"/v1/decisions/{client.decision_id()}/explanation").json()

    added = [abs(reason["contribution"]) for reason in explained["reasons"]]
    assert added == sorted(added, reverse=True)
    assert {reason["feature"] for reason in explained["reasons"]} == set(FEATURES)


def test_contributions_add_up_to_the_log_odds_of_the_features(client: Client) -> None:
    features = {"net_income": 1500.0, "age": 23.0, "incidents_24m": 2}
    decision_id = client.decision_id(**features)

    explained = client.send("GET", f"/v1/decisions/{decision_id}/explanation").json()

    intercept = -2.75  # of the scorecard, as published
    total = intercept + sum(reason["contribution"] for reason in explained["reasons"])
    applied = np.array([list({**GOOD_RISK, **features}.values())])
    # twelve numbers rounded to four decimals
    assert total == pytest.approx(Scorecard().log_odds(applied)[0], abs=12 * 5e-5)


def test_an_explanation_gives_the_values_that_the_model_got() -> None:
    with Client(episode("data-bug", feature="net_income", factor=0.01)) as client:
        decision_id = client.decision_id(net_income=2000.0)
        explained = client.send("GET", f"/v1/decisions/{decision_id}/explanation").json()

    values = {reason["feature"]: reason["value"] for reason in explained["reasons"]}
    assert values["net_income"] == pytest.approx(20.0)


def test_a_review_replaces_the_decision_and_names_the_reviewer(client: Client) -> None:
    decision_id = client.decision_id()
    verdict = {"reviewer": "agent-7", "decision": "refused", "comment": "Papers missing."}

    reviewed = client.send("POST", f"/v1/decisions/{decision_id}/review", json=verdict).json()

    assert (reviewed["decision"], reviewed["reviewed_by"]) == ("refused", "agent-7")
    assert client.send("GET", f"/v1/decisions/{decision_id}").json() == reviewed


def test_a_review_counts_as_no_scoring(client: Client) -> None:
    decision_id = client.decision_id()
    client.counter.take()

    client.send(
        "POST",
        f"/v1/decisions/{decision_id}/review",
        json={"reviewer": "agent-7", "decision": "accepted"},
    )

    tally = client.counter.take()
    assert counted(tally) == {}
    assert answered(tally) == {("review", "2xx"): 1}


@pytest.mark.parametrize(
    ("verdict", "field"),
    [
        ({"decision": "accepted"}, "reviewer"),
        ({"reviewer": "agent-7", "decision": "review"}, "decision"),
        ({"reviewer": "not an id", "decision": "accepted"}, "reviewer"),
        ({"reviewer": "a", "decision": "accepted", "comment": "x" * 1001}, "comment"),
        ({"reviewer": "a", "decision": "accepted", "mood": "fine"}, "mood"),
    ],
)
def test_a_review_that_is_none_names_its_field(
    client: Client, verdict: dict[str, Any], field: str
) -> None:
    answer = client.send("POST", f"/v1/decisions/{client.decision_id()}/review", json=verdict)

    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["detail"]] == [field]


def test_erasure_deletes_everything_about_an_applicant_and_nothing_else(client: Client) -> None:
    mine = [client.decision_id(applicant_id="ada") for _ in range(3)]
    other = client.decision_id(applicant_id="ben")

    erased = client.send("DELETE", "/v1/applicants/ada").json()

    assert erased == {"applicant_id": "ada", "deleted": 3}
    statuses = [client.send("GET", f"/v1/decisions/{i}").status_code for i in [*mine, other]]
    assert statuses == [404, 404, 404, 200]


def test_what_was_erased_cannot_be_erased_again(client: Client) -> None:
    client.decision_id(applicant_id="ada")
    client.send("DELETE", "/v1/applicants/ada")

    assert client.send("DELETE", "/v1/applicants/ada").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/decisions/none"),
        ("GET", "/v1/decisions/none/explanation"),
        ("POST", "/v1/decisions/none/review"),
        ("DELETE", "/v1/applicants/none"),
    ],
)
def test_what_is_not_there_is_not_found(client: Client, method: str, path: str) -> None:
    body = {"json": {"reviewer": "a", "decision": "accepted"}} if method == "POST" else {}

    answer = client.send(method, path, **body)

    assert answer.status_code == 404
    assert "'none'" in answer.json()["detail"]


@pytest.mark.parametrize("key", ["a" * 65, "a b", "-a", "%00", "é", "a%0A", "a'--"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/decisions/{}"),
        ("GET", "/v1/decisions/{}/explanation"),
        ("DELETE", "/v1/applicants/{}"),
    ],
)
def test_a_key_that_cannot_be_one_is_refused(
    client: Client, method: str, path: str, key: str
) -> None:
    answer = client.send(method, path.format(key))

    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["detail"]] == ["id"]
    assert counted(client.counter.take()) == {}


def test_the_longest_key_is_looked_up(client: Client) -> None:
    assert client.send("GET", f"/v1/decisions/{'a' * 64}").status_code == 404


def test_the_oldest_decisions_make_room(client: Client) -> None:
    client.backend.engine.archive = Archive(limit=10)
    first = client.decision_id(applicant_id="ada")
    client.send("POST", "/v1/score/batch", json=batch(10))

    assert len(client.backend.engine.archive) == 10
    assert client.send("GET", f"/v1/decisions/{first}").status_code == 404
    assert client.send("DELETE", "/v1/applicants/ada").status_code == 404


def test_an_applicant_keeps_the_newer_decisions_when_an_old_one_makes_room() -> None:
    archive = Archive(limit=2)
    for decision_id in "abc":
        archive.add(DecisionRecord(decision_id, "ada", 700, "accepted", 0, ()))

    assert (archive.erase("ada"), len(archive)) == (2, 0)


def test_reasons_are_called_as_the_platform_calls_its_features() -> None:
    names = {"net_income": "monthly income", "age": "AGE"}
    with Client(platform={"model": {"feature_names": names}}) as client:
        decision = client.score().json()
        path = f"/v1/decisions/{decision['decision_id']}/explanation"
        reasons = client.send("GET", path).json()["reasons"]

    found = {reason["feature"] for reason in reasons}
    assert found == {names.get(feature, feature) for feature in FEATURES}
