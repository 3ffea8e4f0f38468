"""Answers to requests that are not served: invalid ones, and those the platform fails at."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from simulator.api.request_counter import RequestCounter
from simulator.api.routes import Route
from simulator.api.schemas import MAX_BATCH, Invalid, Problem, Refusal
from simulator.api.unknown_requests import UnknownRequests
from simulator.api.workers import Fault
from simulator.mapping.places import Place, parsed, value_at
from simulator.quoting import shortened
from simulator.scenario.vocabulary import CHANNELS, Channel

__all__ = ["add_refusals", "defect_response", "described", "fault_response"]

_UNREADABLE, _TOO_SLOW, _TOO_LARGE, _UNPROCESSABLE, _DEFECT = 400, 408, 413, 422, 500
_NOT_FOUND, _NO_SUCH_METHOD = 404, 405
_CHALLENGES: Final = {401: {"WWW-Authenticate": "Bearer"}}  # RFC 9110, section 15.5.2
#: Why an answer has this status; the rest say it themselves.
_REASONS: Final = {
    401: "Not authorised.",
    403: "Nobody is let in.",
    404: "Nothing of that name is kept.",
    408: "The body did not end in time.",
    413: "The body is larger than 512 KiB.",
    421: "The Host header names another machine than this one.",
    422: "Invalid: values the schema does not allow, or no JSON.",
    429: "Too many requests, as the scenario has it.",
    500: "A failure of the platform, as the scenario has it.",
    503: "Overloaded, a replica or Kafka is gone, or nothing answers a scrape.",
    504: "It took longer than the platform's timeout.",
}
_MOST_PROBLEMS: Final = 20  # of a request are named; it may have as many as it has bytes


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How a route says in the OpenAPI document that it may answer so.

    >>> described(404)
    {404: {'model': <class 'simulator.api.schemas.Refusal'>, \
'description': 'Nothing of that name is kept.'}}
    """
    return {
        status: {
            "model": Invalid if status == _UNPROCESSABLE else Refusal,
            "description": _REASONS[status],
        }
        for status in statuses
    }


def add_refusals(
    app: FastAPI, counter: RequestCounter, unknown: UnknownRequests, routes: Iterable[Route]
) -> None:
    """Makes `app` answer what it does not serve; invalid and unknown requests are counted.

    `routes` are those that score.
    """
    scoring = {(route.method, route.path): route for route in routes}

    @app.exception_handler(Fault)
    async def answer_fault(_: Request, fault: Fault) -> Response:
        return fault_response(fault)

    @app.exception_handler(RequestValidationError)
    async def answer_invalid(request: Request, error: RequestValidationError) -> Response:
        _count(counter, scoring, request, error.body)
        return _invalid([_problem(e) for e in error.errors()[:_MOST_PROBLEMS]])

    @app.exception_handler(HTTPException)
    async def answer_http(request: Request, error: HTTPException) -> Response:
        """Also where FastAPI cannot decode a body (400), or Measuring lets none in (408, 413)."""
        if error.status_code in {_UNREADABLE, _TOO_SLOW, _TOO_LARGE}:
            _count(counter, scoring, request, None)
        if error.status_code == _UNREADABLE:
            return _invalid([Problem(field="body", problem="cannot be read as JSON in UTF-8")])
        if _is_unknown(request, error.status_code):
            await unknown.count(request, error.status_code)
        return await http_exception_handler(request, error)

    @app.exception_handler(Exception)
    async def answer_defect(_: Request, __: Exception) -> Response:
        return defect_response()


def fault_response(fault: Fault) -> Response:
    """The answer to a request at which the platform fails."""
    headers = _CHALLENGES.get(fault.status)
    return JSONResponse({"detail": fault.reason.replace("_", " ")}, fault.status, headers)


def defect_response() -> Response:
    """The answer where this program has a defect, which the server logs."""
    return JSONResponse({"detail": "a defect of the simulator: see its log"}, _DEFECT)


def _invalid(problems: list[Problem]) -> Response:
    return JSONResponse(Invalid(detail=problems).model_dump(), _UNPROCESSABLE)


def _problem(error: Mapping[str, Any]) -> Problem:
    """One of pydantic's errors; its place begins with the part of the request, such as `body`.

    Names of fields are the client's own: of any length, and with any characters.
    """
    part, *place = error["loc"]
    if error["type"] == "json_invalid":
        words = f"not JSON at {place[0]}: {error['ctx']['error']}"
        return Problem(field=part, problem=shortened(words))
    field = ".".join(map(str, place)) or part
    return Problem(field=shortened(field), problem=shortened(error["msg"]))


def _is_unknown(request: Request, status: int) -> bool:
    """Whether no route serves a request: a route that knows nothing of a key has served it."""
    return status == _NO_SUCH_METHOD or (
        status == _NOT_FOUND and request.scope.get("route") is None
    )


def _count(
    counter: RequestCounter,
    scoring: Mapping[tuple[str, str], Route],
    request: Request,
    body: object,
) -> None:
    """Counts the applications of an invalid body, if it was sent to be scored."""
    template = getattr(request.scope.get("route"), "path", request.url.path)
    route = scoring.get((request.method, template))
    if route is None:
        return
    channel = _channel(body, route)
    if not route.is_batch:
        counter.single(channel, "validation")
    else:
        counter.batch(channel, "validation", _size(body, route.applications))


def _channel(body: object, route: Route) -> Channel:
    """The channel that an invalid body names, or web; of a mapping the one of all who say none."""
    named = route.defaults["channel"] if "channel" in route.defaults else _at(body, route.channel)
    return next((channel for channel in CHANNELS if channel == named), "web")


def _size(body: object, place: Place | None) -> int:
    """How many applications an invalid batch holds, as far as that can be told: at least one."""
    listed = _at(body, place)
    return min(max(len(listed), 1), MAX_BATCH) if isinstance(listed, list) else 1


def _at(body: object, place: Place | None) -> object:
    """What lies at a place of a body that may be anything; None where there is no such place."""
    return value_at(body, () if place is None else parsed(place).steps)
