"""The API's routes."""

import asyncio
from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.types import ASGIApp

from simulator import __version__
from simulator.api.access import Guard
from simulator.api.backend import Backend
from simulator.api.compiled_route import CompiledRoute, Unfit
from simulator.api.counted import counted_endpoints
from simulator.api.docs import add_docs
from simulator.api.door import Door
from simulator.api.error_responses import add_refusals, described
from simulator.api.fast_lane import FastLane
from simulator.api.first_page import Link, add_first_page
from simulator.api.gate import Gate
from simulator.api.key_documents import documented
from simulator.api.look_ups import add_look_ups
from simulator.api.mapped_look_ups import add_mapped_look_ups
from simulator.api.mapped_routes import mapped_routes
from simulator.api.measuring import Measuring
from simulator.api.routes import scoring_routes
from simulator.api.schemas import Health
from simulator.api.scoring import Scoring
from simulator.api.state import SimulationState
from simulator.api.stubs import add_stubs
from simulator.api.unknown_requests import UnknownRequestsState
from simulator.mapping.api_part import ApiPart
from simulator.timeline.arrival import waited_seconds

__all__ = ["create_app"]

_ABOUT: Final = """\
A simulated credit-scoring platform. No decision here concerns anybody.

Beside what is said of each route: a path that is not here is answered with 404, and one asked for
with another method with 405 and `Allow`, both with a `detail` as JSON. What is no HTTP request, is
too slow in coming, or has more than 100 headers or 32 KiB of them is answered in plain text, with
400, 408 or 431.
"""
_NO_OTHERS: Final = ApiPart()
_SCORING: Final = described(401, 408, 413, 422, 429, 500, 503, 504)


def create_app(
    backend: Backend, guard: Guard, links: Sequence[Link] = (), api: ApiPart = _NO_OTHERS
) -> ASGIApp:
    """The scoring API over a platform.

    `guard` decides who may look at the simulation; `links` lead from the first page to what runs
    elsewhere; `api` has routes that a mapping adds.
    """
    app = FastAPI(
        title="Scoring API",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # an answer of its own, with an address that the client made up
        strict_content_type=not api.routes,  # others' clients may say nothing of what they send
    )
    platform = backend.scenario.platform.api.routes
    theirs = {form for route in api.routes for form in route.forms}
    own = [route for route in scoring_routes(platform) if (route.method, route.path) not in theirs]
    routes = [*mapped_routes(api), *own]
    scorings = [Scoring(CompiledRoute(route), backend) for route in routes]
    add_refusals(app, backend.counter, backend.unknown, routes)
    for scoring in scorings:
        _add_scoring(app, scoring)
    door = None if api.authentication is None else Door(api.authentication, backend.clock)
    add_stubs(app, api, backend, door)
    add_mapped_look_ups(app, api, backend)
    add_first_page(app, backend.scenario, links)
    add_docs(app)
    add_look_ups(app, backend)
    _add_operations(app, backend)
    app.include_router(_simulation(backend, guard))
    lanes = FastLane(app, scorings)
    gated = Gate(lanes, api, backend.counter, door) if api.routes or door else lanes
    return Measuring(gated, backend.counter, counted_endpoints(platform, api), backend.clock)


def _add_scoring(app: FastAPI, scoring: Scoring) -> None:
    """The route as FastAPI has it: documented, and for what the fast lane leaves."""
    route = scoring.route.route

    async def scored(body: object, request: Request) -> Response:
        try:
            sent = scoring.route.request_of(body, request.scope)
        except Unfit as unfit:
            raise _invalid(unfit, body) from unfit
        answer = await scoring.answer(sent, waited_seconds=_waited(request))
        return Response(answer, media_type="application/json")

    async def scored_without_body(request: Request) -> Response:
        return await scored(None, request)

    scored.__annotations__["body"] = route.body
    app.add_api_route(
        route.path,
        scored if route.body is not None else scored_without_body,
        methods=[route.method],
        name=route.name,
        description=route.about,
        tags=["scoring"],
        responses=_SCORING,
        response_model=route.answer,
        openapi_extra=documented(route.path, route.places.values()),
    )


def _invalid(unfit: Unfit, body: object) -> RequestValidationError:
    """The same as of what the schema refuses."""
    found = [{"type": "value_error", "loc": at, "msg": said} for at, said in unfit.wrong]
    return RequestValidationError(found, body=body)


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

    @router.get("/unknown-requests")
    async def unknown_requests() -> UnknownRequestsState:
        """The requests that no route has served, by shape: names and types, and no values."""
        return backend.unknown.state

    return router


def _waited(request: Request) -> float:
    """Seconds by the event loop's clock that a request has waited since it arrived."""
    return waited_seconds(request.scope, asyncio.get_running_loop().time())
