"""Scores on a platform's own scale, in metrics and answers, agree with what is decided by them."""

from typing import Any, Final

import numpy as np
import pytest

from simulator.simulation.arrays import Floats
from tests.support.mapped import Shown, mapping, shown, values_of
from tests.support.scenario_builders import scenario
from tests.support.scoring_client import Client

#: Each with the edge below which scores are those of the accepted, or of all others.
SCALES: Final[dict[str, tuple[dict[str, Any], float]]] = {
    "whole, and more of them": ({"score_range": [0, 1000], "accepted_from": 620}, 619.5),
    "from 0 to 1": ({"score_range": [0, 1], "accepted_from": 0.615}, 0.6145),
    "a high score is a high risk": (
        {"score_range": [100, 0], "accepted_from": 35, "reviewed_from": 45},
        35.05,
    ),
}
METRICS: Final = mapping(
    scores={"measure": "scores"},
    share={"transform": {"to": "zero-to-one"}},
    decisions={"measure": "scored", "labels": {"d": "decision"}},
    last={"last": "score"},
)


def total(series: list[Shown], name: str) -> Floats:
    """Of the only series of that name at the end: its buckets, the number and the sum."""
    (values,) = (one.values[-1] for one in series if one.name == name)
    return values


@pytest.mark.parametrize("name", SCALES)
def test_buckets_sums_and_last_scores_are_on_the_scale(name: str) -> None:
    policy, edge = SCALES[name]
    plan = scenario(platform={"policy": policy})
    at_edge = mapping(scores={"measure": "scores", "edges": [edge]})

    found = shown(plan, METRICS, [20])
    below = total(shown(plan, at_edge, [20]), "scores")

    worst, best = policy["score_range"]
    accepted = values_of(found, "decisions", d="accepted")[-1]
    n_scored = sum(one.values[-1] for one in found if one.name == "decisions")
    assert below[0] == (accepted if best < worst else n_scored - accepted)
    mean = total(found, "scores")[-1] / n_scored
    low, high = sorted((worst, best))
    assert low < mean < high
    last = values_of(found, "last")
    assert ((last >= low) & (last <= high)).all()
    share = total(found, "share")[-1] / n_scored
    assert share == pytest.approx((mean - low) / (high - low), abs=1e-6)


def test_usual_buckets_are_the_same_applicants_on_every_scale() -> None:
    usual, percent, risk = (
        total(shown(scenario(platform={"policy": policy}), METRICS, [20]), "scores")[:-2]
        for policy in ({}, {"score_range": [0, 1]}, {"score_range": [1, 0]})
    )
    every = usual[-1]

    np.testing.assert_array_equal(percent, usual)
    # up to an edge are those who are beyond it on a scale that rises; up to the last edge are all
    np.testing.assert_array_equal(risk[:13], (every - usual[:13])[::-1])


@pytest.mark.parametrize("name", SCALES)
def test_answers_say_scores_of_the_scale_and_what_is_decided_by_them(name: str) -> None:
    policy, _ = SCALES[name]
    with Client(platform={"policy": policy}) as client:
        answers = [
            client.score(applicant_id=f"p-{i}", incidents_24m=i % 4, net_income=900.0 + 300.0 * i)
            for i in range(16)
        ]
        kept = client.send("GET", f"/v1/decisions/{answers[0].json()['decision_id']}").json()

    worst, best = policy["score_range"]
    sign = 1 if best > worst else -1
    found = [answer.json() for answer in answers]
    assert kept == found[0]
    assert len({one["decision"] for one in found}) > 1
    for one in found:
        assert min(worst, best) <= one["score"] <= max(worst, best)
        is_accepted = sign * one["score"] >= sign * policy["accepted_from"]
        assert (one["decision"] == "accepted") == is_accepted
