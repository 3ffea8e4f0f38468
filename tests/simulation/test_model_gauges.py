"""Monitoring: drift noise, late labels, and gauges that know nothing."""

import numpy as np
import pytest

from simulator.scenario.baseline import Monitoring as MonitoringSpec
from simulator.scenario.platform.policy import Policy
from simulator.scenario.vocabulary import FEATURES
from simulator.seeding import Streams
from simulator.simulation.applicants import applicants, correlated_normals
from simulator.simulation.arrays import normalised
from simulator.simulation.engine import Simulation
from simulator.simulation.monitoring import Monitoring
from simulator.simulation.population import Population
from simulator.simulation.quality import balanced_accuracy
from simulator.simulation.reference import N_BINS, reference, score_reference
from simulator.simulation.scorecard import N_CELLS, Scorecard, standardised
from simulator.simulation.scoring import Scored
from simulator.simulation.trace import Trace
from simulator.timeline.grid import Grid
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.tolerances import Numbers, assert_mean, assert_near, variance_error

WINDOW, PER_TICK, N_WINDOWS = 2000, 500, 1500
GAUGES = (*FEATURES, "score")


def _drift(shift: float) -> Numbers:
    """PSI in windows that do not overlap, shape (windows, features + 1), of exactly 2 000 each."""
    plan = scenario(episode("population-shift", shifts={"amount": shift, "age": shift}))
    population = Population(plan.episodes if shift else (), [Scorecard()])
    found, _ = population.shares(np.ones((1, 1)) if shift else np.zeros((1, 0)))
    rng = np.random.default_rng(17)
    n = N_WINDOWS * WINDOW // PER_TICK
    of_cells = found[0].cells[0].sum(axis=1)
    of_score = np.bincount(score_reference(Scorecard()).bin_of_cell, of_cells, N_BINS)
    shares = np.concatenate([found[0].bins, of_score[np.newaxis]])
    scored = Scored(
        policy=Policy(),
        cells=np.zeros((n, 1, N_CELLS, 2), dtype=np.int64),
        bins=rng.multinomial(PER_TICK, normalised(shares), (n, 1, len(GAUGES))),
        prediction=np.zeros((n, 1, 22), dtype=np.int64),
        prediction_seconds=np.zeros((n, 1)),
    )
    monitoring = Monitoring(MonitoringSpec(drift_window=WINDOW), population, 15.0, Streams(1))
    serving, grid = np.ones((n, 1), dtype=bool), Grid(MONDAY, 15.0, 0, n)
    drift = monitoring.health(scored, serving, grid).drift[:, 0]
    return drift[WINDOW // PER_TICK - 1 :: WINDOW // PER_TICK]


@pytest.fixture(scope="module")
def noise() -> Numbers:
    return _drift(0.0)


@pytest.fixture(scope="module")
def slight_drift() -> Numbers:
    return _drift(0.1)


#: PSI is chi-square only to the first order; the next adds up to 2 % in windows of 2 000.
SECOND_ORDER = 0.02


def _n_bins(gauge: str) -> int:
    of_score, of_features = score_reference(Scorecard()).bins, reference().bins
    shares = of_score if gauge == "score" else of_features[FEATURES.index(gauge)]
    return int(np.count_nonzero(shares))


def _assert_noise_mean(drift: Numbers, gauge: str) -> None:
    expected = (_n_bins(gauge) - 1) / WINDOW
    assert_mean(drift[:, GAUGES.index(gauge)], expected, rounding=SECOND_ORDER * expected)


@pytest.mark.parametrize("gauge", GAUGES)
def test_drift_without_drift_is_what_sampling_makes_of_it(noise: Numbers, gauge: str) -> None:
    _assert_noise_mean(noise, gauge)


@pytest.mark.parametrize("gauge", ["amount", "age"])
def test_a_shift_of_a_tenth_of_a_deviation_is_no_sampling_noise(
    slight_drift: Numbers, gauge: str
) -> None:
    with pytest.raises(AssertionError):
        _assert_noise_mean(slight_drift, gauge)


def _assert_noise_spread(drift: Numbers, n_bins: int) -> None:
    variance = 2.0 * (n_bins - 1) / WINDOW**2
    rounding = 3 * SECOND_ORDER * variance
    assert_near(float(drift.var(ddof=1)), variance, variance_error(drift), rounding=rounding)


@pytest.mark.parametrize("gauge", ["revolving_utilisation", "net_income", "age", "score"])
def test_the_spread_of_drift_without_drift_is_that_of_chi_square(
    noise: Numbers, gauge: str
) -> None:
    _assert_noise_spread(noise[:, GAUGES.index(gauge)], _n_bins(gauge))


def test_the_spread_of_other_bins_is_noticed(noise: Numbers) -> None:
    with pytest.raises(AssertionError):
        _assert_noise_spread(noise[:, GAUGES.index("age")], 2 * N_BINS)


RELEASE = episode(
    "model-release", version="4.0.0", start="2h", duration="4h", canary_for="2h", canary_share=0.2
)


def test_a_version_without_applications_has_no_gauges() -> None:
    model = Simulation(scenario(RELEASE), origin=MONDAY, step=60.0).advance(119).model
    gauges = (model.drift, model.accuracy, model.auc, model.default_ratio, model.importance)
    assert all(np.isnan(gauge[:, 1]).all() for gauge in gauges)


def _first_known(gauge: Numbers) -> int:
    return int(np.flatnonzero(~np.isnan(gauge))[0])


@pytest.fixture(scope="module")
def canary() -> Trace:
    """Ten scored applications a second, of which a canary gets a fifth from two hours on."""
    traffic = {"requests_per_second": 10.0, "endpoints": {"score": 1}}
    plan = scenario(RELEASE, traffic=traffic, platform={"monitoring": {"label_delay": "1h"}})
    return Simulation(plan, origin=MONDAY, step=10.0).advance(1500)


def test_a_canary_has_drift_gauges_once_its_window_is_half_full(canary: Trace) -> None:
    ticks_to_thousand = 1000 / (0.2 * 10.0 * 10.0)
    assert abs(_first_known(canary.model.drift[:, 1, -1]) - 720 - ticks_to_thousand) <= 8


def test_a_canary_has_no_accuracy_before_its_labels_are_due(canary: Trace) -> None:
    ticks_to_half, delay = 2500 / (0.2 * 10.0 * 10.0), 360
    assert abs(_first_known(canary.model.accuracy[:, 1]) - 720 - delay - ticks_to_half) <= 16


def test_feature_importances_sum_to_one() -> None:
    model = Simulation(scenario(), origin=MONDAY, step=60.0).advance(10).model
    assert model.importance.sum(axis=2) == pytest.approx(1.0)


def _importances(seen: Numbers, card: Scorecard) -> None:
    """Shares of the mean absolute contribution, against other applicants than the pool's."""
    normals = np.random.default_rng(8).standard_normal((60_000, len(FEATURES)))
    z = standardised(applicants(correlated_normals(normals)))
    contributions = np.abs(card.coefficients * (z - z.mean(axis=0)))
    total = contributions.mean(axis=0).sum()
    errors = contributions.std(axis=0) / np.sqrt(len(z)) / total
    for share, expected, error in zip(
        seen, contributions.mean(axis=0) / total, errors, strict=True
    ):
        assert_near(share, expected, error, rounding=0.0002)  # a mean within a bin


@pytest.fixture(scope="module")
def importances() -> Numbers:
    plan = scenario(
        traffic={"requests_per_second": 1e5},
        platform={
            "monitoring": {"drift_window": 1_000_000, "back_test_every": "2m"},
            "api": {"workers": 100_000},
        },
    )
    trace = Simulation(plan, origin=MONDAY, step=60.0).advance(2)
    return np.asarray(trace.model.importance[-1, 0])


def test_feature_importances_are_shares_of_the_mean_contribution(importances: Numbers) -> None:
    _importances(importances, Scorecard())


def test_importances_of_a_coefficient_a_tenth_larger_are_noticed(importances: Numbers) -> None:
    with pytest.raises(AssertionError):
        _importances(importances, Scorecard((1.1, *(1.0,) * 11)))


@pytest.fixture(scope="module")
def accuracy_with_and_without() -> tuple[Numbers, Numbers]:
    """Accuracy over six hours, with reasons that change after two hours, and without."""
    drift = episode("concept-drift", scale=0.5, start="2h", duration="4h")
    platform = {"monitoring": {"label_delay": "1h"}}
    with_drift, without = (
        Simulation(scenario(*e, platform=platform), origin=MONDAY, step=60.0).advance(360).model
        for e in ((drift,), ())
    )
    return with_drift.accuracy[:, 0], without.accuracy[:, 0]


def test_accuracy_does_not_fall_before_labels_arrive(
    accuracy_with_and_without: tuple[Numbers, Numbers],
) -> None:
    drifted, healthy = accuracy_with_and_without
    assert np.array_equal(drifted[:180], healthy[:180])


def test_accuracy_falls_once_labels_have_arrived(
    accuracy_with_and_without: tuple[Numbers, Numbers],
) -> None:
    drifted, healthy = accuracy_with_and_without
    # 5 000 labels with 5.5 % bad leave a deviation of 0.015; half an hour later the window is new
    assert healthy[210:].mean() - drifted[210:].mean() > 0.08


def test_accuracy_in_health_is_the_reference_samples(
    accuracy_with_and_without: tuple[Numbers, Numbers],
) -> None:
    healthy = accuracy_with_and_without[1]
    shares = Population((), [Scorecard()]).in_health.cells[0]
    counts = np.round(shares * 1e7).astype(np.int64)
    expected = float(balanced_accuracy(counts, score_reference(Scorecard()).cut_off_cell))
    # windows turn over every few minutes; 30 in 6 h is a cautious count of independent ones
    assert_near(float(healthy.mean()), expected, float(healthy.std()) / np.sqrt(30))


def test_drift_follows_a_population_within_one_window() -> None:
    shift = episode("population-shift", preset="young-channel", start="1h", duration="2h")
    plan = scenario(shift, traffic={"requests_per_second": 20.0})
    drift = Simulation(plan, origin=MONDAY, step=60.0).advance(120).model.drift[:, 0]
    age = drift[:, FEATURES.index("age")]
    assert age[:60].max() < 0.05
    assert age[63:].min() > 0.4
