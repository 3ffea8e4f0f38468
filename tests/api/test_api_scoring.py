"""Scoring: single applications and batches, and the decisions that come back."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest

from simulator.scenario.vocabulary import CHANNELS, FEATURES
from simulator.simulation.scorecard import Scorecard
from tests.support.scoring_client import (
    GOOD_RISK,
    Client,
    answered,
    application,
    batch,
    counted,
    episode,
)

if TYPE_CHECKING:
    from simulator.scenario.vocabulary import Channel


def test_an_application_gets_the_score_of_the_scorecard(client: Client) -> None:
    decision = client.score(net_income=1800.0).json()

    expected = Scorecard().score_of(list({**GOOD_RISK, "net_income": 1800.0}.values()))
    assert decision["score"] == expected
    assert decision["probability_of_default"] == pytest.approx(
        Scorecard.probability_of_default(expected), abs=5e-5
    )


@pytest.mark.parametrize(
    ("features", "level", "decision"),
    [
        ({}, "low", "accepted"),
        ({"revolving_utilisation": 0.9}, "medium", "accepted"),
        ({"permanent_contract": 0, "incidents_24m": 2, "debt_to_income": 0.4}, "high", "review"),
        ({"ficp_flag": 1, "incidents_24m": 3, "debt_to_income": 0.6}, "very_high", "refused"),
    ],
)
def test_level_and_decision_follow_from_the_score(
    client: Client, features: dict[str, float], level: str, decision: str
) -> None:
    answer = client.score(**features).json()

    assert (answer["risk_level"], answer["decision"]) == (level, decision)


def test_the_order_of_fields_in_the_body_does_not_matter(client: Client) -> None:
    body = application(net_income=1234.0, age=33.0)
    turned = {**body, "features": dict(reversed(body["features"].items()))}

    scores = [client.send("POST", "/v1/score", json=b).json()["score"] for b in (body, turned)]

    assert scores[0] == scores[1]


def test_a_batch_is_answered_in_its_order(client: Client) -> None:
    answer = client.send("POST", "/v1/score/batch", json=batch(7))

    assert [d["applicant_id"] for d in answer.json()["decisions"]] == [f"p-{i}" for i in range(7)]


def test_a_batch_may_hold_a_hundred(client: Client) -> None:
    answer = client.send("POST", "/v1/score/batch", json=batch(100))

    assert len(answer.json()["decisions"]) == 100


def test_decisions_have_ids_of_their_own(client: Client) -> None:
    ids = [client.decision_id() for _ in range(20)]

    assert len(set(ids)) == 20


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_scored_application_counts_for_its_channel(client: Client, channel: Channel) -> None:
    client.score(channel=channel)

    tally = client.counter.take()
    assert counted(tally) == {(channel, "success"): 1}
    assert answered(tally) == {("score", "2xx"): 1}


def test_a_batch_of_n_counts_as_n_applications_and_one_request(client: Client) -> None:
    client.send("POST", "/v1/score/batch", json=batch(12, channel="branch"))

    tally = client.counter.take()
    assert counted(tally) == {("branch", "success"): 12}
    assert answered(tally) == {("batch", "2xx"): 1}
    assert len(tally.scores) == 12


def test_the_model_gets_what_was_sent(client: Client) -> None:
    client.score(net_income=1800.0)

    tally = client.counter.take()
    assert tally.true[0].tolist() == [{**GOOD_RISK, "net_income": 1800.0}[f] for f in FEATURES]
    assert tally.given.tolist() == tally.true.tolist()


def test_the_deployed_version_is_listed_with_all_traffic(client: Client) -> None:
    assert client.send("GET", "/v1/models").json() == [
        {
            "model": "consumer-credit",
            "version": "3.2.0",
            "stage": "production",
            "traffic_share": 1.0,
        }
    ]


def test_a_canary_is_listed_with_its_share() -> None:
    canary = episode("model-release", version="3.3.0", canary_share=0.2, canary_for="12h")
    with Client(canary) as client:
        listed = client.send("GET", "/v1/models").json()

    shares = {m["version"]: (m["stage"], round(m["traffic_share"], 9)) for m in listed}
    assert shares == {"3.2.0": ("production", 0.8), "3.3.0": ("canary", 0.2)}


def test_two_runs_of_one_seed_answer_alike() -> None:
    def answers() -> list[object]:
        with Client(seed=7) as client:
            return [client.score(age=float(20 + i)).json() for i in range(10)]

    assert answers() == answers()


def test_every_score_lies_within_its_range(client: Client) -> None:
    extremes = {
        "revolving_utilisation": (0, 1),
        "incidents_24m": (0, 100),
        "debt_to_income": (0, 10),
        "net_income": (0, 1_000_000),
        "age": (18, 120),
        "amount": (200, 75_000),
    }
    for values in itertools.product(*extremes.values()):
        answer = client.score(**dict(zip(extremes, values, strict=True)))
        assert answer.status_code == 200

    scores = client.counter.take().scores
    assert scores.min() >= 300
    assert scores.max() <= 850
    assert len(np.unique(scores)) > 10
