"""Answers to requests that are not served: invalid ones, and those the platform fails at."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from simulator.api.ledger import Ledger
from simulator.api.schemas import MAX_BATCH, Invalid, Problem
from simulator.api.service import Fault
from simulator.metrics.platform import ROUTES
from simulator.scenario.vocabulary import CHANNELS, Channel

__all__ = ["INVALID", "add_refusals"]

#: How a route with input says so in the OpenAPI schema.
INVALID: Final[dict[int | str, dict[str, Any]]] = {
    422: {"model": Invalid, "description": "Invalid request"}
}
_UNREADABLE, _TOO_LARGE, _UNPROCESSABLE = 400, 413, 422
_MOST_PROBLEMS: Final = 20  # of a request are told; it may have as many as it has bytes


def add_refusals(app: FastAPI, ledger: Ledger) -> None:
    """Makes `app` answer what it does not serve; invalid applications are counted."""

    @app.exception_handler(Fault)
    async def answer_fault(_: Request, fault: Fault) -> Response:
        return JSONResponse({"detail": fault.reason.replace("_", " ")}, fault.status)

    @app.exception_handler(RequestValidationError)
    async def answer_invalid(request: Request, error: RequestValidationError) -> Response:
        _count(ledger, request, error.body)
        return _invalid([_problem(e) for e in error.errors()[:_MOST_PROBLEMS]])

    @app.exception_handler(HTTPException)
    async def answer_http(request: Request, error: HTTPException) -> Response:
        """Also where FastAPI cannot decode a body (400), or Measuring does not let it in (413)."""
        if error.status_code in {_UNREADABLE, _TOO_LARGE}:
            _count(ledger, request, None)
        if error.status_code == _UNREADABLE:
            return _invalid([Problem(field="body", problem="cannot be read as JSON in UTF-8")])
        return await http_exception_handler(request, error)


def _invalid(problems: list[Problem]) -> Response:
    return JSONResponse(Invalid(detail=problems).model_dump(), _UNPROCESSABLE)


def _problem(error: Mapping[str, Any]) -> Problem:
    """One of pydantic's errors; its place begins with the part of the request, such as `body`."""
    part, *place = error["loc"]
    if error["type"] == "json_invalid":
        return Problem(field=part, problem=f"not JSON at {place[0]}: {error['ctx']['error']}")
    return Problem(field=".".join(map(str, place)) or part, problem=error["msg"])


def _count(ledger: Ledger, request: Request, body: object) -> None:
    """Counts the applications of an invalid body, if it was sent to be scored."""
    path = request.url.path
    if path == ROUTES["score"][1]:
        ledger.applications(_channel(body), "validation", 1)
    elif path == ROUTES["batch"][1]:
        ledger.applications(_channel(body), "validation", _size(body))


def _channel(body: object) -> Channel:
    """The channel that an invalid body names, or web."""
    named = body.get("channel") if isinstance(body, dict) else None
    return named if named in CHANNELS else "web"


def _size(body: object) -> int:
    """How many applications an invalid batch holds, as far as that can be told: at least one."""
    listed = body.get("applications") if isinstance(body, dict) else None
    return min(max(len(listed), 1), MAX_BATCH) if isinstance(listed, list) else 1
