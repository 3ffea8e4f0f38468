"""The API's routes."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from simulator import __version__
from simulator.api.access import Guard
from simulator.api.archive import DecisionRecord
from simulator.api.backend import Backend
from simulator.api.docs import add_docs
from simulator.api.error_responses import add_refusals, described
from simulator.api.first_page import Link, add_first_page
from simulator.api.measuring import Measuring
from simulator.api.schemas import (
    Application,
    Batch,
    BatchResult,
    Decision,
    Erasure,
    Explanation,
    Health,
    ModelVersion,
    Review,
)
from simulator.api.state import SimulationState
from simulator.api.workers import Fault
from simulator.metrics.scoring import ROUTES
from simulator.timeline.arrival import waited_seconds

__all__ = ["create_app"]

Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]

_ABOUT: Final = """\
A simulated credit-scoring platform. No decision here concerns anybody.

Beside what is said of each route: a path that is not here is answered with 404, and one asked for
with another method with 405 and `Allow`, both with a `detail` as JSON. What is no HTTP request, is
too slow in coming, or has more than 100 headers or 32 KiB of them is answered in plain text, with
400, 408 or 431.
"""
_SCORING: Final = described(401, 408, 413, 422, 429, 500, 503, 504)
_LOOKING_UP: Final = described(404, 422, 504)


def create_app(backend: Backend, guard: Guard, links: Sequence[Link] = ()) -> FastAPI:
    """The scoring API over a platform.

    `guard` decides who may look at the simulation; `links` lead from the first page to what runs
    elsewhere.
    """
    app = FastAPI(
        title="Scoring API",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # an answer of its own, with an address that the client made up
    )
    app.add_middleware(Measuring, counter=backend.counter, clock=backend.clock)
    add_refusals(app, backend.counter)
    add_first_page(app, backend.scenario, links)
    add_docs(app)
    _add_scoring(app, backend)
    _add_decisions(app, backend)
    _add_erasure(app, backend)
    _add_models(app, backend)
    _add_operations(app, backend)
    app.include_router(_simulation(backend, guard))
    return app


def _add_scoring(app: FastAPI, backend: Backend) -> None:
    workers, engine, counter = backend.workers, backend.engine, backend.counter

    @app.post(ROUTES["score"][1], tags=["scoring"], responses=_SCORING, response_model=Decision)
    async def score(application: Application, request: Request) -> Response:
        """Scores one application."""
        waited = _waited(request)
        try:
            await workers.admit(waited_seconds=waited)
            served = await workers.work(waited_seconds=waited)
        except Fault as fault:
            counter.applications(application.channel, fault.reason, 1)
            raise
        counter.applications(application.channel, "success", 1)
        return JSONResponse(engine.decide(application, served).__dict__)

    @app.post(ROUTES["batch"][1], tags=["scoring"], responses=_SCORING, response_model=BatchResult)
    async def score_batch(batch: Batch, request: Request) -> Response:
        """Scores up to a hundred applications; all of them, or none."""
        n, waited = len(batch.applications), _waited(request)
        try:
            await workers.admit(waited_seconds=waited)
            await workers.work(is_batch=True, waited_seconds=waited)
        except Fault as fault:
            counter.applications(batch.channel, fault.reason, n)
            raise
        counter.applications(batch.channel, "success", n)
        decisions = [engine.decide(each, workers.served()).__dict__ for each in batch.applications]
        return JSONResponse({"decisions": decisions})


def _add_decisions(app: FastAPI, backend: Backend) -> None:
    workers, engine = backend.workers, backend.engine

    async def kept(decision_id: str, request: Request) -> DecisionRecord:
        await workers.look_up(waited_seconds=_waited(request))
        record = engine.archive.get(decision_id)
        if record is None:
            raise HTTPException(404, f"there is no decision {decision_id!r}")
        return record

    @app.get(ROUTES["decision"][1], tags=["decisions"], responses=_LOOKING_UP)
    async def decision(id: Key, request: Request) -> Decision:  # noqa: A002 - the name in the path
        """A decision taken before."""
        return engine.shown(await kept(id, request))

    @app.get(ROUTES["explanation"][1], tags=["decisions"], responses=_LOOKING_UP)
    async def explanation(id: Key, request: Request) -> Explanation:  # noqa: A002 - the name in the path
        """The reasons for a decision."""
        return engine.explained(await kept(id, request))

    @app.post(
        ROUTES["review"][1],
        tags=["decisions"],
        responses={**_LOOKING_UP, **described(408, 413)},
    )
    async def review(
        id: Key,  # noqa: A002 - the name in the path
        review: Review,
        request: Request,
    ) -> Decision:
        """A person's own decision, in place of the automated one."""
        record = await kept(id, request)
        record.decision, record.reviewed_by = review.decision, review.reviewer
        return engine.shown(record)


def _add_erasure(app: FastAPI, backend: Backend) -> None:
    workers, engine = backend.workers, backend.engine

    @app.delete(ROUTES["erasure"][1], tags=["decisions"], responses=_LOOKING_UP)
    async def erasure(id: Key, request: Request) -> Erasure:  # noqa: A002 - the name in the path
        """Deletes everything kept about an applicant."""
        await workers.look_up(waited_seconds=_waited(request))
        deleted = engine.archive.erase(id)
        if not deleted:
            raise HTTPException(404, f"there is nothing about an applicant {id!r}")
        return Erasure(applicant_id=id, deleted=deleted)


def _add_models(app: FastAPI, backend: Backend) -> None:
    workers, engine = backend.workers, backend.engine

    @app.get(ROUTES["models"][1], tags=["models"], responses=described(504))
    async def models(request: Request) -> list[ModelVersion]:
        """The deployed model versions."""
        await workers.look_up(waited_seconds=_waited(request))
        return engine.models()


def _add_operations(app: FastAPI, backend: Backend) -> None:
    @app.get("/health", tags=["operations"])
    async def health() -> Health:
        """Whether the API is up."""
        return Health(status="ok", version=__version__)

    @app.get(
        "/metrics",
        tags=["operations"],
        response_class=PlainTextResponse,
        responses=described(503),
    )
    async def metrics() -> Response:
        """All metrics, as of the latest tick, in Prometheus's text format 0.0.4.

        In a gap of the scrapes they come late, or without the jobs that do not answer.
        """
        text = await backend.exposition()
        if text is None:
            raise HTTPException(503, "no job answers Prometheus at the moment")
        return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _simulation(backend: Backend, guard: Guard) -> APIRouter:
    """What belongs to the simulator and not to the platform; each of its routes is guarded."""
    router = APIRouter(
        prefix="/simulation",
        tags=["simulation"],
        dependencies=[Depends(guard.check)],
        responses=guard.answers,
    )

    @router.get("")
    async def simulation() -> SimulationState:
        """The state of the simulation: its time, its episodes, and who applies at the moment."""
        return backend.state

    return router


def _waited(request: Request) -> float:
    """Seconds by the event loop's clock that a request has waited since it arrived."""
    return waited_seconds(request.scope, asyncio.get_running_loop().time())
