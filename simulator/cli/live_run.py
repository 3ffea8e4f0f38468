"""A live run put together: the simulation, its API, the pushes, and the clock that drives them."""

import asyncio
import json
import logging
import socket
import time
from dataclasses import dataclass
from functools import partial

import click

from simulator.api.access import Guard, guard_of, is_loopback
from simulator.api.app import create_app
from simulator.api.backend import Backend
from simulator.api.control_token import TOKEN_VARIABLE
from simulator.api.index import Link
from simulator.pushing.pusher import Pusher
from simulator.runtime.keeping_up import KeepingUp
from simulator.runtime.live import LiveRun
from simulator.runtime.loop_lag import LoopLag
from simulator.runtime.publishing import Board, pushing
from simulator.runtime.serving import address, listening_socket, serve, stop_on_signals
from simulator.scenario.model import Scenario
from simulator.simulation.engine import Simulation
from simulator.simulation.handover import Handover
from simulator.simulation.tally import Tally
from simulator.timeline.durations import format_duration

__all__ = ["LiveSettings", "run_live"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class LiveSettings:
    """What the command line says about a run."""

    scenario: Scenario
    before: Handover | None
    step: float
    duration: float | None
    host: str
    port: int
    token: str | None
    links: tuple[Link, ...]
    is_synthetic: bool
    keeps_groups: bool
    as_json: bool


async def run_live(settings: LiveSettings, pusher: Pusher | None) -> None:
    """Runs to the end; until all is done, a signal only asks for that end."""
    stop = asyncio.Event()
    with stop_on_signals(stop), listening_socket(settings.host, settings.port) as bound:
        async with pushing(pusher, stop, deletes_groups=not settings.keeps_groups) as has_begun:
            if has_begun:
                await _until_stopped(settings, Board(pusher), bound, stop)


def _counted(backend: Backend) -> Tally | None:
    return backend.counter.take()


def _sampled(backend: Backend) -> Tally | None:
    """Synthetic traffic stands in for requests; real ones are answered, but do not count."""
    backend.counter.take()
    return None


async def _until_stopped(
    settings: LiveSettings, board: Board, bound: socket.socket, stop: asyncio.Event
) -> None:
    """Serves and ticks; at the end requests finish first, so that the last tick counts them."""
    origin, begun = time.time(), time.monotonic()
    simulation = Simulation(
        settings.scenario, origin=origin, step=settings.step, before=settings.before
    )
    lag, keeping_up = LoopLag(), KeepingUp()
    backend = Backend(
        simulation,
        exposition=board.text,
        lag=lambda: lag.seconds,
        warning=lambda: keeping_up.warning,
    )
    live = LiveRun(
        simulation,
        next_tally=partial(_sampled if settings.is_synthetic else _counted, backend),
        meet=backend.meet,
        publish=board.publish,
        pushes=board.pushes,
        lag=lag,
        keeping_up=keeping_up,
        # a clock set back does not stop ticks, and those of a laptop that slept are not made up
        clock=lambda: origin + time.monotonic() - begun,
    )
    served = asyncio.Event()
    if settings.duration is not None:
        asyncio.get_running_loop().call_later(settings.duration, stop.set)
    app = create_app(backend, _guard(settings, bound), settings.links)
    lag.start()
    ticking = asyncio.create_task(live.run(served))
    serving = asyncio.create_task(serve(app, bound, stop))
    _announce(settings, address(bound))
    await asyncio.wait({ticking, serving}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await serving
    served.set()
    await ticking
    lag.stop()


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


def _announce(settings: LiveSettings, url: str) -> None:
    scenario = settings.scenario
    if settings.as_json:
        click.echo(json.dumps({"url": url, "scenario": scenario.name, "seed": scenario.seed}))
        return
    traffic = "synthetic traffic" if settings.is_synthetic else "real requests only"
    length = format_duration(scenario.duration)
    click.echo(f"Scenario {scenario.name} ({length}), seed {scenario.seed}, {traffic}.")
    click.echo(f"Scoring API  {url}/docs")
    click.echo(f"Metrics      {url}/metrics")
    click.echo(f"Simulation   {url}/simulation")
