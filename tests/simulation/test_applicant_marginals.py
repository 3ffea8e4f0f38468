"""Applicants: marginals, copula, and what a shift in standard deviations does."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtri

from simulator.scenario.vocabulary import FEATURES, Feature
from simulator.simulation.applicants import (
    CORRELATIONS,
    applicants,
    correlated_normals,
    correlation_matrix,
)
from tests.support.tolerances import (
    Numbers,
    assert_distribution,
    assert_mean,
    assert_median,
    assert_near,
    assert_share,
    assert_shares,
)

N = 60_000
#: The smallest shift that matters: it adds 0.01 to PSI, twice the noise of a window of 2 000.
SMALLEST_SHIFT = 0.1

INCOME = stats.lognorm(0.42, scale=2150.0)
AMOUNT = stats.lognorm(0.78, scale=6000.0)
TENURE = stats.gamma(1.1, scale=78.0)
AGE = stats.gamma(3.2, loc=18.0, scale=8.0)
DURATION = stats.gamma(3.2, scale=12.0)
DEBT = stats.beta(3.0, 9.5)


@pytest.fixture(scope="module")
def normals() -> Numbers:
    independent = np.random.default_rng(11).standard_normal((N, len(FEATURES)))
    return correlated_normals(independent)


@pytest.fixture(scope="module")
def sample(normals: Numbers) -> dict[Feature, Numbers]:
    return dict(zip(FEATURES, applicants(normals).T, strict=True))


@pytest.fixture(scope="module")
def shifted(normals: Numbers) -> dict[Feature, Numbers]:
    return dict(zip(FEATURES, applicants(normals + SMALLEST_SHIFT).T, strict=True))


def _utilisation(x: Numbers) -> None:
    assert_share(np.sum(x == 0.0), N, 0.35)
    assert_distribution(x[x > 0.0], stats.beta(1.1, 1.6))


def _flag(share: float) -> Callable[[Numbers], None]:
    def check(x: Numbers) -> None:
        assert set(np.unique(x)) <= {0.0, 1.0}
        assert_share(x.sum(), N, share)

    return check


def _counts(pmf: Callable[[Numbers], Numbers], highest: int) -> Callable[[Numbers], None]:
    def check(x: Numbers) -> None:
        shares = pmf(np.arange(highest))
        counts = np.bincount(x.astype(np.int64), minlength=highest + 1)
        assert_shares(counts[: highest + 1], np.append(shares, max(1.0 - shares.sum(), 0.0)))

    return check


def _durations(x: Numbers) -> None:
    terms = np.arange(6.0, 85.0, 6.0)
    below = DURATION.cdf(terms[:-1] + 3.0)
    counts = np.array([np.sum(x == t) for t in terms])
    assert counts.sum() == N
    assert_shares(counts, np.diff(below, prepend=0.0, append=1.0))


MARGINALS: dict[Feature, Callable[[Numbers], None]] = {
    "revolving_utilisation": _utilisation,
    "incidents_24m": _counts(stats.nbinom(0.35, 0.35 / 0.65).pmf, 8),
    "debt_to_income": lambda x: assert_distribution(x, DEBT),
    "job_tenure_months": lambda x: assert_distribution(x, TENURE),
    "net_income": lambda x: assert_distribution(x, INCOME),
    "ficp_flag": _flag(0.025),
    "inquiries_6m": _counts(stats.poisson(0.9).pmf, 8),
    "duration_months": _durations,
    "permanent_contract": _flag(0.76),
    "home_owner": _flag(0.55),
    "age": lambda x: assert_distribution(x, AGE),
    "amount": lambda x: assert_distribution(x, AMOUNT),
}


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_follows_its_published_marginal(
    sample: dict[Feature, Numbers], feature: Feature
) -> None:
    MARGINALS[feature](sample[feature])


@pytest.mark.parametrize("feature", FEATURES)
def test_a_shift_of_a_tenth_of_a_deviation_breaks_the_marginal(
    shifted: dict[Feature, Numbers], feature: Feature
) -> None:
    with pytest.raises(AssertionError):
        MARGINALS[feature](shifted[feature])


MEANS = {"revolving_utilisation": (0.27, 0.005), "incidents_24m": (0.30, 0.005)} | {
    "debt_to_income": (0.24, 0.005),
    "net_income": (2348.0, 0.5),
}
MEDIANS = {"job_tenure_months": (62.0, 0.5), "net_income": (2150.0, 1.0)} | {
    "duration_months": (36.0, 0.0),
    "age": (41.0, 0.5),
    "amount": (6000.0, 0.0),
}


@pytest.mark.parametrize("feature", MEANS)
def test_a_feature_has_its_stated_mean(sample: dict[Feature, Numbers], feature: Feature) -> None:
    mean, rounding = MEANS[feature]
    assert_mean(sample[feature], mean, rounding=rounding)


@pytest.mark.parametrize("feature", MEANS)
def test_a_mean_of_another_population_is_noticed(normals: Numbers, feature: Feature) -> None:
    moved = applicants(normals + 0.3)[:, FEATURES.index(feature)]
    mean, rounding = MEANS[feature]
    with pytest.raises(AssertionError):
        assert_mean(moved, mean, rounding=rounding)


@pytest.mark.parametrize("feature", MEDIANS)
def test_a_feature_has_its_stated_median(sample: dict[Feature, Numbers], feature: Feature) -> None:
    median, rounding = MEDIANS[feature]
    assert_median(sample[feature], median, rounding=rounding)


@pytest.mark.parametrize("feature", MEDIANS)
def test_a_median_of_another_population_is_noticed(normals: Numbers, feature: Feature) -> None:
    moved = applicants(normals + 0.3)[:, FEATURES.index(feature)]
    median, rounding = MEDIANS[feature]
    with pytest.raises(AssertionError):
        assert_median(moved, median, rounding=rounding)


def test_amounts_stay_within_the_legal_range() -> None:
    extremes = applicants(np.array([[-6.0], [6.0]]) * np.ones(len(FEATURES)))
    assert extremes[:, FEATURES.index("amount")].tolist() == [200.0, 75_000.0]


def test_no_feature_is_negative_or_infinite_at_the_extremes() -> None:
    extremes = applicants(np.array([[-9.0], [9.0]]) * np.ones(len(FEATURES)))
    assert np.isfinite(extremes).all()
    assert (extremes >= 0.0).all()


PAIRS = list(combinations(FEATURES, 2))
CONTINUOUS: tuple[Feature, ...] = (
    "debt_to_income",
    "job_tenure_months",
    "net_income",
    "age",
    "amount",
)


def _assert_correlation(one: Numbers, other: Numbers, expected: float) -> None:
    seen = float(np.corrcoef(one, other)[0, 1])
    assert_near(seen, expected, (1.0 - expected**2) / np.sqrt(len(one)))


def _stated(one: Feature, other: Feature) -> float:
    return CORRELATIONS.get((one, other), CORRELATIONS.get((other, one), 0.0))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_copulas_normals_correlate_as_stated(
    normals: Numbers, one: Feature, other: Feature
) -> None:
    columns = normals[:, [FEATURES.index(one), FEATURES.index(other)]].T
    _assert_correlation(columns[0], columns[1], _stated(one, other))


@pytest.mark.parametrize(("one", "other"), list(CORRELATIONS))
def test_a_correlation_that_is_five_points_off_is_noticed(
    normals: Numbers, one: Feature, other: Feature
) -> None:
    columns = normals[:, [FEATURES.index(one), FEATURES.index(other)]].T
    with pytest.raises(AssertionError):
        _assert_correlation(columns[0], columns[1], _stated(one, other) + 0.05)


@pytest.mark.parametrize(("one", "other"), list(combinations(CONTINUOUS, 2)))
def test_features_keep_the_copulas_correlation_in_their_normal_ranks(
    sample: dict[Feature, Numbers], one: Feature, other: Feature
) -> None:
    first, second = (ndtri((stats.rankdata(sample[f]) - 0.5) / N) for f in (one, other))
    _assert_correlation(first, second, _stated(one, other))


def test_the_correlation_matrix_is_far_from_singular() -> None:
    assert np.linalg.eigvalsh(correlation_matrix()).min() > 0.2


def test_the_correlation_matrix_is_symmetric_with_a_unit_diagonal() -> None:
    matrix = correlation_matrix()
    assert np.array_equal(matrix, matrix.T)
    assert (np.diag(matrix) == 1.0).all()


QUANTILES = {
    "debt_to_income": DEBT,
    "job_tenure_months": TENURE,
    "net_income": INCOME,
    "age": AGE,
    "amount": AMOUNT,
}


@pytest.mark.parametrize("shift", [-0.8, -0.15, 0.25, 0.7])
@pytest.mark.parametrize("feature", CONTINUOUS)
def test_a_shift_moves_the_median_to_the_quantile_of_as_many_deviations(
    feature: Feature, shift: float
) -> None:
    median = applicants(np.full((1, len(FEATURES)), shift))[0, FEATURES.index(feature)]
    expected = QUANTILES[feature].ppf(stats.norm.cdf(shift))
    assert median == pytest.approx(expected, rel=1e-4)
