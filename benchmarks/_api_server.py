"""Serves one of two APIs on loopback: `python _api_server.py scoring|constant PORT`.

Both are served by the same uvicorn with the same options. `scoring` is the product without
simulated delays, ticking every second as in a live run. `constant` is what FastAPI costs by itself:
it validates the same body and returns the same answer to everybody.
"""

import asyncio
import sys
import time

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from uvicorn.loops.auto import auto_loop_factory

from simulator.api.access import guard_of
from simulator.api.app import create_app
from simulator.api.backend import Backend
from simulator.api.schemas import Application
from simulator.runtime.live import LiveRun
from simulator.runtime.serving import listening_socket, serve, stop_on_signals
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation

_STEP_SECONDS = 1.0
_ANSWER = {
    "decision_id": "0a1b2c3d-1",
    "applicant_id": "worker-0-1",
    "score": 712,
    "probability_of_default": 0.0213,
    "risk_level": "medium",
    "decision": "accepted",
    "model_version": "3.2.0",
    "reviewed_by": None,
}


def _constant_api() -> FastAPI:
    app = FastAPI()

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/v1/score")
    async def score(application: Application) -> Response:
        del application
        return JSONResponse(_ANSWER)

    return app


async def _serve_constant(port: int, stop: asyncio.Event) -> None:
    with listening_socket("127.0.0.1", port) as bound:
        await serve(_constant_api(), bound, stop)


async def _serve_scoring(port: int, stop: asyncio.Event) -> None:
    simulation = Simulation(load_scenario("calm"), origin=time.time(), step=_STEP_SECONDS)
    backend = Backend(simulation, clock=time.monotonic, is_delayed=False)
    live = LiveRun(
        simulation,
        next_tally=backend.counter.take,
        meet=backend.meet,
        sinks=(),
        clock=time.time,
    )
    with listening_socket("127.0.0.1", port) as bound:
        ticking = asyncio.create_task(live.run(stop))
        await serve(create_app(backend, guard_of("127.0.0.1")), bound, stop)
        await ticking


async def _main(which: str, port: int) -> None:
    stop = asyncio.Event()
    with stop_on_signals(stop):
        await {"scoring": _serve_scoring, "constant": _serve_constant}[which](port, stop)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:  # the loop uvicorn would take
        runner.run(_main(sys.argv[1], int(sys.argv[2])))
