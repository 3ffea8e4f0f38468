"""Expected shares of score cells: what the scorecard makes of applicants drawn one by one."""

from collections.abc import Mapping
from time import process_time
from typing import Final

import numpy as np
import pytest

from simulator.scenario.kinds.population_shift import PRESETS
from simulator.scenario.vocabulary import FEATURES
from simulator.simulation.applicants import applicants, correlated_normals
from simulator.simulation.calibration import released
from simulator.simulation.cell_shares import cell_shares
from simulator.simulation.change import NEUTRAL, Change
from simulator.simulation.pool import NORMALS, log_odds, pool
from simulator.simulation.population import Population
from simulator.simulation.reference import bin_shares, reference
from simulator.simulation.scorecard import N_CELLS, Scorecard, cells
from tests.support.tolerances import Numbers, assert_shares

#: Four times the 100 000 that are not to be told apart, so that the test has power.
N_DRAWN, BATCH = 400_000, 100_000
SEVERE: Final = {
    "net_income": -0.3,
    "debt_to_income": 0.5,
    "incidents_24m": 0.3,
    "home_owner": -0.2,
}
PEOPLE: Final[dict[str, dict[str, float]]] = {"as ever": {}, "poorer": SEVERE}


def change(
    shifts: Mapping[str, float] | None = None, feature: str = "", factor: float = 1.0
) -> Change:
    return Change(
        shifts=tuple((shifts or {}).get(f, 0.0) for f in FEATURES),
        factors=tuple(factor if f == feature else 1.0 for f in FEATURES),
    )


CARDS: Final = {
    "all as ever": (NEUTRAL, Scorecard()),
    "poorer people": (change(SEVERE), Scorecard()),
    "yearly incomes": (change(feature="net_income", factor=12.0), Scorecard()),
    "debt in percent": (change(feature="debt_to_income", factor=100.0), Scorecard()),
    "another version": (NEUTRAL, released((1.0, -0.5, 2.0) * 4)),
}


@pytest.fixture(scope="module")
def people() -> dict[str, Numbers]:
    """Applicants drawn one by one, in health and poorer, shape (applicants, features)."""
    normals = correlated_normals(
        np.random.default_rng(20).standard_normal((N_DRAWN, len(FEATURES)))
    )
    return {name: applicants(normals + np.array(change(s).shifts)) for name, s in PEOPLE.items()}


@pytest.fixture(scope="module")
def drawn(people: dict[str, Numbers]) -> dict[str, Numbers]:
    """What the scorecard makes of them, by score cell, shape (cells,)."""
    found = {}
    for name, (moved, card) in CARDS.items():
        given = moved.as_given(people["poorer" if any(moved.shifts) else "as ever"])
        found[name] = np.bincount(cells(card.scores(given)), minlength=N_CELLS)
    return found


def expected(name: str) -> Numbers:
    moved, card = CARDS[name]
    found = cell_shares(card, moved.as_seen, moved.default_probability_of_pool())
    return np.asarray(found.sum(axis=1))


@pytest.mark.parametrize("name", CARDS)
def test_scorings_are_not_told_from_what_is_expected(drawn: dict[str, Numbers], name: str) -> None:
    assert_shares(drawn[name], expected(name))


@pytest.mark.parametrize("name", CARDS)
def test_the_distribution_is_exact_to_a_thousandth(drawn: dict[str, Numbers], name: str) -> None:
    """Beside what chance makes of so many: D above 2.2 / sqrt(n) in one of 10 000 (Kolmogorov)."""
    seen = np.cumsum(drawn[name]) / N_DRAWN
    assert np.abs(seen - np.cumsum(expected(name))).max() < 0.001 + 2.2 / np.sqrt(N_DRAWN)


def test_applicants_of_a_pool_that_are_only_counted_would_be_told_apart(
    drawn: dict[str, Numbers],
) -> None:
    whole = cells(Scorecard().scores(applicants(_normals_of_the_pool())))
    counted = np.bincount(whole, minlength=N_CELLS)
    with pytest.raises(AssertionError):
        assert_shares(drawn["all as ever"], counted)


def _normals_of_the_pool() -> Numbers:
    return NORMALS[pool().at[:, : 2**14]].T


def test_people_a_twentieth_of_a_deviation_poorer_are_told_apart(drawn: dict[str, Numbers]) -> None:
    moved = change({"net_income": -0.05, "debt_to_income": 0.05})
    found = cell_shares(Scorecard(), moved.as_seen, moved.default_probability_of_pool())
    with pytest.raises(AssertionError):
        assert_shares(drawn["all as ever"], found.sum(axis=1))


