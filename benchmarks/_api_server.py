"""Serves one of several APIs on loopback: `python _api_server.py NAME PORT`.

All are served by the product's uvicorn with the same options. `scoring` is the product without
simulated delays, `scoring-delayed` as it runs; both tick every second. `declared` and `looked-up`
are the product without delays, whose routes a mapping declares (`_declared_api.py`). The others
validate the same body and return the same answer to everybody: what a request costs that does no
more.
"""

import asyncio
import sys
import time

from _declared_api import api_part
from _validating_apis import fastapi_app, starlette_app
from uvicorn.loops.auto import auto_loop_factory

from simulator.api.access import guard_of
from simulator.api.app import create_app
from simulator.api.backend import Backend
from simulator.mapping.export import Export
from simulator.mapping.loading import default_mapping
from simulator.runtime.live import LiveRun
from simulator.runtime.serving import listening_socket, serve, stop_on_signals
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation

_STEP_SECONDS = 1.0
_N_WORKERS = 64  # twice as many as are in work at the pace of the benchmarks
_VALIDATING = {"fastapi": fastapi_app, "starlette": starlette_app}


async def _serve_scoring(port: int, stop: asyncio.Event, which: str) -> None:
    calm = load_scenario("calm")
    api = calm.platform.api.model_copy(update={"workers": _N_WORKERS})
    platform = calm.platform.model_copy(update={"api": api})
    plan = calm.model_copy(update={"platform": platform})
    simulation = Simulation(plan, origin=time.time(), step=_STEP_SECONDS)
    backend = Backend(simulation, clock=time.monotonic, is_delayed=which == "scoring-delayed")
    live = LiveRun(
        simulation,
        Export(default_mapping(), plan),
        next_tally=backend.counter.take,
        meet=backend.meet,
        sinks=(),
        clock=time.time,
    )
    with listening_socket("127.0.0.1", port) as bound:
        ticking = asyncio.create_task(live.run(stop))
        await serve(create_app(backend, guard_of("127.0.0.1"), (), api_part(which)), bound, stop)
        await ticking


async def _main(which: str, port: int) -> None:
    stop = asyncio.Event()
    with stop_on_signals(stop):
        if which in _VALIDATING:
            with listening_socket("127.0.0.1", port) as bound:
                await serve(_VALIDATING[which](), bound, stop)
        else:
            await _serve_scoring(port, stop, which)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:  # the loop uvicorn would take
        runner.run(_main(sys.argv[1], int(sys.argv[2])))
