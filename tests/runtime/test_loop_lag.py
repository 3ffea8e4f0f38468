"""How late the event loop is, on a clock that only blocked work moves."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from simulator.runtime.loop_lag import LoopLag
from tests.support.virtual_clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def lag_after(act: Callable[[VirtualClock, LoopLag], Awaitable[None]]) -> LoopLag:
    """The lag of a loop on which `act` ran, once it has ended."""

    async def watched() -> LoopLag:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualClock)
        lag = LoopLag(loop.time)
        lag.start()
        await act(loop, lag)
        lag.stop()
        return lag

    with asyncio.Runner(loop_factory=VirtualClock) as runner:
        return runner.run(watched())


async def blocked(loop: VirtualClock, seconds: float) -> None:
    """Half a second as it should be, with a part of it blocked."""
    await asyncio.sleep(0.25)
    loop.spend(seconds)
    await asyncio.sleep(0.25)


def test_a_loop_on_which_all_only_wait_is_never_late() -> None:
    async def act(_: VirtualClock, __: LoopLag) -> None:
        await asyncio.sleep(3600.0)

    assert lag_after(act).seconds == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("seconds", [0.2, 1.0, 30.0])
def test_a_blocked_loop_is_as_late_as_it_was_blocked(seconds: float) -> None:
    async def act(loop: VirtualClock, _: LoopLag) -> None:
        await blocked(loop, seconds)

    assert lag_after(act).seconds == pytest.approx(seconds, abs=0.051)  # it looks every 50 ms


def test_whoever_asks_before_the_loop_has_looked_is_said_all_the_same() -> None:
    reported: list[float] = []

    async def act(loop: VirtualClock, lag: LoopLag) -> None:
        await asyncio.sleep(0.01)
        loop.spend(1.0)
        reported.append(lag.seconds)

    lag_after(act)

    assert reported == [pytest.approx(0.96)]


def test_of_several_delays_the_longest_counts() -> None:
    async def act(loop: VirtualClock, _: LoopLag) -> None:
        for seconds in (0.3, 2.0, 0.5):
            await blocked(loop, seconds)

    assert lag_after(act).seconds == pytest.approx(2.0, abs=0.051)


def test_each_tick_has_its_own() -> None:
    taken: list[float] = []

    async def act(loop: VirtualClock, lag: LoopLag) -> None:
        for seconds in (2.0, 0.0, 1.0):
            await blocked(loop, seconds)
            taken.append(round(lag.take()))

    lag_after(act)

    assert taken == [2, 0, 1]


@pytest.mark.parametrize(("later", "seen"), [(13.0, 2), (17.0, 0)])
def test_it_is_remembered_as_long_as_prometheus_takes_to_look(later: float, seen: int) -> None:
    async def act(loop: VirtualClock, lag: LoopLag) -> None:
        await blocked(loop, 2.0)
        lag.take()
        await asyncio.sleep(later)

    assert round(lag_after(act).seconds) == seen


def test_a_delay_counts_once_where_a_tick_ends_within_it() -> None:
    taken: list[float] = []

    async def act(loop: VirtualClock, lag: LoopLag) -> None:
        await asyncio.sleep(0.01)
        loop.spend(1.0)
        taken.append(lag.take())
        await asyncio.sleep(0.25)
        taken.append(lag.take())

    lag_after(act)

    assert taken == [pytest.approx(0.96), pytest.approx(0.0, abs=1e-9)]


def test_a_real_loop_that_is_blocked_is_late() -> None:
    async def watched() -> float:
        lag = LoopLag()
        lag.start()
        await asyncio.sleep(0.06)
        time.sleep(0.3)  # noqa: ASYNC251 - this blocks the loop
        seconds = lag.take()
        lag.stop()
        return seconds

    assert asyncio.run(watched()) >= 0.24
