"""How the simulated platform answers: its delays, its faults, its limit of concurrent work."""

import asyncio
import math
from dataclasses import dataclass
from random import Random
from typing import Final

from simulator.api.worker_queue import WorkerQueue
from simulator.scenario.platform.api import Api
from simulator.scenario.platform.service_times import Times
from simulator.simulation.causes import FAULTS
from simulator.simulation.conditions import Conditions
from simulator.simulation.latency import BATCH_FACTOR

__all__ = ["Fault", "Served", "Workers"]

_MOST_WAITING: Final = 20_000  # requests in line for a worker; more are turned away at once


class Fault(Exception):  # noqa: N818 - an answer of the platform, not a defect of the program
    """The platform answers with an error; `reason` is one of FAULTS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = FAULTS[reason]


@dataclass(frozen=True)
class Served:
    """What serving an application took: seconds of its prediction and of its bureau call.

    `bureau_failed` says whether that call failed, and is None where none was needed.
    """

    prediction_seconds: float
    bureau_seconds: float
    bureau_failed: bool | None


class Workers:
    """Serve requests under the present conditions.

    A request that waited before the application saw it has as much less time left.

    Args:
        now: the conditions of the first tick.
        api: how long the parts of a request take, and a request may take, waiting included.
        rng: draws delays and faults.
        is_delayed: False answers at once, to measure the API itself.
    """

    def __init__(self, now: Conditions, *, api: Api, rng: Random, is_delayed: bool = True) -> None:
        self.now = now
        self._timeout = api.timeout_seconds
        self._times = api.service_times
        self._rng = rng
        self._is_delayed = is_delayed
        self._queue = WorkerQueue(now.workers)
        self._losses = 0  # how often replicas were lost, and their share the last time
        self._lost_share = 0.0

    def in_line(self) -> tuple[int, int]:
        """How many requests wait for a worker, and how many are in work."""
        return self._queue.n_waiting, self._queue.n_in_work

    def meet(self, now: Conditions) -> None:
        """From here on, requests meet these conditions; some replicas take theirs with them."""
        if now.interrupted > 0.0:
            self._losses += 1
            self._lost_share = now.interrupted
        self.now = now
        self._queue.resize(now.workers)

    async def admit(self, *, waited_seconds: float = 0.0) -> None:
        """Passes a request on to the workers.

        Raises:
            Fault: drawn with the probabilities of the present conditions.
        """
        for reason, probability in self.now.faults.items():
            if self._rng.random() < probability:
                left = max(self._timeout - waited_seconds, 0.0)
                await self._sleep(left if reason == "timeout" else self._draw(self._times.refusal))
                raise Fault(reason)

    async def work(self, *, is_batch: bool = False, waited_seconds: float = 0.0) -> Served:
        """Waits for a worker and has the request served.

        Raises:
            Fault: it took longer than the timeout, its replica is lost, or Kafka does not take the
                decision.
        """
        served, seconds = self.drawn()
        await self._occupy_worker(
            seconds * (BATCH_FACTOR if is_batch else 1.0), self._timeout - waited_seconds
        )
        if self._rng.random() < self.now.unwritable:
            raise Fault("unavailable")
        return served

    async def look_up(self, *, waited_seconds: float = 0.0) -> None:
        """Takes the time of reading something back.

        Raises:
            Fault: it took longer than the timeout, or goes to a replica that is gone.
        """
        if self.now.unreachable and self._rng.random() < self.now.unreachable:
            await self._sleep(self._draw(self._times.refusal))
            raise Fault("unavailable")
        await self._spend(
            self._draw(self._times.look_up) * self._own(), self._timeout - waited_seconds
        )

    async def beside(self, times: Times) -> None:
        """Takes the time of something that is no part of the API, and keeps no worker of it."""
        await self._sleep(self._draw(times))

    def drawn(self) -> tuple[Served, float]:
        """What serving a single request consists of, and how many seconds of work it is."""
        own = self._own()
        served, times = self._served(own), self._times
        seconds = served.prediction_seconds + served.bureau_seconds
        seconds += self._draw(times.gateway) * own
        if self._rng.random() < times.stall.share:
            seconds += self._draw(times.stall) * own
        return served, seconds

    def served(self) -> Served:
        """What serving one more application consists of, as in a batch."""
        return self._served(self._own())

    def _own(self) -> float:
        """How many times as long a replica takes: that of a request, drawn."""
        slow = self.now.slow_share
        return self.now.slow_factor if slow and self._rng.random() < slow else 1.0

    def _served(self, own: float) -> Served:
        bureau = self._times.bureau
        prediction = self._draw(self._times.prediction) * self.now.feature_store * own
        if self._rng.random() >= bureau.share:
            return Served(prediction, 0.0, None)
        called = self._draw(bureau) * self.now.bureau
        failed = called > bureau.timeout_seconds or self._rng.random() < bureau.failure_ratio
        return Served(prediction, min(called, bureau.timeout_seconds), failed)

    def _draw(self, times: Times) -> float:
        # gauss takes a third of the time of lognormvariate; all draws are of one thread
        return times.median_seconds * math.exp(self._rng.gauss(0.0, times.sigma))

    async def _occupy_worker(self, seconds: float, left_seconds: float) -> None:
        """Waits for a worker and keeps it so long; where nothing takes time, nobody waits."""
        if not self._is_delayed:
            return
        if left_seconds <= 0.0:
            raise Fault("timeout")
        if self._queue.n_waiting >= _MOST_WAITING:
            raise Fault("unavailable")
        clock = asyncio.get_running_loop().time
        deadline = clock() + left_seconds
        try:
            await self._queue.take(deadline)
        except TimeoutError:
            raise Fault("timeout") from None
        losses = self._losses
        try:
            await self._spend(seconds, deadline - clock())
        finally:
            self._queue.give_back()
        if losses < self._losses and self._rng.random() < self._lost_share:
            raise Fault("unavailable")

    async def _spend(self, seconds: float, left_seconds: float) -> None:
        """Takes a time, or what is left of it.

        Raises:
            Fault: more time was needed than was left.
        """
        if self._is_delayed:
            await self._sleep(max(min(seconds, left_seconds), 0.0))
            if seconds > left_seconds:
                raise Fault("timeout")

    async def _sleep(self, seconds: float) -> None:
        if self._is_delayed:
            await asyncio.sleep(seconds)
