"""The noise of a population stability index, against other computations of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from simulator.checking.psi_noise import chi_square_exceeded, psi_exceeded
from simulator.simulation.divergence import psi


@given(st.floats(1e-6, 0.999), st.integers(1, 60))
def test_quantiles_are_those_of_chi_square(probability: float, degrees: int) -> None:
    wanted = float(chi2.isf(probability, degrees))
    assert chi_square_exceeded(probability, degrees) == pytest.approx(wanted, rel=1e-6)


def test_healthy_samples_exceed_it_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    shares, applications, one_in = np.full(10, 0.1), 2_000, 50
    samples = rng.multinomial(applications, shares, size=20_000) / applications
    limit = psi_exceeded(applications, 10**9, 10, one_in=one_in)
    exceeded = float(np.mean(np.array([psi(one, shares) for one in samples]) > limit))
    spread = (1 / one_in / len(samples)) ** 0.5
    assert exceeded == pytest.approx(1 / one_in, abs=6 * spread + 0.001)  # the law is a limit's
