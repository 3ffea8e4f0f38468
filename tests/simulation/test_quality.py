"""How good a model is, against loops over single applications."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.simulation.quality import (
    accuracy,
    auc,
    balanced_accuracy,
    confusion,
    default_ratio,
    f1,
    gini,
    kolmogorov_smirnov,
    precision,
    recall,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Counts = list[tuple[int, int]]
Applications = list[tuple[int, bool]]
N_CELLS: Final = 5
CUT_OFFS: Final = st.integers(0, N_CELLS)
COUNTS: Final = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=N_CELLS, max_size=N_CELLS
)


def _is_known(counts: Counts) -> bool:
    return sum(bad for _, bad in counts) >= 20 and sum(good for good, _ in counts) > 0


KNOWN: Final = COUNTS.filter(_is_known)


def _applications(counts: Counts) -> Applications:
    """One (cell, whether it is bad) for each application."""
    one_each = ((i, *row) for i, row in enumerate(counts))
    return [a for i, good, bad in one_each for a in [(i, False)] * good + [(i, True)] * bad]


def _of(applications: Applications, *, bad: bool) -> list[int]:
    """The cells of those that are bad, or of those that are not."""
    return [cell for cell, is_bad in applications if is_bad == bad]


@given(counts=COUNTS, cut_off=CUT_OFFS)
def test_confusion_counts_each_application_once(counts: Counts, cut_off: int) -> None:
    expected = np.zeros((2, 2), dtype=np.int64)
    for cell, is_bad in _applications(counts):
        expected[int(is_bad), int(cell < cut_off)] += 1
    assert np.array_equal(confusion(np.array(counts), cut_off), expected)


@given(st.lists(st.tuples(COUNTS, CUT_OFFS), min_size=1, max_size=4))
def test_each_version_has_its_own_cut_off(versions: list[tuple[Counts, int]]) -> None:
    counts = np.array([[c for c, _ in versions]] * 2)  # two ticks
    cut_offs = np.array([cut_off for _, cut_off in versions])
    each = [confusion(np.array(c), cut_off) for c, cut_off in versions]
    assert np.array_equal(confusion(counts, cut_offs), [each, each])


@given(counts=KNOWN, cut_off=CUT_OFFS)
def test_measures_at_a_cut_off_are_shares_of_applications(counts: Counts, cut_off: int) -> None:
    applications, cells = _applications(counts), np.array(counts)
    right = [is_bad == (cell < cut_off) for cell, is_bad in applications]
    of_bads = [cell < cut_off for cell in _of(applications, bad=True)]
    of_goods = [cell >= cut_off for cell in _of(applications, bad=False)]
    of_alarms = [is_bad for cell, is_bad in applications if cell < cut_off]

    assert accuracy(cells, cut_off) == pytest.approx(np.mean(right))
    assert recall(cells, cut_off) == pytest.approx(np.mean(of_bads))
    both = (np.mean(of_bads) + np.mean(of_goods)) / 2.0
    assert balanced_accuracy(cells, cut_off) == pytest.approx(both)
    if of_alarms:
        assert precision(cells, cut_off) == pytest.approx(np.mean(of_alarms))
    else:
        assert np.isnan(precision(cells, cut_off))
    mean = _harmonic_mean(np.mean(of_alarms) if of_alarms else 0.0, np.mean(of_bads))
    assert f1(cells, cut_off) == pytest.approx(mean)


def _harmonic_mean(one: float | np.floating, other: float | np.floating) -> float:
    return 0.0 if one + other == 0.0 else float(2.0 * one * other / (one + other))


@given(counts=KNOWN)
def test_gini_is_the_share_of_pairs_in_order_less_that_of_pairs_out_of_order(
    counts: Counts,
) -> None:
    applications = _applications(counts)
    goods, bads = _of(applications, bad=False), _of(applications, bad=True)
    order = [np.sign(good - bad) for good, bad in product(goods, bads)]
    assert gini(np.array(counts)) == pytest.approx(np.mean(order))
    assert auc(np.array(counts)) == pytest.approx((1.0 + np.mean(order)) / 2.0)


@given(counts=KNOWN)
def test_ks_is_the_largest_gap_between_the_shares_below_a_score(counts: Counts) -> None:
    applications = _applications(counts)
    goods, bads = (np.array(_of(applications, bad=bad)) for bad in (False, True))
    gaps = [abs(np.mean(bads < cut) - np.mean(goods < cut)) for cut in range(N_CELLS + 1)]
    assert kolmogorov_smirnov(np.array(counts)) == pytest.approx(max(gaps))


@given(counts=KNOWN)
def test_no_cut_off_is_better_balanced_than_ks_lets_it_be(counts: Counts) -> None:
    cells = np.array(counts)
    best = max(float(balanced_accuracy(cells, cut)) for cut in range(N_CELLS + 1))
    assert best <= 0.5 + float(kolmogorov_smirnov(cells)) / 2.0 + 1e-12


def _at_one(
    measure: Callable[[NDArray[np.int64], int], NDArray[np.floating]],
) -> Callable[[NDArray[np.int64]], NDArray[np.floating]]:
    return lambda counts: measure(counts, 1)


MEASURES: Final = {
    "accuracy": _at_one(accuracy),
    "balanced_accuracy": _at_one(balanced_accuracy),
    "precision": _at_one(precision),
    "recall": _at_one(recall),
    "f1": _at_one(f1),
    "auc": auc,
    "gini": gini,
    "ks": kolmogorov_smirnov,
}


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize(("bads", "is_known"), [(0, False), (19, False), (20, True)])
def test_nothing_is_said_below_twenty_bads(name: str, bads: int, *, is_known: bool) -> None:
    assert np.isfinite(MEASURES[name](np.array([[3, bads], [500, 0]]))) == is_known


@pytest.mark.parametrize("name", MEASURES)
def test_nothing_is_said_without_a_good(name: str) -> None:
    assert np.isnan(MEASURES[name](np.array([[0, 400], [0, 30]])))


@pytest.mark.parametrize("name", MEASURES)
def test_a_model_that_knows_has_one_of_everything(name: str) -> None:
    assert MEASURES[name](np.array([[0, 70], [900, 0]])) == 1.0


def test_of_nobody_no_ratio_is_known() -> None:
    assert np.isnan(default_ratio(np.zeros((N_CELLS, 2), dtype=np.int64)))
