"""What was not sent is as it is among today's applicants with what was sent."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp, rankdata

from simulator.scenario.vocabulary import FEATURES, Feature
from simulator.seeding import table_generator
from simulator.simulation.applicants import applicants, correlated_normals
from simulator.simulation.change import NEUTRAL, Alternatives, Change
from simulator.simulation.looked_up import FeatureStore
from simulator.simulation.reference import reference
from simulator.simulation.scorecard import Scorecard

if TYPE_CHECKING:
    from simulator.simulation.arrays import Floats

N = 6000
HEALTH: Alternatives = ((1.0, NEUTRAL),)
FIVE: tuple[Feature, ...] = (
    "age",
    "net_income",
    "job_tenure_months",
    "debt_to_income",
    "revolving_utilisation",
)
DISCRETE: tuple[Feature, ...] = ("ficp_flag", "permanent_contract", "duration_months")
SENT = {"nothing": (), "five features": FIVE, "discrete ones": DISCRETE, "one": ("home_owner",)}


def people(seed: int, shift: dict[Feature, float] | None = None) -> Floats:
    normals = correlated_normals(table_generator(seed).standard_normal((N, len(FEATURES))))
    return applicants(normals + [(shift or {}).get(feature, 0.0) for feature in FEATURES])


def completed(rows: Floats, sent: tuple[str, ...], today: Alternatives = HEALTH) -> Floats:
    """These applicants, of whom only `sent` is sent, as the store completes them."""
    store = FeatureStore(7)
    kept = [feature in sent for feature in FEATURES]
    return np.array(
        [
            store.completed(
                f"CUST{n}",
                [v if k else None for v, k in zip(row, kept, strict=True)],
                today,
            )
            for n, row in enumerate(rows.tolist())
        ]
    )


@cache
def of_sent(name: str) -> Floats:
    return completed(people(1), SENT[name])


def drift(rows: Floats) -> Floats:
    """PSI of each feature against the development sample."""
    bins = reference().feature_bins(rows)
    found = []
    for column, expected in enumerate(reference().bins):
        actual = np.maximum(np.bincount(bins[:, column], minlength=len(expected)) / N, 1e-4)
        healthy = np.maximum(expected, 1e-4)
        found.append(float(((actual - healthy) * np.log(actual / healthy)).sum()))
    return np.array(found)


def score_difference(one: Floats, other: Floats) -> float:
    """The p-value of both having the same distribution of scores."""
    p: float = ks_2samp(Scorecard().log_odds(one), Scorecard().log_odds(other)).pvalue
    return p


@pytest.mark.parametrize("name", SENT)
def test_in_health_scores_are_those_of_the_population(name: str) -> None:
    assert score_difference(of_sent(name), people(2)) > 1e-4


@pytest.mark.parametrize("name", SENT)
def test_and_every_feature_s_drift_is_that_of_chance(name: str) -> None:
    """PSI of n applicants in 10 bins is chi-square of 9 over n: 6 spreads above its mean."""
    assert (drift(of_sent(name)) < (9 + 6 * 18**0.5) / N).all()


def correlation_difference(one: Floats, other: Floats) -> float:
    """The largest difference of two features' rank correlation, in its standard errors."""
    ranks = [rankdata(rows, axis=0) for rows in (one, other)]  # of equal values the mean
    mine, its = (np.corrcoef(each, rowvar=False) for each in ranks)
    return float(np.abs(mine - its).max() / (2 / N) ** 0.5)


@pytest.mark.parametrize("name", SENT)
def test_features_belong_together_as_in_the_population(name: str) -> None:
    assert correlation_difference(of_sent(name), people(2)) < 6


def test_features_of_somebody_else_would_be_noticed() -> None:
    rows = people(1)
    for column, feature in enumerate(FEATURES):
        if feature not in FIVE:
            rows[:, column] = np.roll(rows[:, column], 1)

    assert correlation_difference(rows, people(2)) > 6


def test_what_was_sent_stays_as_it_is() -> None:
    columns = [FEATURES.index(feature) for feature in FIVE]

    assert (of_sent("five features")[:, columns] == people(1)[:, columns]).all()


def test_a_shift_of_today_s_population_shows_in_what_was_not_sent() -> None:
    shift: dict[Feature, float] = {"inquiries_6m": 0.8, "net_income": -0.5}
    shifts = tuple(shift.get(feature, 0.0) for feature in FEATURES)
    today: Alternatives = ((1.0, Change(shifts=shifts)),)

    found = completed(people(1, shift), FIVE, today)

    assert score_difference(found, people(2, shift)) > 1e-4
    assert score_difference(completed(people(1, shift), FIVE), people(2, shift)) < 1e-4


def test_two_populations_mix_as_those_who_apply_do() -> None:
    shift: dict[Feature, float] = {"age": -1.5, "incidents_24m": 1.0}
    moved = Change(shifts=tuple(shift.get(feature, 0.0) for feature in FEATURES))
    today: Alternatives = ((0.5, NEUTRAL), (0.5, moved))
    is_old = np.arange(N)[:, np.newaxis] % 2 == 0
    mixed = [np.where(is_old, people(seed), people(seed, shift)) for seed in (1, 2)]

    found = completed(mixed[0], FIVE, today)

    assert score_difference(found, mixed[1]) > 1e-4
    young = found[:, FEATURES.index("age")] < 25
    incidents = found[:, FEATURES.index("incidents_24m")]
    true = mixed[1][:, FEATURES.index("incidents_24m")]
    true_young = mixed[1][:, FEATURES.index("age")] < 25
    assert incidents[young].mean() == pytest.approx(true[true_young].mean(), rel=0.15)


@given(
    customer=st.text(max_size=20),
    sent=st.lists(
        st.none() | st.floats(-1e12, 1e12), min_size=len(FEATURES), max_size=len(FEATURES)
    ),
)
@settings(max_examples=200)
def test_whatever_is_sent_the_same_customer_has_the_same_features(
    customer: str, sent: list[float | None]
) -> None:
    first, second = (FeatureStore(7).completed(customer, sent, HEALTH) for _ in range(2))

    assert first == second
    assert np.isfinite(first).all()
    assert all(v == one for v, one in zip(first, sent, strict=True) if one is not None)


def test_another_customer_has_others() -> None:
    store, sent = FeatureStore(7), [None] * len(FEATURES)

    assert store.completed("CUST1", sent, HEALTH) != store.completed("CUST2", sent, HEALTH)
