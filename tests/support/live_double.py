"""A live run on a clock that never waits, and everything it published."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from simulator.runtime.live import LiveRun
from simulator.runtime.loop_lag import LoopLag
from simulator.simulation.engine import Simulation
from tests.support.exported import export_of
from tests.support.virtual_clock import VirtualClock

if TYPE_CHECKING:
    from simulator.metrics.snapshot import Snapshot
    from simulator.scenario.model import Scenario
    from simulator.simulation.conditions import Conditions
    from simulator.simulation.tally import Tally

ORIGIN = 1_794_178_800.0  # Monday, 9 November 2026, midnight in Paris


class LiveDouble:
    """Runs a scenario until `stop_at` seconds after its origin.

    `busy` says how many seconds the work of a tick takes, by its number from 1; `tallies` are given
    out one per tick, then none.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        step: float,
        busy: dict[int, float] | None = None,
        tallies: list[Tally] | None = None,
        late_start: float = 0.0,
    ) -> None:
        self.simulation = Simulation(scenario, origin=ORIGIN, step=step)
        self.published: list[dict[str, bytes]] = []
        self.seconds: list[float] = []
        self.met: list[Conditions] = []
        self._busy = busy or {}
        self._tallies = iter(tallies or [])
        self._late_start = late_start

    def run(self, *, stop_at: float) -> None:
        with asyncio.Runner(loop_factory=VirtualClock) as runner:
            runner.run(self._run(stop_at))

    async def _run(self, stop_at: float) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualClock)
        self._loop = loop
        loop.spend(self._late_start)
        stop = asyncio.Event()
        lag = LoopLag(loop.time)
        lag.start()
        loop.call_at(stop_at, stop.set)
        live = LiveRun(
            self.simulation,
            export_of(self.simulation.scenario),
            next_tally=self._next_tally,
            meet=self.met.append,
            sinks=[self],
            pushes=lambda: (len(self.published), 2),
            lag=lag,
            clock=lambda: ORIGIN + loop.time(),
        )
        await live.run(stop)
        lag.stop()

    def _next_tally(self) -> Tally | None:
        self._loop.spend(self._busy.get(len(self.published) + 1, 0.0))
        return next(self._tallies, None)

    def opened(self, stop: asyncio.Event) -> contextlib.nullcontext[None]:
        del stop
        return contextlib.nullcontext()

    def write(self, snapshot: Snapshot) -> None:
        self.published.append(dict(snapshot.texts))
        self.seconds.append(round(self._loop.time(), 6))
