"""What a consumer group still reads while one of its members is dead."""

from dataclasses import dataclass

import numpy as np

from simulator.scenario.kinds.consumer_crash import ConsumerCrash
from simulator.simulation.arrays import Bools, Floats, Ints
from simulator.simulation.assignment import NOBODY, range_assignment, sticky_assignment
from simulator.timeline.grid import Grid

__all__ = ["is_missed", "reading_shares"]


@dataclass(frozen=True)
class _Deaths:
    """When the member is dead: seconds since the scenario's start, all (deaths,).

    From `noticed` on the group does without it, if it is not back at `ends` before that; until
    `taken_over` its partitions change hands, and until `returned` they do again.
    """

    starts: Floats
    noticed: Floats
    taken_over: Floats
    ends: Floats
    returned: Floats


def _deaths(e: ConsumerCrash) -> _Deaths:
    if e.mute:
        starts, lasting = np.zeros(0), np.zeros(0)
    elif e.onset.shape == "recurring":
        starts = np.arange(0.0, e.duration, e.onset.period)
        lasting = np.minimum(e.onset.period * e.onset.duty, e.duration - starts)
    else:
        starts, lasting = np.zeros(1), np.full(1, e.duration)
    starts = e.start + starts
    ends = starts + lasting
    noticed = np.minimum(starts + e.session_timeout, ends)
    return _Deaths(
        starts=starts,
        noticed=noticed,
        taken_over=np.minimum(noticed + e.rebalance_time, ends),
        ends=ends,
        returned=np.minimum(ends + e.rebalance_time, np.append(starts[1:], np.inf)),
    )


def is_missed(e: ConsumerCrash, elapsed: Floats) -> Bools:
    """Whether the group counts one member less, at seconds since the scenario's start."""
    deaths = _deaths(e)
    latest = np.searchsorted(deaths.noticed, elapsed, side="right") - 1
    return (latest >= 0) & (elapsed < np.append(deaths.ends, -np.inf)[latest])


def reading_shares(e: ConsumerCrash, n_members: int, n_partitions: int, grid: Grid) -> Floats:
    """Share of its capacity in health with which each partition is read (ticks, partitions)."""
    before = range_assignment(n_partitions, n_members)
    is_its_own = before == e.member
    if e.assignment == "eager":
        after, stopped = range_assignment(n_partitions, n_members - 1), np.ones(n_partitions)
    else:
        after, stopped = sticky_assignment(before, e.member, n_members), is_its_own.astype(float)
    missing = 1.0 - _shared_among_fewer(before, after)
    at = _deaths(e)
    is_noticed = at.ends > at.noticed
    gone = np.maximum(stopped, missing)
    unread = [
        (at.starts, at.noticed, is_its_own.astype(float)),
        (at.noticed, at.taken_over, stopped),
        (at.taken_over, at.ends, missing),
        (at.ends[is_noticed], at.returned[is_noticed], gone),
        (at.ends[~is_noticed], at.returned[~is_noticed], stopped),
    ]
    share = np.ones((grid.count, n_partitions))
    for begins, ends, of_partition in unread:
        share -= _overlap(begins, ends, grid)[:, np.newaxis] * of_partition
    return np.clip(share, 0.0, 1.0)


def _shared_among_fewer(before: Ints, after: Ints) -> Floats:
    """Capacity for each partition, as a share: its reader has more of them than it had."""
    held_before, held_after = (np.bincount(r + 1, minlength=len(r) + 2) for r in (before, after))
    share = held_before[before + 1] / np.maximum(held_after[after + 1], 1)
    return np.where(after == NOBODY, 0.0, np.minimum(share, 1.0))


def _overlap(begins: Floats, ends: Floats, grid: Grid) -> Floats:
    """Share of each tick that lies in spans which follow each other, shape (ticks,)."""
    if not len(begins):
        return np.zeros(grid.count)
    edges = np.column_stack([begins, ends]).ravel()
    inside = np.column_stack([np.zeros_like(begins), ends - begins]).ravel()
    until = (np.arange(grid.first, grid.first + grid.count + 1)) * grid.step
    return np.diff(np.interp(until, edges, np.cumsum(inside))) / grid.step
