"""Sliding windows: the array form against the plain loop."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.simulation.count_window import CountWindow

CELLS = 3
ROWS = st.lists(st.tuples(*[st.integers(0, 6)] * CELLS), min_size=1, max_size=40)
BEFORE = st.sampled_from([(0, 0, 0), (4, 1, 0), (9, 9, 9), (1, 0, 0)])


def _loop(
    size: int, before: Sequence[int], rows: Sequence[Sequence[int]], delay: int
) -> list[list[int]]:
    """From the newest ready tick backwards, until the window is full or there is nothing left."""
    seen = []
    for tick in range(len(rows)):
        ready = [before, *rows[: max(tick + 1 - delay, 0)]]
        held = np.zeros(CELLS, dtype=np.int64)
        for row in reversed(ready):
            if held.sum() >= size:
                break
            held += np.array(row)
        seen.append(held.tolist())
    return seen


@given(size=st.integers(1, 40), before=BEFORE, rows=ROWS, delay=st.integers(0, 12))
def test_a_window_holds_the_latest_ready_ticks_that_fill_it(
    size: int, before: tuple[int, ...], rows: list[tuple[int, ...]], delay: int
) -> None:
    window = CountWindow(size, np.array(before), delay)
    assert window.after(np.array(rows)).counts.tolist() == _loop(size, before, rows, delay)


@given(
    size=st.integers(1, 40),
    rows=ROWS,
    delay=st.integers(0, 12),
    cuts=st.lists(st.integers(1, 39), max_size=5),
)
def test_a_window_does_not_depend_on_how_the_ticks_are_cut(
    size: int, rows: list[tuple[int, ...]], delay: int, cuts: list[int]
) -> None:
    window, before = CountWindow(size, np.array([5, 5, 5]), delay), (5, 5, 5)
    edges = [0, *sorted({c for c in cuts if c < len(rows)}), len(rows)]
    parts = [window.after(np.array(rows[a:b])).counts for a, b in pairwise(edges)]
    assert np.concatenate(parts).tolist() == _loop(size, before, rows, delay)


@given(
    size=st.integers(1, 40),
    rows=ROWS,
    delay=st.integers(0, 12),
    cuts=st.lists(st.integers(1, 39), max_size=5),
)
def test_what_enters_a_window_is_what_came_so_many_ticks_before(
    size: int, rows: list[tuple[int, ...]], delay: int, cuts: list[int]
) -> None:
    window = CountWindow(size, np.array([5, 5, 5]), delay)
    edges = [0, *sorted({c for c in cuts if c < len(rows)}), len(rows)]
    parts = [window.after(np.array(rows[a:b])).entered for a, b in pairwise(edges)]
    expected = [[0] * CELLS] * delay + [list(row) for row in rows]
    assert np.concatenate(parts).tolist() == expected[: len(rows)]


@given(size=st.integers(1, 40), rows=ROWS, delay=st.integers(0, 12))
def test_a_window_that_began_full_stays_full(
    size: int, rows: list[tuple[int, ...]], delay: int
) -> None:
    window = CountWindow(size, np.array([size, 0, 0]), delay)
    assert (window.after(np.array(rows)).counts.sum(axis=1) >= size).all()


@pytest.mark.parametrize("delay", [0, 1, 5])
def test_a_tick_enters_the_window_exactly_when_its_delay_is_over(delay: int) -> None:
    rows = np.zeros((12, CELLS), dtype=np.int64)
    rows[3, 1] = 7
    counts = CountWindow(7, np.array([7, 0, 0]), delay).after(rows).counts
    assert np.flatnonzero(counts[:, 1])[0] == 3 + delay


def test_a_window_over_long_runs_keeps_no_more_than_it_needs() -> None:
    window = CountWindow(50, np.array([50, 0, 0]), 10)
    for _ in range(20):
        window.after(np.full((100, CELLS), 5))
    assert len(window._running) < 40 + 100  # with the latest part


def test_a_window_that_goes_on_tick_by_tick_has_room_for_twice_what_it_needs() -> None:
    window = CountWindow(50, np.array([50, 0, 0]), 10)
    for _ in range(300):
        window.after(np.full((1, CELLS), 5))
    assert len(window._running) < 2 * 40


@pytest.mark.parametrize("last_tick_with_any", [0, 30, 950])
def test_a_window_of_what_is_not_there_keeps_nothing(last_tick_with_any: int) -> None:
    """A model version before its release, or after it was withdrawn."""
    window = CountWindow(50, np.zeros(CELLS, dtype=np.int64), 10)
    rows = np.zeros((1000, CELLS), dtype=np.int64)
    rows[:last_tick_with_any] = 5
    for part in np.split(rows, 100):
        window.after(part)
    assert len(window._running) < 2 * 40
