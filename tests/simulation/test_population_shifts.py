"""Drift: what each shift, bug and change of reasons does to the shares the model sees."""

from typing import NamedTuple

import numpy as np
import pytest
from scipy.special import expit

from simulator.scenario.vocabulary import FEATURES, Feature
from simulator.simulation.change import NEUTRAL, blend
from simulator.simulation.divergence import psi
from simulator.simulation.pool import log_odds
from simulator.simulation.population import Population, Shares
from simulator.simulation.reference import reference, score_reference
from simulator.simulation.scorecard import INTERCEPT, Scorecard
from tests.support.scenario_builders import episode, scenario

#: The first cell that is not refused: scores from 580 on.
FIRST_APPROVED = 28


class Effect(NamedTuple):
    """What monitoring would show of a population with windows without end."""

    bad: float
    auc: float
    approve: float
    score_psi: float
    feature_psi: float
    worst: Feature


def _shares(*episodes: dict[str, object], level: float = 1.0) -> Shares:
    population = Population(scenario(*episodes).episodes, [Scorecard()])
    found, _ = population.shares(np.full((1, len(episodes)), level))
    return found[0]


def _effect(shares: Shares) -> Effect:
    good, bad = shares.cells[0].T
    above = good.sum() - np.cumsum(good) + good / 2.0
    ref = score_reference(Scorecard())
    score_bins = np.bincount(ref.bin_of_cell, good + bad).astype(np.float64)
    by_feature = psi(shares.bins, reference().bins)
    return Effect(
        bad=float(bad.sum()),
        auc=float((above * bad).sum() / good.sum() / bad.sum()),
        approve=float((good + bad)[FIRST_APPROVED:].sum()),
        score_psi=float(psi(score_bins, ref.bins)),
        feature_psi=float(by_feature.max()),
        worst=FEATURES[int(by_feature.argmax())],
    )


RECESSION = episode("population-shift", preset="recession")
SEVERE = episode("population-shift", preset="recession", strength=2)
YOUNG = episode("population-shift", preset="young-channel")
AMOUNT = episode("population-shift", shifts={"amount": 0.7})
INCOME_UP = episode("data-bug", feature="net_income", factor=12.0)
INCOME_DOWN = episode("data-bug", feature="net_income", factor=1.0 / 12.0)
PERCENT = episode("data-bug", feature="debt_to_income", factor=100.0)
NULLS = episode("data-bug", feature="net_income", null_ratio=0.3)
CONCEPT = episode("concept-drift", scale=0.5)
ODDS = episode("prior-shift", odds_factor=2.0)
GRADUAL = {"onset": {"shape": "gradual", "rise": "1h"}}
INCREMENTAL = {"onset": {"shape": "incremental", "rise": "1h"}}

#: Bad rate, AUC, share of scores from 580 on, PSI of the score, worst PSI of a feature. The PSI of
#: a unit error depends on how empty bins are clipped alone; here it is only known to exceed 5.
TABLE: dict[str, tuple[dict[str, object], Effect]] = {
    "mild recession": (RECESSION, Effect(0.096, 0.837, 0.829, 0.088, 0.06, "debt_to_income")),
    "severe recession": (SEVERE, Effect(0.135, 0.837, 0.738, 0.363, 0.24, "debt_to_income")),
    "young channel": (YOUNG, Effect(0.110, 0.828, 0.801, 0.230, 0.60, "age")),
    "larger amounts": (AMOUNT, Effect(0.071, 0.835, 0.888, 0.003, 0.47, "amount")),
    "income x 12": (INCOME_UP, Effect(0.069, 0.829, 0.977, 0.86, np.inf, "net_income")),
    "income / 12": (INCOME_DOWN, Effect(0.068, 0.831, 0.701, 1.34, np.inf, "net_income")),
    "debt x 100": (PERCENT, Effect(0.069, 0.824, 0.645, 1.82, np.inf, "debt_to_income")),
    "30 % nulls": (NULLS, Effect(0.068, 0.815, 0.835, 0.07, 0.45, "net_income")),
    "twice the odds": (ODDS, Effect(0.113, 0.823, 0.896, 0.0, 0.0, FEATURES[0])),
}

