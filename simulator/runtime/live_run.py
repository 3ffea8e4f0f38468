"""A live run put together: the simulation, its API, its sinks, and the clock that drives them."""

import asyncio
import gc
import logging
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from uvicorn.loops.auto import auto_loop_factory

from simulator.api.access import Guard, guard_of
from simulator.api.app import create_app
from simulator.api.backend import Backend
from simulator.api.control_token import TOKEN_VARIABLE
from simulator.api.first_page import Link
from simulator.http.loopback import is_loopback
from simulator.mapping.api_part import ApiPart
from simulator.mapping.export import Export
from simulator.runtime.keeping_up import KeepingUp
from simulator.runtime.live import LiveRun
from simulator.runtime.loop_lag import LoopLag
from simulator.runtime.serving import address, listening_socket, serve, stop_on_signals
from simulator.runtime.sinks import LatestSnapshot, PushgatewaySink, Sink
from simulator.scenario.model import Scenario
from simulator.simulation.engine import Simulation
from simulator.simulation.handover import Handover
from simulator.simulation.tally import Tally

__all__ = ["LiveSettings", "run_live"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class LiveSettings:
    """What a run is to be; `announce` is given the URL at which it listens."""

    scenario: Scenario
    api: ApiPart
    export: Export
    before: Handover | None
    step: float
    duration: float | None
    host: str
    port: int
    token: str | None
    is_synthetic: bool
    announce: Callable[[str], None]
    pushgateway: PushgatewaySink | None
    #: Beside /metrics and the Pushgateway.
    others: Sequence[Sink] = ()

    @property
    def sinks(self) -> list[Sink]:
        """All sinks but /metrics."""
        return [*([] if self.pushgateway is None else [self.pushgateway]), *self.others]

    def pushes(self) -> tuple[int, int]:
        """Pushes done and failed so far."""
        pusher = None if self.pushgateway is None else self.pushgateway.pusher
        return (0, 0) if pusher is None else (pusher.pushes, pusher.failures)


def run_live(settings: LiveSettings) -> None:
    """Runs to the end; until all is done, a signal only asks for that end.

    Raises:
        StackError: the address to listen on cannot be had.
        PushgatewayError: as `PushgatewaySink.opened`.
    """
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:  # uvloop, where it is there
        runner.run(_run(settings))


async def _run(settings: LiveSettings) -> None:
    stop = asyncio.Event()
    with stop_on_signals(stop), listening_socket(settings.host, settings.port) as bound:
        async with AsyncExitStack() as stack:
            for sink in settings.sinks:
                await stack.enter_async_context(sink.opened(stop))
            if not stop.is_set():
                await _until_stopped(settings, bound, stop)


async def _until_stopped(settings: LiveSettings, bound: socket.socket, stop: asyncio.Event) -> None:
    """Serves and ticks; at the end requests finish first, so that the last tick counts them."""
    origin, begun = time.time(), time.monotonic()
    simulation = Simulation(
        settings.scenario, origin=origin, step=settings.step, before=settings.before
    )
    latest, lag, keeping_up = LatestSnapshot(), LoopLag(), KeepingUp()
    backend = Backend(
        simulation,
        clock=time.monotonic,
        wall_clock=time.time,
        exposition=latest.scraped,
        lag=lambda: lag.seconds,
        warning=lambda: keeping_up.warning,
    )
    live = LiveRun(
        simulation,
        settings.export,
        next_tally=partial(_sampled, backend) if settings.is_synthetic else backend.counter.take,
        meet=backend.meet,
        sinks=[latest, *settings.sinks],
        pushes=settings.pushes,
        lag=lag,
        keeping_up=keeping_up,
        # a clock set back does not stop ticks, and those of a laptop that slept are not made up
        clock=lambda: origin + time.monotonic() - begun,
    )
    served = asyncio.Event()
    if settings.duration is not None:
        asyncio.get_running_loop().call_later(settings.duration, stop.set)
    app = create_app(backend, _guard(settings, bound), _links(settings), settings.api)
    # What is here now stays: the collector of cyclic garbage, for which all requests wait, would
    # look at it for a tenth of a second every now and then.
    gc.freeze()
    lag.start()
    ticking = asyncio.create_task(live.run(served))
    serving = asyncio.create_task(serve(app, bound, stop))
    settings.announce(address(bound))
    await asyncio.wait({ticking, serving}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await serving
    served.set()
    await ticking
    lag.stop()


def _sampled(backend: Backend) -> Tally | None:
    """Synthetic traffic stands in for requests; real ones are answered, but do not count."""
    backend.counter.take()
    return None


def _links(settings: LiveSettings) -> tuple[Link, ...]:
    if settings.pushgateway is None:
        return ()
    return (Link("Pushgateway", settings.pushgateway.url, "where all metrics are pushed to"),)


def _guard(settings: LiveSettings, bound: socket.socket) -> Guard:
    listening = str(bound.getsockname()[0])
    if settings.token is None and not is_loopback(listening):
        _LOG.warning(
            "/simulation is closed, since others reach %s: set %s to open it to who knows the "
            "token, or listen on 127.0.0.1",
            listening,
            TOKEN_VARIABLE,
        )
    return guard_of(listening, host=settings.host, token=settings.token)
