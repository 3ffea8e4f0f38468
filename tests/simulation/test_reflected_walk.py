"""Recurrences over ticks: the array form against the plain loop."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulator.simulation.arrays import Ints, Running, reflected_walk

STEPS = st.lists(st.integers(-20, 20), min_size=1, max_size=60)
CUTS = st.lists(st.integers(1, 59), max_size=4)


def _pieces(length: int, cuts: Sequence[int]) -> list[slice]:
    edges = [0, *sorted({c for c in cuts if c < length}), length]
    return [slice(a, b) for a, b in pairwise(edges)]


def _loop(
    start: int,
    steps: Sequence[int],
    ceilings: Sequence[int] | None = None,
    floors: Sequence[int] | None = None,
) -> list[int]:
    backlog, seen = start, []
    for tick, step in enumerate(steps):
        backlog = max(0 if floors is None else floors[tick], backlog + step)
        if ceilings is not None:
            backlog = min(backlog, ceilings[tick])
        seen.append(backlog)
    return seen


@given(start=st.integers(0, 50), steps=STEPS)
def test_a_walk_without_ceiling_is_lindleys_recursion(start: int, steps: list[int]) -> None:
    walked = reflected_walk(np.array(start), np.array(steps))
    assert walked.tolist() == _loop(start, steps)


@given(start=st.integers(0, 50), steps=STEPS, data=st.data())
def test_a_walk_with_ceiling_is_the_plain_loop(
    start: int, steps: list[int], data: st.DataObject
) -> None:
    n = len(steps)
    ceilings = data.draw(st.lists(st.integers(0, 30), min_size=n, max_size=n))
    walked = reflected_walk(np.array(start), np.array(steps), ceiling=np.array(ceilings))
    assert walked.tolist() == _loop(start, steps, ceilings)


@given(start=st.integers(0, 50), steps=STEPS, data=st.data())
def test_a_walk_with_a_floor_is_the_plain_loop(
    start: int, steps: list[int], data: st.DataObject
) -> None:
    n = len(steps)
    floors = data.draw(st.lists(st.integers(0, 15), min_size=n, max_size=n))
    ceilings = [f + data.draw(st.integers(0, 15)) for f in floors]
    walked = reflected_walk(
        np.array(start), np.array(steps), ceiling=np.array(ceilings), floor=np.array(floors)
    )
    assert walked.tolist() == _loop(start, steps, ceilings, floors)


@given(start=st.integers(0, 50), steps=STEPS, cuts=CUTS, limit=st.none() | st.integers(0, 30))
def test_a_walk_in_pieces_is_the_whole_walk(
    start: int, steps: list[int], cuts: list[int], limit: int | None
) -> None:
    ceiling = None if limit is None else np.full(len(steps), limit)
    whole = reflected_walk(np.array(start), np.array(steps), ceiling=ceiling)
    seen: list[int] = []
    for piece in _pieces(len(steps), cuts):
        begin = np.array(seen[-1] if seen else start)
        part = None if ceiling is None else ceiling[piece]
        seen += reflected_walk(begin, np.array(steps)[piece], ceiling=part).tolist()
    assert seen == whole.tolist()


@given(st.lists(STEPS.filter(lambda s: len(s) > 3), min_size=2, max_size=4))
def test_walks_side_by_side_do_not_touch_each_other(columns: list[list[int]]) -> None:
    n = min(len(c) for c in columns)
    steps = np.array([c[:n] for c in columns]).T
    walked = reflected_walk(np.zeros(len(columns), dtype=np.int64), steps)
    assert walked.T.tolist() == [_loop(0, c[:n]) for c in columns]


def test_the_arguments_of_a_walk_are_left_as_they_were() -> None:
    steps, ceiling = np.array([3, -5, 9, 2]), np.array([4, 4, 4, 4])
    reflected_walk(np.array(1), steps, ceiling=ceiling)
    assert (steps.tolist(), ceiling.tolist()) == ([3, -5, 9, 2], [4, 4, 4, 4])


@given(increments=st.lists(st.floats(0.0, 1e6), min_size=1, max_size=40), cuts=CUTS)
def test_running_totals_have_the_same_bits_however_they_are_cut(
    increments: list[float], cuts: list[int]
) -> None:
    whole = Running()("x", np.array(increments))
    totals = Running()
    parts = [totals("x", np.array(increments)[p]) for p in _pieces(len(increments), cuts)]
    assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_running_totals_of_different_names_are_apart() -> None:
    totals = Running()
    ones: Ints = np.ones(3, dtype=np.int64)
    totals("x", ones)
    assert totals("y", ones).tolist() == [1, 2, 3]