# The figures come from 400 000 applicants with drawn outcomes and exact scores (a standard error of
# 0.0004 of bad rate, 0.002 of AUC), to three digits; cells of ten points cost 0.002 of AUC.
BAD, AUC, APPROVE = 0.002, 0.005, 0.003
PSI_RATIO, PSI_LEAST = 0.05, 0.005


def _assert_effect(seen: Effect, stated: Effect) -> None:
    assert abs(seen.bad - stated.bad) <= BAD
    assert abs(seen.auc - stated.auc) <= AUC
    assert abs(seen.approve - stated.approve) <= APPROVE
    assert abs(seen.score_psi - stated.score_psi) <= max(PSI_LEAST, PSI_RATIO * stated.score_psi)
    if np.isinf(stated.feature_psi):
        assert seen.feature_psi > 5.0
    else:
        allowed = max(PSI_LEAST, PSI_RATIO * stated.feature_psi)
        assert abs(seen.feature_psi - stated.feature_psi) <= allowed
    assert seen.worst == stated.worst


@pytest.mark.parametrize("name", TABLE)
def test_a_shift_has_its_stated_effect(name: str) -> None:
    shift, stated = TABLE[name]
    _assert_effect(_effect(_shares(shift)), stated)


@pytest.mark.parametrize("name", TABLE)
def test_a_weaker_shift_misses_the_stated_effect(name: str) -> None:
    shift, stated = TABLE[name]
    with pytest.raises(AssertionError):
        _assert_effect(_effect(_weaker(shift)), stated)


def _weaker(shift: dict[str, object]) -> Shares:
    """Three quarters of a shift or of the nulls; a unit error by the fourth root of its factor."""
    if "null_ratio" in shift:
        return _shares(shift | {"null_ratio": 0.22})
    level = {"data-bug": 0.25, "population-shift": 0.75, "prior-shift": 0.75}[str(shift["kind"])]
    return _shares(shift | INCREMENTAL, level=level)


def test_nothing_drifts_in_health() -> None:
    seen = _effect(_shares())
    assert (seen.score_psi, seen.feature_psi) == (0.0, 0.0)


@pytest.mark.parametrize("shift", [RECESSION, SEVERE], ids=["mild", "severe"])
def test_the_auc_does_not_move_when_only_the_applicants_change(shift: dict[str, object]) -> None:
    assert abs(_effect(_shares(shift)).auc - _effect(_shares()).auc) < 0.003


def test_the_auc_falls_when_the_reasons_change() -> None:
    seen = _effect(_shares(CONCEPT)).auc
    assert abs(seen - 0.689) <= AUC


@pytest.mark.parametrize("scale", [0.72, 0.5, 0.2, -0.5])
def test_as_many_default_when_the_reasons_change(scale: float) -> None:
    seen = _effect(_shares(episode("concept-drift", scale=scale))).bad
    assert seen == pytest.approx(_effect(_shares()).bad, abs=2e-4)


def test_an_intercept_that_is_not_refitted_is_noticed() -> None:
    applicants_in_health = log_odds((0.5,) * len(FEATURES), NEUTRAL.as_true)
    rate = float(expit(INTERCEPT + applicants_in_health).mean())
    assert abs(rate - _effect(_shares()).bad) > 2e-4


def test_no_score_and_no_feature_drifts_when_only_the_odds_change() -> None:
    moved, health = _shares(ODDS), _shares()
    assert np.array_equal(moved.bins, health.bins)
    assert moved.cells.sum(axis=2) == pytest.approx(health.cells.sum(axis=2), abs=1e-12)


def test_odds_of_everybody_are_multiplied_whatever_their_score() -> None:
    moved, health = (_shares(*e).cells[0] for e in ((ODDS,), ()))
    (full,) = np.nonzero(health.sum(axis=1) > 1e-3)
    odds, usual = (c[full, 1] / c[full, 0] for c in (moved, health))
    assert odds / usual == pytest.approx(np.full(len(full), 2.0), rel=0.02)


