"""What episodes do to answers: faults, features spoilt on their way, versions side by side."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from simulator.scenario.platform.policy import Policy
from simulator.scenario.platform.service_times import Prediction
from simulator.scenario.vocabulary import FEATURES
from simulator.seeding import Streams
from simulator.simulation.causes import FAULTS, causes
from simulator.simulation.requests import OUTCOMES
from simulator.simulation.scorecard import Scorecard
from simulator.simulation.scoring import Scoring
from simulator.timeline.grid import Grid
from tests.support.scoring_client import (
    GOOD_RISK,
    Client,
    answered,
    batch,
    counted,
    drawn_features,
    episode,
    statuses,
)
from tests.support.tolerances import assert_share


@pytest.mark.parametrize(("reason", "status"), FAULTS.items())
def test_a_fault_is_answered_with_its_status_and_counted_by_its_reason(
    client: Client, reason: str, status: int
) -> None:
    client.meet(faults={reason: 1.0})

    answers = [client.score(), client.send("POST", "/v1/score/batch", json=batch(9))]

    assert [answer.status_code for answer in answers] == [status, status]
    tally = client.counter.take()
    assert counted(tally) == {("web", reason): 1, ("partner", reason): 9}
    assert len(tally.scores) == 0
    status_class = f"{status // 100}xx"
    assert answered(tally) == {("score", status_class): 1, ("batch", status_class): 1}
    assert statuses(tally) == {("score", status): 1, ("batch", status): 1}


def test_reading_decisions_meets_no_faults_of_scoring(client: Client) -> None:
    decision_id = client.decision_id()
    client.meet(faults={"internal": 1.0})

    assert client.send("GET", f"/v1/decisions/{decision_id}").status_code == 200


def test_an_invalid_application_is_refused_before_any_fault(client: Client) -> None:
    client.meet(faults={"internal": 1.0})

    assert client.score(age=3).status_code == 422


@pytest.mark.parametrize(
    ("status", "reason"), [(401, "unauthorized"), (429, "rate_limited"), (500, "internal")]
)
def test_an_episode_of_errors_has_its_share_of_answers(status: int, reason: str) -> None:
    n, ratio = 10_000, 0.1
    with Client(episode("errors", status=status, ratio=ratio), has_faults=True) as client:
        count = client.outcomes(n)[OUTCOMES.index(reason)]

    # a healthy platform has a few of its own, fewer than can be told apart here
    assert_share(int(count), n, ratio)


def test_another_share_of_errors_is_kept_apart() -> None:
    with pytest.raises(AssertionError, match="is not"):
        assert_share(round(0.1 * 10_000), 10_000, 0.12)


def test_what_kafka_does_not_take_is_unavailable(client: Client) -> None:
    client.meet(unwritable=0.25)
    outcomes = client.outcomes(10_000)

    assert_share(int(outcomes[OUTCOMES.index("unavailable")]), 10_000, 0.25)
    assert int(outcomes.sum()) == 10_000


def test_a_data_bug_spoils_what_the_model_gets_and_not_the_truth() -> None:
    with Client(episode("data-bug", feature="net_income", factor=0.01)) as client:
        spoilt = client.score(net_income=2000.0).json()
        tally = client.counter.take()

    income = FEATURES.index("net_income")
    assert (tally.true[0, income], tally.given[0, income]) == (2000.0, pytest.approx(20.0))
    others = [i for i in range(len(FEATURES)) if i != income]
    assert tally.given[0, others].tolist() == tally.true[0, others].tolist()
    assert spoilt["score"] == Scorecard().score_of(tally.given[0].tolist())
    assert spoilt["score"] < Scorecard().score_of(tally.true[0].tolist())


def test_a_share_of_values_is_missing_and_read_as_zero() -> None:
    n, age = 2000, FEATURES.index("age")
    with Client(episode("data-bug", feature="age", null_ratio=0.3)) as client:
        client.score_all([list({**GOOD_RISK, "age": 40.0}.values())] * n)
        tally = client.counter.take()

    assert set(np.unique(tally.given[:, age])) == {0.0, 40.0}
    assert_share(int((tally.given[:, age] == 0.0).sum()), n, 0.3)
    assert (tally.true[:, age] == 40.0).all()


def test_who_defaults_follows_from_the_truth_and_not_from_what_was_spoilt() -> None:
    bug = episode("data-bug", feature="revolving_utilisation", factor=100.0)
    n = 2000
    sent = drawn_features(n, seed=5)
    with Client(bug) as client:
        client.score_all(sent.tolist())
        tally = client.counter.take()
        simulation = client.simulation

    now = causes(simulation.scenario, simulation.population.episodes, Grid(1.8e9, 5.0, 0, 1))
    scored = Scoring(
        simulation.population,
        simulation.versions,
        2000,
        prediction=Prediction().distribution,
        policy=Policy(),
    ).counted(tally, now, Streams(1).over(0, 1))
    bad = int(scored.cells[..., 1].sum())
    true, given = (expit(Scorecard().log_odds(f)) for f in (tally.true, tally.given))
    error = np.sqrt((true * (1.0 - true)).sum())
    assert abs(bad - true.sum()) < 6.0 * error
    assert abs(bad - given.sum()) > 6.0 * error


def test_a_canary_gets_its_share_of_applications_and_its_own_scores() -> None:
    canary = episode(
        "model-release",
        version="3.3.0",
        canary_share=0.2,
        canary_for="12h",
        coefficients={"inquiries_6m": 3.0},
    )
    n = 2000
    with Client(canary) as client:
        decisions = client.score_all([list({**GOOD_RISK, "inquiries_6m": 3}.values())] * n)
        tally = client.counter.take()

    assert_share(int((tally.version == 1).sum()), n, 0.2)
    scores = {d["model_version"]: d["score"] for d in decisions}
    assert scores["3.3.0"] < scores["3.2.0"]