@pytest.mark.parametrize("feature", FEATURES)
def test_bins_of_a_feature_are_exact(feature: str) -> None:
    rng, column = np.random.default_rng(3), FEATURES.index(feature)
    moved = change({feature: 0.4})
    normals = correlated_normals(rng.standard_normal((BATCH, len(FEATURES))))
    seen = reference().feature_bins(applicants(normals + np.array(moved.shifts)))[:, column]
    assert_shares(np.bincount(seen, minlength=10), bin_shares(column, moved.as_seen[column]))


def test_a_version_accepts_as_many_of_the_development_sample_as_the_first() -> None:
    accepted = [float(expected(name)[34:].sum()) for name in ("all as ever", "another version")]
    assert accepted[1] == pytest.approx(accepted[0], abs=0.002)


def test_a_version_that_kept_its_intercept_would_not() -> None:
    kept = Scorecard(released((1.0, -0.5, 2.0) * 4).multipliers)
    shares = cell_shares(kept, NEUTRAL.as_seen, NEUTRAL.default_probability_of_pool()).sum(axis=1)
    assert abs(float(shares[34:].sum()) - float(expected("all as ever")[34:].sum())) > 0.002


def test_outcomes_add_up_to_the_bad_rate_of_the_pool() -> None:
    probability = NEUTRAL.default_probability_of_pool()
    found = cell_shares(Scorecard(), NEUTRAL.as_seen, probability)[:, 1].sum()
    assert float(found) == pytest.approx(float(probability.mean()), abs=2e-4)


def _least_seconds(levels: list[float]) -> float:
    """Processor seconds of one more population, the quickest of some."""
    found = []
    for level in levels:
        moved = change({f: level * deviations for f, deviations in PRESETS["recession"].items()})
        before = process_time()
        cell_shares(Scorecard(), moved.as_seen, moved.default_probability_of_pool())
        found.append(process_time() - before)
    return min(found)


def test_one_more_population_takes_less_than_twenty_milliseconds() -> None:
    expected("all as ever")  # the pool is there
    assert _least_seconds([0.1 * n for n in range(1, 11)]) < 0.02


def test_runs_of_a_process_share_what_was_worked_out() -> None:
    one, other = (Population((), [Scorecard()]).in_health for _ in range(2))
    before = process_time()
    again = Population((), [Scorecard()]).in_health
    assert process_time() - before < 0.005
    assert np.array_equal(one.cells, other.cells)
    assert np.array_equal(one.cells, again.cells)


def test_log_odds_of_the_pool_are_the_scorecards_own() -> None:
    people = NEUTRAL.as_given(applicants(_normals_of_the_pool()))[:500]
    multipliers = (0.5, 1.5) * 6
    seen = log_odds(multipliers, NEUTRAL.as_seen)[:500]
    assert seen == pytest.approx(Scorecard(multipliers, 0.0).log_odds(people), abs=1e-4)


def test_who_of_real_applicants_defaults_is_what_it_is_of_the_pools() -> None:
    moved = Change(shifts=(0.3,) * 12, coefficients=(0.5,) * 12, odds=3.0)
    people = applicants(_normals_of_the_pool()[:500] + np.array(moved.shifts))
    seen = moved.default_probability_of_pool()[:500]
    assert seen == pytest.approx(moved.default_probability(people), rel=1e-3)


EXTREME_CARDS: Final = (
    Scorecard(),
    released((0.0, 0.5, 5.0, 5.0, 5.0, 0.0, 5.0, -5.0, 1.0, 0.0, 0.5, 5.0)),
    released((5.0,) * 12),
    released((-5.0,) * 12),
)


@pytest.mark.parametrize("coefficients", [(3.0,) * 12, (5.0,) * 12, (-2.0,) * 12])
@pytest.mark.parametrize("odds", [1.0, 1000.0])
@pytest.mark.parametrize("card", EXTREME_CARDS, ids=lambda _: "card")
def test_no_share_is_below_none_where_all_of_a_cell_default(
    card: Scorecard, odds: float, coefficients: tuple[float, ...]
) -> None:
    moved = Change(coefficients=coefficients, odds=odds)
    shares = cell_shares(card, moved.as_seen, moved.default_probability_of_pool())
    assert shares.min() >= 0.0
    assert shares.sum() == pytest.approx(1.0)