def test_a_shift_of_the_odds_slides_by_its_logarithm() -> None:
    half = _shares(episode("prior-shift", odds_factor=4.0) | INCREMENTAL, level=0.5)
    assert np.array_equal(half.cells, _shares(ODDS).cells)


def test_calibration_survives_another_population() -> None:
    cells = _shares(SEVERE).cells[0]
    health = _shares().cells[0]
    seen, stated = (c[:, 1] / np.maximum(c.sum(axis=1), 1e-12) for c in (cells, health))
    assert (np.abs(seen - stated) * cells.sum(axis=1)).sum() < 0.003


def test_calibration_breaks_when_a_feature_is_spoilt() -> None:
    cells = _shares(INCOME_UP).cells[0]
    health = _shares().cells[0]
    seen, stated = (c[:, 1] / np.maximum(c.sum(axis=1), 1e-12) for c in (cells, health))
    assert (np.abs(seen - stated) * cells.sum(axis=1)).sum() > 0.03


def test_no_score_and_no_feature_drifts_when_only_the_reasons_change() -> None:
    seen = _effect(_shares(CONCEPT))
    assert seen.score_psi == pytest.approx(0.0, abs=1e-15)
    assert seen.feature_psi == 0.0


@pytest.mark.parametrize("bug", [INCOME_UP, INCOME_DOWN, PERCENT, NULLS])
def test_a_spoilt_feature_does_not_change_who_defaults(bug: dict[str, object]) -> None:
    assert _shares(bug).cells[0, :, 1].sum() == pytest.approx(_shares().cells[0, :, 1].sum())


@pytest.mark.parametrize("bug", [INCOME_UP, INCOME_DOWN, PERCENT, NULLS])
def test_a_spoilt_feature_leaves_all_others_as_they_were(bug: dict[str, object]) -> None:
    moved = np.abs(_shares(bug).bins - _shares().bins).max(axis=1) > 1e-12
    assert [f for f, m in zip(FEATURES, moved, strict=True) if m] == [bug["feature"]]


@pytest.mark.parametrize("level", [0.25, 0.5, 0.875])
def test_a_gradual_onset_mixes_old_and_new(level: float) -> None:
    mixed = _shares(SEVERE | GRADUAL, level=level).cells
    assert mixed == pytest.approx(level * _shares(SEVERE).cells + (1.0 - level) * _shares().cells)


def test_an_incremental_onset_slides_through_a_weaker_shift() -> None:
    sliding = _shares(SEVERE | INCREMENTAL, level=0.5)
    assert np.array_equal(sliding.cells, _shares(RECESSION).cells)


def test_a_slide_is_no_mixture() -> None:
    sliding, mixed = (_shares(SEVERE | o, level=0.5).cells for o in (INCREMENTAL, GRADUAL))
    assert np.abs(sliding - mixed).sum() > 0.03


def test_the_shares_of_a_blend_sum_to_one_with_several_onsets_under_way() -> None:
    plan = scenario(
        SEVERE | GRADUAL | {"name": "a"},
        NULLS | {"name": "b"},
        CONCEPT | INCREMENTAL | {"name": "c"},
    )
    population = Population(plan.episodes, [Scorecard()])
    parts = blend(population.episodes, [0.3, 0.6, 0.2])
    assert sum(share for share, _ in parts) == pytest.approx(1.0)
    assert len(parts) == 4


def test_two_bugs_of_one_feature_multiply() -> None:
    twice = _shares(
        episode("data-bug", name="a", feature="net_income", factor=3.0),
        episode("data-bug", name="b", feature="net_income", factor=4.0),
    )
    assert np.array_equal(twice.cells, _shares(INCOME_UP).cells)


@pytest.mark.parametrize("shift", [(), (SEVERE,), (PERCENT, CONCEPT | {"name": "b"})])
def test_shares_of_cells_and_bins_sum_to_one(shift: tuple[dict[str, object], ...]) -> None:
    shares = _shares(*shift)
    assert shares.cells.sum() == pytest.approx(1.0)
    assert shares.bins.sum(axis=1) == pytest.approx(1.0)
