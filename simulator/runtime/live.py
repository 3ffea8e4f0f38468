"""The live loop: one tick of simulation for every step of real time."""

import asyncio
from collections.abc import Callable, Sequence

from simulator.mapping.export import Export
from simulator.metrics.self_monitoring import RunState
from simulator.metrics.snapshot import Snapshot, Snapshots
from simulator.runtime.keeping_up import KeepingUp
from simulator.runtime.loop_lag import LoopLag
from simulator.runtime.sinks import Sink
from simulator.simulation.conditions import Conditions
from simulator.simulation.engine import Simulation
from simulator.simulation.tally import Tally

__all__ = ["LiveRun"]


class LiveRun:
    """Advances a simulation with the clock and writes a snapshot to its sinks after every tick.

    Args:
        simulation: advanced by one tick per step; its origin is the time of the first tick.
        export: what its metrics are called.
        next_tally: gives the real requests of the tick that just ended, or None to sample them.
        meet: given the conditions of the tick that begins.
        sinks: where the snapshot of every tick goes.
        clock: Unix seconds that only rise, by which ticks are paced.
        pushes: pushes done and failed so far, for the simulator's own metrics.
        lag: how late the event loop is.
        keeping_up: told of every tick whether it was late.
    """

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        simulation: Simulation,
        export: Export,
        *,
        next_tally: Callable[[], Tally | None],
        meet: Callable[[Conditions], None],
        sinks: Sequence[Sink],
        clock: Callable[[], float],
        pushes: Callable[[], tuple[int, int]] = lambda: (0, 0),
        lag: LoopLag | None = None,
        keeping_up: KeepingUp | None = None,
    ) -> None:
        self._simulation = simulation
        self._export = export
        self._next_tally = next_tally
        self._meet = meet
        self._sinks = tuple(sinks)
        self._pushes = pushes
        self._lag = lag or LoopLag()
        self._keeping_up = keeping_up or KeepingUp()
        self._clock = clock
        self._snapshots = Snapshots(export.families, simulation.scenario)
        self._overruns = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Ticks until `stop` is set; then once more, for what came since the last tick.

        Deadlines count from the origin, so that lateness never adds up; a tick that is late is
        made up for at once.
        """
        while not await self._stopped_before(self._deadline(), stop):
            lag_seconds = await self._tick()
            is_overrun = self._clock() > self._deadline()
            self._overruns += is_overrun
            self._keeping_up.look(lag_seconds, is_overrun=is_overrun)
        await self._tick()
        self._keeping_up.tell_all()

    def _deadline(self) -> float:
        """When the tick that is running ends."""
        return self._simulation.origin + (self._simulation.ticks + 1) * self._simulation.step

    async def _stopped_before(self, deadline: float, stop: asyncio.Event) -> bool:
        left = deadline - self._clock()
        if left <= 0.0:
            await asyncio.sleep(0)
            return stop.is_set()
        try:
            await asyncio.wait_for(stop.wait(), left)
        except TimeoutError:
            return False
        return True

    async def _tick(self) -> float:
        """How late the event loop was in the tick that ends with this, in seconds."""
        tally, lag_seconds = self._next_tally(), self._lag.take()
        snapshot = await asyncio.to_thread(self._advanced, tally, self._lag.seconds)
        self._meet(self._simulation.conditions())
        for sink in self._sinks:
            sink.write(snapshot)
        return lag_seconds

    def _advanced(self, tally: Tally | None, lag_seconds: float) -> Snapshot:
        trace = self._simulation.advance(tally=tally)
        return self._snapshots.of(trace, self._export.samples(trace), self._state(lag_seconds))

    def _state(self, lag_seconds: float) -> RunState:
        pushes, failures = self._pushes()
        return RunState(
            ticks=self._simulation.ticks,
            overruns=self._overruns,
            limited=self._keeping_up.n_limited,
            pushes=pushes,
            push_failures=failures,
            event_loop_lag_seconds=lag_seconds,
        )
