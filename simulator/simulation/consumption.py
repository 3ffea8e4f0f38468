"""What consumer groups read of a topic, when it deletes what is old and a store refuses writes."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.simulation.arrays import Bools, Ints, reflected_walk

__all__ = ["Reading", "archived", "read"]

_AT_ONCE: Final = 240  # ticks looked at ahead while a store is nearly full


@dataclass(frozen=True)
class Reading:
    """Whole messages by tick and partition, axes between them as in what was asked.

    `backlog` is left to read after each tick, `consumed` was read in it, and `lost` is what the
    topic deleted before it was read.
    """

    backlog: Ints
    consumed: Ints
    lost: Ints


def read(start: Ints, arriving: Ints, capacity: Ints, retention: int) -> Reading:
    """What is read of `arriving` messages with this capacity in each tick.

    The backlog is Lindley's, below the retention: a consumer that is further behind goes on from
    the oldest message that is left (`auto.offset.reset=earliest`). In a tick messages come, then as
    many are read as can be, then the oldest are deleted.

    Args:
        start: backlog carried in, shape (..., partitions), at most `retention`.
        arriving: messages of each tick, shape (ticks, ..., partitions), or one that broadcasts.
        capacity: messages that can be read in each tick, shape (ticks, ..., partitions).
        retention: messages that a partition keeps.

    >>> three = np.array([[3], [3], [3]])
    >>> seen = read(np.array([0]), three, np.array([[0], [0], [9]]), retention=4)
    >>> seen.backlog.ravel(), seen.consumed.ravel(), seen.lost.ravel()
    (array([3, 4, 0]), array([0, 0, 7]), array([0, 2, 0]))
    """
    steps = arriving - capacity
    backlog = reflected_walk(start, steps)
    behind = (backlog > retention).any(axis=0)
    if behind.any():  # the others never met the limit, which therefore changes nothing of theirs
        limit = np.full(steps[:, behind].shape, retention)
        backlog[:, behind] = reflected_walk(start[behind], steps[:, behind], ceiling=limit)
    before = np.concatenate([start[np.newaxis], backlog[:-1]])
    there = before + arriving
    consumed = np.minimum(there, capacity)
    return Reading(backlog, consumed, there - consumed - backlog)


def archived(  # noqa: PLR0913, PLR0917 - what it reads, and what the store has room for
    unlimited: Reading, start: Ints, arriving: Ints, capacity: Ints, retention: int, room: Ints
) -> tuple[Reading, Bools]:
    """What one group reads that writes all of it to a store, and the ticks that it is refused in.

    A tick's messages are written all or not at all: where they do not fit, the store refuses them,
    and the group waits until what it would then write fits. Most often there is room throughout.

    Args:
        unlimited: what it reads where there is, of the same arguments.
        start: backlog carried in, shape (partitions,).
        arriving: messages of each tick, shape (ticks, partitions).
        capacity: messages that can be read in each tick, shape (ticks, partitions).
        retention: messages that a partition keeps.
        room: messages that the store may hold beyond those it holds at first, shape (ticks,).

    >>> start, ones, four = np.array([0]), np.ones((4, 1), dtype=np.int64), np.full((4, 1), 4)
    >>> room = np.array([9, 0, 0, 9])
    >>> seen, refused = archived(read(start, ones, four, 9), start, ones, four, 9, room)
    >>> seen.consumed.ravel(), refused
    (array([1, 0, 0, 3]), array([False,  True,  True, False]))
    """
    refused = np.zeros(len(arriving), dtype=bool)
    if (np.cumsum(unlimited.consumed.sum(axis=1)) <= room).all():
        return unlimited, refused
    found = Reading(*(np.empty_like(each) for each in _arrays(unlimited)))
    tick, backlog, stored = 0, start, 0
    while tick < len(arriving):
        ahead = slice(tick, tick + _AT_ONCE)
        plan = arriving[ahead], capacity[ahead], retention, room[ahead] - stored
        now, n_ticks = _while_open(backlog, *plan)
        if n_ticks == 0:
            now, n_ticks = _while_full(backlog, *plan)
            refused[tick : tick + n_ticks] = True
        for whole, part in zip(_arrays(found), _arrays(now), strict=True):
            whole[tick : tick + n_ticks] = part[:n_ticks]
        tick, backlog = tick + n_ticks, now.backlog[n_ticks - 1]
        stored += int(now.consumed[:n_ticks].sum())
    return found, refused


def _arrays(reading: Reading) -> tuple[Ints, Ints, Ints]:
    return reading.backlog, reading.consumed, reading.lost


def _while_open(
    start: Ints, arriving: Ints, capacity: Ints, retention: int, room: Ints
) -> tuple[Reading, int]:
    """What is read while the store takes it, and in how many ticks it does from the first on."""
    reading = read(start, arriving, capacity, retention)
    written = reading.consumed.sum(axis=1)
    too_much = (written > 0) & (np.cumsum(written) > room)
    return reading, int(too_much.argmax()) if too_much.any() else len(arriving)


def _while_full(
    start: Ints, arriving: Ints, capacity: Ints, retention: int, room: Ints
) -> tuple[Reading, int]:
    """Nothing is read while the store refuses it, and in how many ticks it does, at least one."""
    reading = read(start, arriving, np.zeros_like(capacity), retention)
    before = np.concatenate([start[np.newaxis], reading.backlog[:-1]])
    wanted = np.minimum(before + arriving, capacity).sum(axis=1)
    fits = (wanted == 0) | (wanted <= room)
    return reading, int(fits.argmax()) if fits.any() else len(arriving)
