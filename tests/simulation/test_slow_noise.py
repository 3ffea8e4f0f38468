"""The slow noise of the rate: a function of time, averaged over ticks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.seeding import Streams
from simulator.simulation.slow_noise import SlowNoise
from simulator.timeline.grid import Grid
from tests.support.tolerances import Numbers

WEEK = 7 * 86400.0
cases = st.tuples(st.sampled_from([0.2, 1.0, 15.0, 60.0]), st.sampled_from([0.0, 0.5, 40.0, WEEK]))


def means(
    step: float, noise_time: float, sizes: list[int], *, first: int = 0, ratio: float = 0.3
) -> Numbers:
    """Means over ticks that are asked for in pieces of these sizes."""
    noise = SlowNoise(ratio, noise_time, step, Streams(1))
    at = np.cumsum([first, *sizes])
    pieces = [noise.means(Grid(0.0, step, int(a), n)) for a, n in zip(at, sizes, strict=False)]
    return np.concatenate(pieces)


@settings(max_examples=25)
@given(case=cases, cuts=st.lists(st.integers(1, 599), max_size=5, unique=True))
def test_it_has_the_same_bits_however_ticks_are_cut(
    case: tuple[float, float], cuts: list[int]
) -> None:
    edges = [0, *sorted(cuts), 600]
    assert (means(*case, np.diff(edges).tolist()) == means(*case, [600])).all()


@settings(max_examples=25)
@given(case=cases, first=st.integers(1, 3000))
def test_it_depends_on_nothing_before(case: tuple[float, float], first: int) -> None:
    later = means(*case, [50], first=first)
    assert (later == means(*case, [first, 50])[first:]).all()


@pytest.mark.parametrize("other", [0.5, 15.0, 60.0, 300.0])
def test_a_tick_is_the_mean_of_the_shorter_ticks_within_it(other: float) -> None:
    fine = means(0.5, 600.0, [7200]).reshape(-1, round(other / 0.5)).mean(axis=1)
    assert means(other, 600.0, [len(fine)]) == pytest.approx(fine, rel=1e-9)


def test_ticks_that_end_between_knots_are_averaged_over_just_their_time() -> None:
    fine = means(1.0, 600.0, [7 * 900]).reshape(-1, 7).mean(axis=1)
    assert means(7.0, 600.0, [900]) == pytest.approx(fine, rel=1e-9)


@pytest.mark.parametrize("noise_time", [30.0, 600.0])
def test_its_mean_is_one(noise_time: float) -> None:
    n_ticks = 50_000
    factors = means(15.0, noise_time, [n_ticks])
    independent = n_ticks * 15.0 / (2.0 * noise_time)
    assert factors.mean() == pytest.approx(1.0, abs=6 * 0.3 / np.sqrt(independent))


@pytest.mark.parametrize(("step", "n_spans"), [(3.0, 300), (60.0, 1000), (240.0, 8000)])
def test_long_spans_spread_as_the_process_does(step: float, n_spans: int) -> None:
    """Also where the noise is quicker than a tick, and its knots are as many as a tick may hold."""
    noise_time, span = 12.0, 3600.0
    ticks = means(step, noise_time, [round(n_spans * span / step)])
    r = noise_time / span
    expected = 0.3**2 * 2.0 * r * (1.0 - r)
    assert ticks.reshape(n_spans, -1).mean(axis=1).var() == pytest.approx(
        expected, rel=6 * np.sqrt(2.0 / n_spans)
    )


def test_it_has_no_jumps() -> None:
    """From knot to knot, a minute apart, it moves by some thirteen per cent."""
    factors = means(0.5, 600.0, [20_000])
    assert np.abs(np.diff(factors) / factors[:-1]).max() < 0.01


def test_without_a_ratio_there_is_none() -> None:
    assert (means(15.0, 600.0, [500], ratio=0.0) == 1.0).all()
