"""Sobol's sequence, against scipy's."""

import numpy as np
import pytest
from scipy.stats import qmc

from simulator.simulation.sobol import DIMENSIONS, sobol_points


@pytest.mark.parametrize("dimensions", [1, 2, DIMENSIONS])
def test_points_have_the_bits_of_scipys_sequence(dimensions: int) -> None:
    """Points that move by a bit are other applicants, and other numbers everywhere."""
    expected = qmc.Sobol(dimensions, seed=20260630).random_base2(10)

    points = sobol_points(dimensions, 10, np.random.default_rng(20260630))

    assert points.tobytes() == expected.tobytes()
