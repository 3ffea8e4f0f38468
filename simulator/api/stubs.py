"""Routes that stand for what is beside the simulation: they answer what a mapping says."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec
from fastapi import FastAPI, Request
from fastapi.responses import Response
from pydantic import JsonValue

from simulator.api.workers import Workers
from simulator.mapping.api_part import ApiPart, Stub
from simulator.mapping.templates import parts_of

__all__ = ["add_stubs"]

_NO_BODY: Final = {204, 205, 304}


def add_stubs(app: FastAPI, api: ApiPart, workers: Workers) -> None:
    """Adds all of them."""
    for number, route in enumerate(api.routes):
        if (stub := route.stub) is None:
            continue
        for method, path in route.forms:
            app.add_api_route(
                path,
                _answering(stub, workers),
                methods=[method],
                name=f"stub_{number}",
                description="Answers what the mapping says.",
                tags=["stubs"],
                status_code=stub.status,
            )


def _answering(stub: Stub, workers: Workers) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
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
