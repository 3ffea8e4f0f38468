"""The API's routes."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.types import ASGIApp

from simulator import __version__
from simulator.api.access import Guard
from simulator.api.archive import DecisionRecord
from simulator.api.backend import Backend
from simulator.api.compiled_route import CompiledRoute
from simulator.api.docs import add_docs
from simulator.api.error_responses import add_refusals, described
from simulator.api.fast_lane import FastLane
from simulator.api.first_page import Link, add_first_page
from simulator.api.measuring import Measuring
from simulator.api.routes import SCORING_ROUTES
from simulator.api.schemas import (
    Decision,
    Erasure,
    Explanation,
    Health,
    ModelVersion,
    Review,
)
from simulator.api.scoring import Scoring
from simulator.api.state import SimulationState
from simulator.measures.dimensions import ROUTES
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
_LOOKING_UP: Final = described(404, 422, 503, 504)


def create_app(backend: Backend, guard: Guard, links: Sequence[Link] = ()) -> ASGIApp:
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
    scorings = [Scoring(CompiledRoute(route), backend) for route in SCORING_ROUTES]
    add_refusals(app, backend.counter)
    add_first_page(app, backend.scenario, links)
    add_docs(app)
    for scoring in scorings:
        _add_scoring(app, scoring)
    _add_decisions(app, backend)
    _add_erasure(app, backend)
    _add_models(app, backend)
    _add_operations(app, backend)
    app.include_router(_simulation(backend, guard))
    return Measuring(FastLane(app, scorings), backend.counter, backend.clock)


def _add_scoring(app: FastAPI, scoring: Scoring) -> None:
    """The route as FastAPI has it: documented, and for what the fast lane leaves."""
    route = scoring.route.route

    async def scored(body: object, request: Request) -> Response:
        answer = await scoring.answer(scoring.route.request(body), waited_seconds=_waited(request))
        return Response(answer, media_type="application/json")

    scored.__annotations__["body"] = route.body
    app.add_api_route(
        route.path,
        scored,
        methods=[route.method],
        name=route.name,
        description=route.about,
        tags=["scoring"],
        responses=_SCORING,
        response_model=route.answer,
    )


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
        return Decision.model_validate(engine.shown(await kept(id, request)), from_attributes=True)

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
        return Decision.model_validate(engine.shown(record), from_attributes=True)


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

    @app.get(ROUTES["models"][1], tags=["models"], responses=described(503, 504))
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
