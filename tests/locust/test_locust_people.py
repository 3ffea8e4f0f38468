"""People: what is theirs stays, and all applications together are the scenario's population."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from math import sqrt

import numpy as np
import pytest
from scipy import stats

from simulator.load.people import HIGHEST_AGE, LOWEST_AGE, LOWEST_WORKING_AGE, People
from simulator.load.platform_state import Population
from simulator.scenario.kinds.population_shift import PRESETS, Preset
from simulator.scenario.vocabulary import FEATURES, Feature
from simulator.seeding import generator
from simulator.simulation.applicants import applicants, correlated_normals
from simulator.simulation.divergence import psi
from simulator.simulation.reference import N_BINS, reference
from simulator.simulation.scorecard import Scorecard

N = 20_000
WINDOW, GREEN = 2000, 0.10  # of the drift panel
THEIRS = ("age", "job_tenure_months", "permanent_contract", "home_owner", "ficp_flag")
WHOLE = ("age", "job_tenure_months", "net_income", "duration_months", "amount")


def column(feature: Feature) -> int:
    return FEATURES.index(feature)


def shifted(preset: Preset) -> tuple[float, ...]:
    return tuple(PRESETS[preset].get(f, 0.0) for f in FEATURES)


@cache
def applications(n: int = N, name: str = "x") -> tuple[list[int], np.ndarray]:
    """Numbers of people and features of applications in health, drawn in blocks as users do."""
    people = People(generator(5, name))
    blocks = [people.apply(250) for _ in range(n // 250)]
    return [p for numbers, _ in blocks for p in numbers], np.vstack([f for _, f in blocks])


def drift(features: np.ndarray) -> np.ndarray:
    """PSI by feature against the development sample."""
    bins = reference().feature_bins(features).T
    shares = np.array([np.bincount(b, minlength=N_BINS) for b in bins]) / len(features)
    return psi(shares, reference().bins)


@pytest.fixture
def careers() -> list[np.ndarray]:
    """The applications of each person who applied more than once."""
    of_person = defaultdict(list)
    for person, row in zip(*applications(), strict=True):
        of_person[person].append(row)
    return [np.array(rows) for rows in of_person.values() if len(rows) > 1]


def test_some_people_apply_again(careers: list[np.ndarray]) -> None:
    again = sum(len(rows) - 1 for rows in careers) / N
    assert again == pytest.approx(0.3, abs=6.0 * sqrt(0.3 * 0.7 / N))


@pytest.mark.parametrize("feature", THEIRS)
def test_a_person_s_own_attributes_stay(feature: Feature, careers: list[np.ndarray]) -> None:
    assert all(np.ptp(rows[:, column(feature)]) == 0.0 for rows in careers)


def test_a_person_s_income_varies_mildly(careers: list[np.ndarray]) -> None:
    changes = np.concatenate([np.diff(np.log(r[:, column("net_income")])) for r in careers])
    assert np.abs(changes).max() < 0.15
    assert np.abs(changes).mean() > 0.005


def test_a_person_asks_for_another_amount_each_time(careers: list[np.ndarray]) -> None:
    assert np.mean([np.ptp(r[:, column("amount")]) > 0.0 for r in careers]) > 0.99


@pytest.mark.parametrize("feature", WHOLE)
def test_numbers_are_whole_as_people_type_them(feature: Feature) -> None:
    values = applications()[1][:, column(feature)]
    assert (values == np.rint(values)).all()


@pytest.mark.parametrize("population", [(0.0,) * len(FEATURES), (3.0,) * len(FEATURES)])
def test_nobody_is_too_young_too_old_or_longer_in_a_job_than_at_work(
    population: tuple[float, ...],
) -> None:
    people = People(generator(6, "bounds"))
    people.meet(Population((1.0,), (population,)))
    _, features = people.apply(N)
    age, tenure = features[:, column("age")], features[:, column("job_tenure_months")]
    assert age.min() >= LOWEST_AGE
    assert age.max() <= HIGHEST_AGE
    assert (tenure <= 12.0 * (age - LOWEST_WORKING_AGE)).all()


@pytest.mark.parametrize("feature", FEATURES)
def test_applications_have_the_population_s_marginals(feature: Feature) -> None:
    # First applications alone are independent of each other; those of a person are not.
    numbers, features = applications()
    _, first = np.unique(numbers, return_index=True)
    normals = generator(8, "population").standard_normal((N, len(FEATURES)))
    expected = applicants(correlated_normals(normals))[:, column(feature)]
    if feature in WHOLE:  # compared as typed
        expected = np.rint(expected)
    if feature in {"age", "job_tenure_months"}:  # a few are shortened; see the tests of bounds
        lowest, highest = np.quantile(expected, [0.05, 0.95])
        expected = np.clip(expected, lowest, highest)
        features = np.clip(features, lowest, highest)
    drawn = features[first][:, column(feature)]
    assert stats.ks_2samp(drawn, expected).pvalue > 1e-4
    assert stats.ks_2samp(drawn + 0.1 * expected.std(), expected).pvalue < 1e-4


def test_applications_of_people_who_come_back_have_the_population_s_scores() -> None:
    numbers, features = applications()
    _, first = np.unique(numbers, return_index=True)
    later = np.setdiff1d(np.arange(N), first)
    scores = Scorecard().scores(features)
    compared = stats.ks_2samp(scores[first], scores[later])
    assert compared.pvalue > 1e-4


def test_features_are_joined_as_in_the_population() -> None:
    _, features = applications()
    normals = generator(9, "population").standard_normal((N, len(FEATURES)))
    expected = np.corrcoef(applicants(correlated_normals(normals)).T)
    assert np.corrcoef(features.T) == pytest.approx(expected, abs=6.0 * sqrt(3.0 / N))


@pytest.mark.parametrize("name", ["one", "two", "three"])
def test_typed_numbers_and_returning_people_leave_the_drift_of_health_green(name: str) -> None:
    _, features = applications(20 * WINDOW, name)
    windows = features.reshape(20, WINDOW, len(FEATURES))
    assert max(drift(w).max() for w in windows) < GREEN / 2


def test_typed_numbers_add_little_to_the_drift() -> None:
    _, features = applications(N)
    assert drift(features).max() < GREEN / 8


@pytest.mark.parametrize(
    ("preset", "feature"), [("recession", "net_income"), ("young-channel", "age")]
)
def test_a_shift_reaches_the_scores_at_once(preset: Preset, feature: Feature) -> None:
    people = People(generator(7, preset))
    before = people.apply(N)[1]
    people.meet(Population((1.0,), (shifted(preset),)))
    after = people.apply(N)[1]
    assert after[:, column(feature)].mean() < before[:, column(feature)].mean()
    expected = Scorecard().scores(
        applicants(
            correlated_normals(generator(8, "s").standard_normal((N, len(FEATURES))))
            + np.array(shifted(preset))
        )
    )
    scores = Scorecard().scores(after)
    assert scores.mean() == pytest.approx(expected.mean(), abs=6.5 * scores.std() * sqrt(2.5 / N))
    assert Scorecard().scores(before).mean() - scores.mean() > 15.0


def test_people_of_a_population_that_is_gone_do_not_come_back() -> None:
    people = People(generator(7, "gone"))
    before, _ = people.apply(1000)
    people.meet(Population((1.0,), (shifted("young-channel"),)))
    after, _ = people.apply(1000)
    assert not set(before) & set(after)


def test_people_of_a_population_that_stays_in_another_mixture_come_back() -> None:
    people = People(generator(7, "stays"))
    healthy = (0.0,) * len(FEATURES)
    before, _ = people.apply(1000)
    people.meet(Population((0.5, 0.5), (healthy, shifted("young-channel"))))
    after, _ = people.apply(1000)
    assert set(before) & set(after)
