"""The tick grid: times that follow from the tick's number alone."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from simulator.timeline.grid import Grid

origins = st.floats(0.0, 4e9)
steps = st.floats(1e-3, 1e4)
firsts = st.integers(0, 10**7)
times = ("ticks", "starts", "ends", "elapsed")


def test_a_grid_has_the_times_written_here() -> None:
    grid = Grid(origin=100.0, step=15.0, first=2, count=3)

    assert grid.ticks.tolist() == [2, 3, 4]
    assert grid.starts.tolist() == [130.0, 145.0, 160.0]
    assert grid.ends.tolist() == [145.0, 160.0, 175.0]
    assert grid.elapsed.tolist() == [37.5, 52.5, 67.5]


@pytest.mark.parametrize("name", times)
@given(origin=origins, step=steps, first=firsts, sizes=st.lists(st.integers(1, 9), max_size=6))
def test_times_do_not_depend_on_how_a_run_is_cut(
    name: str, origin: float, step: float, first: int, sizes: list[int]
) -> None:
    whole = getattr(Grid(origin, step, first, sum(sizes)), name)
    begins = first + np.concatenate([[0], np.cumsum(sizes)]).astype(int)

    parts = [
        getattr(Grid(origin, step, int(begin), size), name)
        for begin, size in zip(begins, sizes, strict=False)
    ]

    assert_array_equal(np.concatenate([whole[:0], *parts]), whole)


@given(origins, steps, firsts)
def test_a_tick_begins_when_the_one_before_ends(origin: float, step: float, first: int) -> None:
    grid = Grid(origin, step, first, 20)

    assert_array_equal(grid.starts[1:], grid.ends[:-1])


@given(steps, firsts)
def test_elapsed_is_the_middle_of_the_tick(step: float, first: int) -> None:
    grid = Grid(0.0, step, first, 5)

    np.testing.assert_allclose(grid.elapsed, (grid.starts + grid.ends) / 2, rtol=1e-12)


def test_ten_million_small_steps_add_up_to_no_error() -> None:
    # adding 0.1 ten million times would be off by a thousandth of a second
    assert Grid(0.0, 0.1, 9_999_999, 1).ends.tolist() == [1_000_000.0]


def test_a_grid_of_no_ticks_is_empty() -> None:
    assert all(getattr(Grid(0.0, 1.0, 5, 0), name).shape == (0,) for name in times)


def test_a_grid_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Grid(0.0, 1.0, 0, 1).count = 2  # type: ignore[misc]  # what is tested
