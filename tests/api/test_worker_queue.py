"""Workers are handed out in the order in which they were asked for, and none of them is lost."""

from __future__ import annotations

import asyncio
import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.api.worker_queue import WorkerQueue
from tests.support.virtual_clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

LONG = 1000.0


def run(work: Coroutine[object, object, None]) -> None:
    with asyncio.Runner(loop_factory=VirtualClock) as runner:
        runner.run(work)


@dataclass
class Desk:
    """A queue, and who was served when."""

    queue: WorkerQueue
    starts: list[tuple[str, float]] = field(default_factory=list)

    async def serve(self, name: str, *, seconds: float = 1.0, patience: float = LONG) -> None:
        clock = asyncio.get_running_loop().time
        await self.queue.take(clock() + patience)
        self.starts.append((name, clock()))
        try:
            await asyncio.sleep(seconds)
        finally:
            self.queue.give_back()

    def come(
        self, name: str, *, seconds: float = 1.0, patience: float = LONG
    ) -> asyncio.Task[None]:
        return asyncio.create_task(self.serve(name, seconds=seconds, patience=patience))


def test_they_are_served_in_the_order_in_which_they_came() -> None:
    async def all_come() -> None:
        desk = Desk(WorkerQueue(2))
        await asyncio.gather(*(desk.come(name) for name in "abcde"))
        assert desk.starts == [("a", 0.0), ("b", 0.0), ("c", 1.0), ("d", 1.0), ("e", 2.0)]
        assert (desk.queue.n_in_work, desk.queue.n_waiting) == (0, 0)

    run(all_come())


def test_who_waits_too_long_leaves_the_line_and_the_next_moves_up() -> None:
    async def all_come() -> None:
        desk = Desk(WorkerQueue(1))
        a, b, c = desk.come("a"), desk.come("b", patience=0.5), desk.come("c")
        await asyncio.sleep(0.75)
        assert desk.queue.n_waiting == 1
        with pytest.raises(TimeoutError):
            await b
        await asyncio.gather(a, c)
        assert desk.starts == [("a", 0.0), ("c", 1.0)]

    run(all_come())


def test_who_is_cancelled_in_the_line_leaves_it() -> None:
    async def all_come() -> None:
        desk = Desk(WorkerQueue(1))
        a, b, c = (desk.come(name) for name in "abc")
        await asyncio.sleep(0.5)
        b.cancel()
        await asyncio.gather(a, c)
        assert desk.starts == [("a", 0.0), ("c", 1.0)]
        assert desk.queue.n_in_work == 0

    run(all_come())


def test_who_is_cancelled_when_the_turn_has_come_gives_the_worker_back() -> None:
    async def all_come() -> None:
        desk = Desk(WorkerQueue(1))
        await desk.queue.take(LONG)
        b, c = desk.come("b"), desk.come("c")
        await asyncio.sleep(0.5)
        desk.queue.give_back()  # b is next, and has not run yet
        b.cancel()
        await c
        assert desk.starts == [("c", 0.5)]
        assert desk.queue.n_in_work == 0

    run(all_come())


def test_who_comes_in_the_moment_of_a_hand_out_does_not_pass_the_line() -> None:
    async def all_come() -> None:
        desk = Desk(WorkerQueue(1))
        await desk.queue.take(LONG)
        b = desk.come("b")
        await asyncio.sleep(0.5)
        c = desk.come("c")
        desk.queue.give_back()
        await asyncio.gather(b, c)
        assert desk.starts == [("b", 0.5), ("c", 1.5)]

    run(all_come())


SECONDS = st.integers(1, 40).map(lambda n: n / 8)
VISITS = st.lists(st.tuples(st.integers(0, 40).map(lambda n: n / 8), SECONDS, SECONDS), max_size=25)


def starts_by_a_plain_loop(
    visits: Sequence[tuple[float, float, float]], n_workers: int
) -> list[float | None]:
    """When each is served who comes, needs a worker so long, and waits so long at most."""
    free_at = [0.0] * n_workers
    starts: list[float | None] = []
    for arrival, seconds, patience in visits:
        start = max(arrival, free_at[0])
        starts.append(start if start < arrival + patience else None)
        if starts[-1] is not None:
            heapq.heapreplace(free_at, start + seconds)
    return starts


@given(visits=VISITS.map(sorted), n_workers=st.integers(1, 4))
def test_it_agrees_with_a_plain_loop(
    visits: Sequence[tuple[float, float, float]], n_workers: int
) -> None:
    # nobody comes together with another, and no patience ends in the moment of a turn
    visits = [(a + i / 4096, s, p + 1 / 16384) for i, (a, s, p) in enumerate(visits)]

    async def all_come() -> None:
        desk = Desk(WorkerQueue(n_workers))

        async def visit(name: str, arrival: float, seconds: float, patience: float) -> None:
            await asyncio.sleep(arrival)
            await desk.serve(name, seconds=seconds, patience=patience)

        came = (visit(str(i), *each) for i, each in enumerate(visits))
        await asyncio.gather(*came, return_exceptions=True)
        starts = dict(desk.starts)
        assert [starts.get(str(i)) for i in range(len(visits))] == starts_by_a_plain_loop(
            visits, n_workers
        )
        assert (desk.queue.n_in_work, desk.queue.n_waiting) == (0, 0)

    run(all_come())
