"""What groups read under retention and a store that fills up, against loops over ticks."""

from typing import TypeAlias

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.simulation.arrays import Bools
from simulator.simulation.consumption import Reading, archived, read

Seen: TypeAlias = list[tuple[list[int], list[int], list[int], bool]]

N_TICKS, N_PARTITIONS = 14, 2
rows = st.lists(
    st.lists(st.integers(0, 6), min_size=N_PARTITIONS, max_size=N_PARTITIONS),
    min_size=N_TICKS,
    max_size=N_TICKS,
)
starts = st.lists(st.integers(0, 3), min_size=N_PARTITIONS, max_size=N_PARTITIONS)
retentions = st.integers(3, 20)
rooms = st.lists(st.integers(-5, 60), min_size=N_TICKS, max_size=N_TICKS)


def _looped(
    start: list[int],
    arriving: list[list[int]],
    capacity: list[list[int]],
    retention: int,
    room: list[int],
) -> Seen:
    """Tick by tick: messages come, all that can be read is read if it fits, the oldest go."""
    backlog, stored, seen = start, 0, []
    for came, able, space in zip(arriving, capacity, room, strict=True):
        there = [b + c for b, c in zip(backlog, came, strict=True)]
        wanted = [min(t, a) for t, a in zip(there, able, strict=True)]
        refused = sum(wanted) > 0 and stored + sum(wanted) > space
        taken = [0] * len(wanted) if refused else wanted
        left = [t - k for t, k in zip(there, taken, strict=True)]
        backlog = [min(one, retention) for one in left]
        lost = [one - kept for one, kept in zip(left, backlog, strict=True)]
        stored += sum(taken)
        seen.append((backlog, taken, lost, refused))
    return seen


def _as_seen(reading: Reading, refused: Bools) -> Seen:
    arrays = reading.backlog, reading.consumed, reading.lost, refused
    return list(zip(*(each.tolist() for each in arrays), strict=True))


def _archived(
    start: list[int],
    arriving: list[list[int]],
    capacity: list[list[int]],
    retention: int,
    room: list[int],
) -> Seen:
    whole = np.array(start), np.array(arriving), np.array(capacity), retention
    return _as_seen(*archived(read(*whole), *whole, np.array(room)))


@given(starts, rows, rows, retentions, rooms)
@settings(max_examples=150, deadline=None)
def test_what_a_group_archives_is_what_a_loop_over_ticks_gives(
    start: list[int],
    arriving: list[list[int]],
    capacity: list[list[int]],
    retention: int,
    room: list[int],
) -> None:
    expected = _looped(start, arriving, capacity, retention, room)
    assert _archived(start, arriving, capacity, retention, room) == expected


@given(starts, rows, rows, retentions)
@settings(max_examples=50, deadline=None)
def test_groups_beside_each_other_read_as_each_alone(
    start: list[int], arriving: list[list[int]], capacity: list[list[int]], retention: int
) -> None:
    came, one = np.array(arriving), np.array(capacity)
    two = np.stack([one, 6 - one], axis=1)
    both = read(np.stack([start, start]), came[:, np.newaxis], two, retention)
    alone = read(np.array(start), came, one, retention)
    for name in ("backlog", "consumed", "lost"):
        np.testing.assert_array_equal(getattr(both, name)[:, 0], getattr(alone, name))


def test_a_store_that_stays_full_for_longer_than_is_looked_ahead_is_full_throughout() -> None:
    ones = np.ones((1000, 1), dtype=np.int64)
    room = np.full(1000, 10)
    arguments = np.array([0]), ones, ones, 5000
    reading, refused = archived(read(*arguments), *arguments, room)
    assert np.flatnonzero(refused).tolist() == list(range(10, 1000))
    assert reading.consumed.sum() == 10
    assert reading.backlog[-1, 0] == 990
