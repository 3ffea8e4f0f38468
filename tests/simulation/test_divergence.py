"""How far two binned samples are apart, against what others make of it."""

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import distance
from scipy.stats import ks_2samp

from simulator.simulation.arrays import Floats, Ints, shares
from simulator.simulation.divergence import jensen_shannon, kolmogorov_smirnov, psi

DISTANCES: Final = (psi, kolmogorov_smirnov, jensen_shannon)
N_BINS: Final = 6
SAMPLES: Final = (
    st.lists(st.integers(0, 30), min_size=N_BINS, max_size=N_BINS)
    .filter(any)
    .map(lambda counts: np.array(counts, dtype=np.int64))
)
Distance: TypeAlias = Callable[[Floats, Floats], Floats]


def test_psi_is_its_textbook_sum() -> None:
    p, q = np.array([0.2, 0.3, 0.5]), np.array([0.25, 0.25, 0.5])
    expected = (0.2 - 0.25) * np.log(0.2 / 0.25) + (0.3 - 0.25) * np.log(0.3 / 0.25)
    assert psi(p, q) == pytest.approx(expected)


def test_a_bin_empty_on_one_side_adds_a_finite_amount_to_psi() -> None:
    assert psi(np.array([1.0, 0.0]), np.array([0.9, 0.1])) == pytest.approx(
        0.1 * np.log(1.0 / 0.9) + (0.1 - 1e-4) * np.log(0.1 / 1e-4)
    )


@pytest.mark.parametrize("measure", DISTANCES)
def test_nothing_is_far_from_nothing(measure: Distance) -> None:
    assert np.isnan(measure(np.full(3, np.nan), np.array([0.2, 0.3, 0.5])))


@given(one=SAMPLES, other=SAMPLES)
def test_jensen_shannon_is_scipys(one: Ints, other: Ints) -> None:
    expected = distance.jensenshannon(one, other, base=2)
    assert jensen_shannon(shares(one), shares(other)) == pytest.approx(expected, abs=1e-7)


@given(one=SAMPLES, other=SAMPLES)
def test_kolmogorov_smirnov_is_scipys_of_the_bins(one: Ints, other: Ints) -> None:
    in_bins = [np.repeat(np.arange(N_BINS), counts) for counts in (one, other)]
    expected = ks_2samp(in_bins[0], in_bins[1], method="asymp").statistic
    assert kolmogorov_smirnov(shares(one), shares(other)) == pytest.approx(expected)


@pytest.mark.parametrize("measure", DISTANCES)
@given(one=SAMPLES, other=SAMPLES)
def test_a_distance_is_the_same_both_ways_and_none_to_oneself(
    measure: Distance, one: Ints, other: Ints
) -> None:
    p, q = shares(one), shares(other)
    assert measure(p, q) == pytest.approx(measure(q, p))
    assert measure(p, p) == pytest.approx(0.0, abs=1e-7)
    assert measure(p, q) >= 0.0


@pytest.mark.parametrize("measure", [kolmogorov_smirnov, jensen_shannon])
def test_samples_with_nothing_in_common_are_one_apart(measure: Distance) -> None:
    assert measure(np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.5, 0.5])) == pytest.approx(1.0)


@pytest.mark.parametrize("measure", DISTANCES)
def test_every_row_is_measured_by_itself(measure: Distance) -> None:
    rows = np.array([[0.2, 0.8], [0.5, 0.5], [0.9, 0.1]])
    expected = [float(measure(row, np.array([0.4, 0.6]))) for row in rows]
    assert measure(rows, np.array([0.4, 0.6])).tolist() == expected
