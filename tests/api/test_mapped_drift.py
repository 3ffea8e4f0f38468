"""Scores and drift of a platform whose clients send five features of twelve, in their own units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import ks_2samp

from simulator.mapping.loading import load_mapping
from simulator.scenario.vocabulary import FEATURES, Feature
from simulator.simulation.reference import reference
from tests.support.mapped_api import answering
from tests.support.scoring_client import Client, drawn_features

if TYPE_CHECKING:
    from simulator.mapping.api_part import ApiPart
    from simulator.simulation.arrays import Floats
    from simulator.simulation.tally import Tally

N = 4000
INCOME = FEATURES.index("net_income")
API: ApiPart = load_mapping("mlops-scoring").api


def sent(rows: Floats, *, wrong: Feature | None = None) -> Tally:
    """What the platform has scored of these people, of whom one feature has a wrong unit."""
    assert API.application is not None
    places = API.application.features
    customers = []
    for number, row in enumerate(rows.tolist()):
        features = {
            where.at.removeprefix("features."): (
                row[FEATURES.index(feature)]
                if feature == wrong
                else where.as_sent(feature, row[FEATURES.index(feature)])
            )
            for feature, where in places.items()
        }
        customers.append({"customer_id": f"CUST{number}", "features": features})
    with Client() as client:
        theirs = answering(client, API.model_dump(exclude_unset=True))
        for first in range(0, N, 100):
            body = {"customers": customers[first : first + 100]}
            assert theirs.send("POST", "/score/batch", json=body).status_code == 200
        return theirs.counter.take()


@pytest.fixture(scope="module")
def healthy() -> Tally:
    return sent(drawn_features(N, seed=1))


def psi(rows: Floats) -> Floats:
    """PSI of each feature against the development sample."""
    bins = reference().feature_bins(rows)
    found = []
    for column, expected in enumerate(reference().bins):
        actual = np.maximum(np.bincount(bins[:, column], minlength=len(expected)) / N, 1e-4)
        before = np.maximum(expected, 1e-4)
        found.append(float(((actual - before) * np.log(actual / before)).sum()))
    return np.array(found)


def test_in_health_scores_are_those_of_synthetic_traffic(healthy: Tally) -> None:
    with Client() as client:
        client.score_all(drawn_features(N, seed=2).tolist())
        whole = client.counter.take()

    assert ks_2samp(healthy.scores, whole.scores).pvalue > 1e-4


def test_in_health_no_feature_drifts(healthy: Tally) -> None:
    """PSI of n applicants in 10 bins is chi-square of 9 over n: 6 spreads above its mean."""
    assert (psi(healthy.true) < (9 + 6 * 18**0.5) / N).all()


def test_a_wrong_unit_is_the_drift_that_it_is(healthy: Tally) -> None:
    found = sent(drawn_features(N, seed=1), wrong="net_income")

    assert psi(found.true)[INCOME] > 1.0
    assert ks_2samp(found.scores, healthy.scores).pvalue < 1e-9
