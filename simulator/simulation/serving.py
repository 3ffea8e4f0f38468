"""How requests fare in the line for the API's workers, tick by tick: what a load does to them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from simulator.scenario.model import Scenario
from simulator.scenario.platform.service_times import ServiceTimes as Parts
from simulator.scenario.vocabulary import ENDPOINTS
from simulator.simulation.arrays import Bools, Floats, Ints, distinct_rows, reflected_walk
from simulator.simulation.causes import Causes
from simulator.simulation.latency import BATCH_FACTOR, HTTP_EDGES
from simulator.simulation.queueing import INDICES, Answers, Queue
from simulator.simulation.service_times import ServiceTimes

__all__ = ["Served", "Serving"]

_SINGLE, _BATCH = ENDPOINTS.index("score"), ENDPOINTS.index("batch")
_MICROSECONDS: Final = 1e6
_MOST_QUEUES: Final = 128
_MOST_PLATFORMS: Final = 4
_TINY: Final = np.finfo(np.float64).tiny
_LOWER: Final = np.append(0.0, HTTP_EDGES)
_UPPER: Final = np.append(HTTP_EDGES, np.inf)


@dataclass(frozen=True)
class Served:
    """Per tick, of single requests and of batches: who times out, and how long others take.

    `timeouts` is their share (ticks, 2), `interrupted` that of those whose replica is lost while it
    works on them (ticks,); `shares` the buckets of those who get an answer in time,
    in proportion, and `means` seconds in each (ticks, 2, edges + 1). `waiting` in line and `busy`
    workers are their expected numbers at a moment of the tick (ticks,).
    """

    timeouts: Floats
    interrupted: Floats
    shares: Floats
    means: Floats
    waiting: Floats
    busy: Floats


class Serving:
    """The line of scoring requests before the workers; carries its length from tick to tick.

    `invalid` are shares of single requests and of batches that are refused before they wait.
    """

    def __init__(self, scenario: Scenario, step: float, invalid: tuple[float, float]) -> None:
        self._valid = 1.0 - np.array(invalid)
        self._weights = self._valid * np.array([1.0, BATCH_FACTOR])
        self._timeout = scenario.platform.api.timeout_seconds
        self._step = step
        self._backlog = np.array(0, dtype=np.int64)
        self._noise = np.array(0, dtype=np.int64)
        self._queue = _queues(scenario.platform.api.service_times, self._timeout)

    def served(self, expected: Floats, causes: Causes) -> Served:
        """What the load of each tick does to its requests; `expected` (ticks, endpoints)."""
        distinct, which = _conditions(causes)
        queues = _Queues([self._queue(*row) for row in distinct.tolist()], which)
        per_second, requests = (
            (expected[:, [_SINGLE, _BATCH]] * each).sum(axis=1)
            * np.prod(1.0 - causes.faults, axis=1)
            / self._step
            for each in (self._weights, self._valid)
        )
        return self._in_line(queues, per_second, requests, causes)

    def _in_line(
        self, queues: "_Queues", per_second: Floats, requests: Floats, causes: Causes
    ) -> Served:
        """How `requests` fare that are as much work as `per_second` single ones, both (ticks,).

        Past capacity the line grows as a fluid, until the time left to those whose turn it is just
        uses up the workers; below, it is worked off as one: for this share of the tick it is
        `passing`. Else it is stationary at the load. Its noise needs time, too, where waits are
        long: they get to w seconds in about w^2 / (2 spread), as in the fluid approximation that is
        stationary at each point (W. Wang, D. Tipper and S. Banerjee, "A simple approximation for
        modeling nonstationary queues", 1996).
        """
        step = self._step
        load = queues.each(Queue.load, per_second)
        at_load = queues.each(Queue.of_load, load)
        mean_wait, spread = queues.each(Queue.mean_wait, load), queues.each(Queue.spread, load)
        settled = _microseconds(mean_wait)
        limit = np.where(load >= 1.0, settled, round(self._timeout * _MICROSECONDS))
        growth = _microseconds((load - 1.0) * step)
        after = reflected_walk(self._backlog, growth, ceiling=limit)
        before = np.minimum(np.append(self._backlog, after[:-1]), limit)
        at_once = np.minimum(_microseconds(np.sqrt(2.0 * spread * step)), settled)
        drift = _microseconds(step * spread / np.maximum(mean_wait, spread))
        noise = reflected_walk(self._noise, drift, ceiling=settled, floor=at_once)
        self._backlog, self._noise = after[-1], noise[-1]
        backlog = (before + after) / 2.0
        moving = np.divide(
            after - before, growth, out=(after > 0).astype(np.float64), where=growth != 0
        )
        on_its_way = (noise < settled) & ((load < 1.0) | (after < limit))
        at_noise = queues.each(Queue.of_mean_wait, noise / _MICROSECONDS, on_its_way)
        passing = np.where(backlog > noise, np.clip(moving, 0.0, 1.0), 0.0)
        mixture = queues.mixed(
            np.where(on_its_way, at_noise, at_load),
            queues.each(Queue.of_backlog, backlog / _MICROSECONDS),
            passing=passing,
        )
        in_time = np.clip(mixture.shares.sum(axis=2), 0.0, 1.0)
        mixture.shares[:, :, -1] += _TINY  # proportions, also where nobody is answered in time
        # those in work when the tick began, per one that comes in it
        there = queues.each(Queue.seconds_in_work, load) / np.maximum(load, 1.0) / step
        return Served(
            timeouts=1.0 - in_time,
            interrupted=np.minimum(causes.replicas.interrupted * there, 1.0),
            shares=mixture.shares,
            means=mixture.seconds,
            # as many as come in a second, times how long they are there (J. D. C. Little, 1961);
            # while a backlog is worked off, everybody works
            waiting=requests * mixture.waiting,
            busy=np.minimum(
                per_second * mixture.in_work + passing * causes.workers, causes.workers
            ),
        )


@dataclass(frozen=True)
class _Mixture:
    """Of all requests that come in each tick, single ones and batches.

    `shares` by bucket, and mean `seconds` there (ticks, 2, edges + 1); mean seconds of `waiting`
    (ticks,), and `in_work` for those who do not come in `passing` (ticks,).
    """

    shares: Floats
    seconds: Floats
    waiting: Floats
    in_work: Floats


@dataclass(frozen=True)
class _Queues:
    """The distinct queues of some ticks, and which of them is each tick's (ticks,)."""

    queues: list[Queue]
    which: Ints

    def each(
        self, quantity: Callable[[Queue, Floats], Floats], of: Floats, wanted: Bools | None = None
    ) -> Floats:
        """A quantity of each tick's queue, shape (ticks,); 0 where it is not wanted."""
        found = np.zeros(len(of))
        for i, queue in enumerate(self.queues):
            mine = self.which == i if wanted is None else wanted & (self.which == i)
            if mine.any():
                found[mine] = quantity(queue, of[mine])
        return found

    def mixed(self, settled: Floats, backlog: Floats, *, passing: Floats) -> _Mixture:
        """The answers at two fractional indices of each tick, by the share that is `passing`."""
        shares = np.zeros((len(passing), 2, len(HTTP_EDGES) + 1))
        seconds = np.zeros_like(shares)
        waiting, in_work = np.zeros((2, len(passing)))
        for index, weight in ((settled, 1.0 - passing), (backlog, passing)):
            low = np.floor(index).astype(np.int64)
            above = index - low
            for at, share in ((low, weight * (1.0 - above)), (low + 1, weight * above)):
                (ticks,) = share.nonzero()
                if not len(ticks):
                    continue
                rows, of_tick = self._rows(at[ticks], self.which[ticks])
                of_all = share[ticks, np.newaxis, np.newaxis]
                shares[ticks] += of_all * rows.shares[of_tick]
                seconds[ticks] += of_all * rows.seconds[of_tick]
                waiting[ticks] += share[ticks] * rows.waiting[of_tick]
                if index is settled:
                    in_work[ticks] += share[ticks] * rows.in_work[of_tick]
        means = np.divide(seconds, shares, out=np.zeros_like(shares), where=shares > 0.0)
        return _Mixture(shares, np.clip(means, _LOWER, _UPPER), waiting, in_work)

    def _rows(self, at: Ints, which: Ints) -> tuple[Answers, Ints]:
        """The distinct answers at these indices of queues, and which of them is each tick's."""
        keys, of_tick = np.unique(which * INDICES + at, return_inverse=True)
        rows = [self.queues[key // INDICES].answers(key % INDICES) for key in keys.tolist()]
        return Answers.stacked(rows), of_tick.reshape(-1)


@lru_cache(maxsize=_MOST_PLATFORMS)
def _queues(parts: Parts, timeout: float) -> Callable[..., Queue]:
    """Queues by workers, slowness and slow replicas, for all runs of a platform."""

    @lru_cache(maxsize=_MOST_QUEUES)
    def queue(workers: float, bureau: float, feature_store: float, *slow: float) -> Queue:
        service = ServiceTimes(parts, bureau, feature_store, *slow, longest=timeout)
        return Queue(service, round(workers), timeout)

    return queue


def _conditions(causes: Causes) -> tuple[Floats, Ints]:
    """Distinct workers, slowness and slow replicas, (rows, 5), and which of them is each tick's."""
    slowness, slow = causes.slowness, causes.replicas
    return distinct_rows(
        [
            causes.workers,
            np.round(slowness["bureau"], 2),
            np.round(slowness["feature-store"], 2),
            np.round(slow.slow_share, 4),
            np.round(slow.slow_factor, 2),
        ]
    )


def _microseconds(seconds: Floats) -> Ints:
    return np.rint(seconds * _MICROSECONDS).astype(np.int64)
