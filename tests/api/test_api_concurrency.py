"""The limit of concurrent work, the queue before it, and timeouts, on a clock that never waits."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest

from simulator.api import workers as workers_module
from simulator.api.workers import Fault, Workers
from simulator.scenario.platform.api import Api
from simulator.simulation.engine import Simulation
from tests.support.scoring_client import Client, application, counted, scenario
from tests.support.virtual_clock import VirtualClock

if TYPE_CHECKING:
    from simulator.simulation.tally import Tally


class SlowWorkers(Workers):
    """Every piece of work takes exactly a second; it knows how many are in work."""

    inside = 0
    most_inside = 0

    async def _occupy_worker(self, seconds: float, left_seconds: float) -> None:
        del seconds
        await super()._occupy_worker(1.0, left_seconds)

    async def _sleep(self, seconds: float) -> None:
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        try:
            await super()._sleep(seconds)
        finally:
            self.inside -= 1


class Race:
    """Requests that start at once at a slow service, and when and how each of them ended."""

    def __init__(self, *, workers: int, timeout_seconds: float = 60.0) -> None:
        now = Simulation(scenario(), origin=1.8e9, step=5.0).conditions()
        self.now = replace(now, faults={}, workers=workers)
        self.timeout_seconds = timeout_seconds
        self.workers: SlowWorkers
        self.ends: list[tuple[float, str]] = []
        self.lines: list[tuple[int, int]] = []

    def run(self, n: int, *changes: tuple[float, int], late: float | None = None) -> None:
        """`n` requests; at each of `changes`, (second, workers); one more at second `late`."""
        with asyncio.Runner(loop_factory=VirtualClock) as runner:
            runner.run(self._run(n, changes, late))

    async def _run(
        self, n: int, changes: tuple[tuple[float, int], ...], late: float | None
    ) -> None:
        self.workers = SlowWorkers(
            self.now,
            api=Api(timeout_seconds=self.timeout_seconds),
            rng=Random(1),  # noqa: S311 - a simulation, not a secret
        )
        loop = asyncio.get_running_loop()
        for second, workers in changes:
            loop.call_at(second, self.workers.meet, replace(self.now, workers=workers))
        requests = [self._request(0.0) for _ in range(n)]
        if late is not None:
            requests.append(self._request(late))
        await asyncio.gather(*requests)

    def look_at(self, n: int, *seconds: float, late: float) -> list[tuple[int, int]]:
        """How many of `n` requests at once, and of a `late` one, wait and work at some seconds."""

        async def looking() -> None:
            for second in seconds:
                asyncio.get_running_loop().call_at(
                    second, lambda: self.lines.append(self.workers.in_line())
                )
            await self._run(n, (), late)

        with asyncio.Runner(loop_factory=VirtualClock) as runner:
            runner.run(looking())
        return self.lines

    async def _request(self, start: float) -> None:
        await asyncio.sleep(start)
        try:
            await self.workers.work()
        except Fault as fault:
            ended = fault.reason
        else:
            ended = "served"
        self.ends.append((round(asyncio.get_running_loop().time(), 6), ended))


@pytest.mark.parametrize("workers", [1, 2, 5, 10, 64])
def test_no_more_requests_are_in_work_than_there_are_workers(workers: int) -> None:
    race = Race(workers=workers)
    race.run(10)

    assert race.workers.most_inside == min(workers, 10)
    assert race.ends[-1] == (float(-(-10 // workers)), "served")


def test_those_in_line_and_in_work_are_known_at_any_moment() -> None:
    lines = Race(workers=4).look_at(10, 0.5, 1.5, 2.5, 3.5, 4.5, late=4.0)

    assert lines == [(6, 4), (2, 4), (0, 2), (0, 0), (0, 1)]


def test_a_tick_knows_who_waits_and_works_at_its_end() -> None:
    tallies: list[Tally] = []

    async def look_soon(client: Client) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(0.001, lambda: tallies.append(client.counter.take()))

    with Client(is_delayed=True) as client:
        client.meet(workers=2)
        client.run(look_soon(client))
        client.send_together([("POST", "/v1/score", {"json": application()})] * 5)
        tallies.append(client.counter.take())

    seen = [(t.requests.waiting[0], t.requests.busy[0], t.requests.expected[0]) for t in tallies]
    assert seen == [(3.0, 2.0, 0.0), (0.0, 0.0, 5.0)]


def test_added_workers_take_up_work_at_once() -> None:
    race = Race(workers=1)
    race.run(8, (0.5, 4))

    assert race.workers.most_inside == 4
    assert [second for second, _ in race.ends] == [1.0, 1.5, 1.5, 1.5, 2.0, 2.5, 2.5, 2.5]


def test_lost_workers_end_their_work_and_take_up_no_more() -> None:
    race = Race(workers=4)
    race.run(8, (0.5, 1))

    assert [second for second, _ in race.ends] == [1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_workers_that_come_and_go_never_leave_the_limit_exceeded() -> None:
    race = Race(workers=4)
    race.run(20, (0.25, 1), (0.5, 4), (1.25, 1), (1.5, 3))

    assert race.workers.most_inside == 4
    assert len(race.ends) == 20


def test_a_request_in_work_times_out_after_the_timeout() -> None:
    race = Race(workers=4, timeout_seconds=0.2)
    race.run(3)

    assert race.ends == [(0.2, "timeout")] * 3


def test_the_timeout_counts_from_arrival_and_not_from_the_start_of_work() -> None:
    race = Race(workers=1, timeout_seconds=1.5)
    race.run(3)

    assert race.ends == [(1.0, "served"), (1.5, "timeout"), (1.5, "timeout")]


def test_a_request_that_timed_out_leaves_its_place() -> None:
    race = Race(workers=1, timeout_seconds=1.5)
    race.run(5, late=1.6)

    assert race.workers.inside == 0
    assert race.ends[-1] == (2.6, "served")


def test_a_full_queue_turns_requests_away_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "_MOST_WAITING", 3)
    race = Race(workers=2)
    race.run(8)

    assert race.ends[:3] == [(0.0, "unavailable")] * 3
    assert [how for _, how in race.ends[3:]] == ["served"] * 5


def scored_together(
    n: int, *, workers: int, timeout_seconds: float
) -> tuple[list[int], float, dict[tuple[str, str], int]]:
    """Statuses of `n` applications sent at once, the seconds they all took, what was counted."""
    api = {"workers": workers, "timeout_seconds": timeout_seconds}
    with Client(is_delayed=True, platform={"api": api}) as client:
        sent = [("POST", "/v1/score", {"json": application()})] * n
        statuses = [answer.status_code for answer in client.send_together(sent)]
        return statuses, client.seconds, counted(client.counter.take())


def test_few_workers_take_longer_for_the_same_requests() -> None:
    statuses, alone, _ = scored_together(40, workers=1, timeout_seconds=60.0)
    _, together, _ = scored_together(40, workers=40, timeout_seconds=60.0)

    assert set(statuses) == {200}
    assert alone > 4.0 * together


def test_late_requests_get_504_when_the_timeout_is_over() -> None:
    statuses, seconds, outcomes = scored_together(100, workers=1, timeout_seconds=0.5)

    assert set(statuses) == {200, 504}
    assert seconds == pytest.approx(0.5)
    assert outcomes == {
        ("web", "success"): statuses.count(200),
        ("web", "timeout"): statuses.count(504),
    }


def test_an_injected_timeout_takes_as_long_as_the_timeout() -> None:
    with Client(is_delayed=True, platform={"api": {"timeout_seconds": 1.25}}) as client:
        client.meet(faults={"timeout": 1.0})

        assert client.score().status_code == 504
        assert client.seconds == pytest.approx(1.25)
