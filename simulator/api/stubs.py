"""Routes that stand for what is beside the simulation: they answer what a mapping says."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec
from fastapi import FastAPI, Request
from fastapi.responses import Response
from pydantic import JsonValue

from simulator.api.door import Door
from simulator.api.workers import Fault, Workers
from simulator.mapping.api_part import ApiPart, Authentication, Stub
from simulator.mapping.templates import parts_of

__all__ = ["add_stubs"]

_NO_BODY: Final = {204, 205, 304}


def add_stubs(app: FastAPI, api: ApiPart, workers: Workers, door: Door | None) -> None:
    """Adds all of them; those that are not open ask for what `door` wants to see."""
    if door is not None and api.authentication is not None:
        _add_tokens(app, api.authentication, workers, door)
    for number, route in enumerate(api.routes):
        if (stub := route.stub) is None:
            continue
        for method, path in route.forms:
            app.add_api_route(
                path,
                _answering(stub, workers, None if route.open else door),
                methods=[method],
                name=f"stub_{number}",
                description="Answers what the mapping says.",
                tags=["stubs"],
                status_code=stub.status,
            )


def _add_tokens(app: FastAPI, asked: Authentication, workers: Workers, door: Door) -> None:
    if asked.token is None:
        return
    method, _, path = asked.token.partition(" ")

    @app.api_route(path, methods=[method], tags=["stubs"])
    async def token() -> Response:
        """Hands out a token, to everybody."""
        await workers.beside(Stub().time)
        content = msgspec.json.encode(_filled(asked.answer, {"token": door.token()}))
        return Response(content, media_type="application/json")


def _answering(
    stub: Stub, workers: Workers, door: Door | None
) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        if door is not None and not door.admits(request.scope):
            raise Fault("unauthorized")
        await workers.beside(stub.time)
        if stub.status in _NO_BODY:
            return Response(status_code=stub.status)
        content = msgspec.json.encode(_filled(stub.body, request.path_params))
        return Response(content, stub.status, media_type="application/json")

    return answered


def _filled(template: JsonValue, keys: Mapping[str, str]) -> JsonValue:
    """A template with the keys of a path in it.

    >>> _filled({"id": "{id}", "at": ["/{id}/x", 1]}, {"id": "c7"})
    {'id': 'c7', 'at': ['/c7/x', 1]}
    """
    match template:
        case dict():
            return {name: _filled(inside, keys) for name, inside in template.items()}
        case list():
            return [_filled(inside, keys) for inside in template]
        case str():
            parts = parts_of(template)
            return "".join(keys[part] if i % 2 else part for i, part in enumerate(parts))
    return template
