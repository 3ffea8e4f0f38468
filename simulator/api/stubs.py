"""Routes that stand for what is beside the simulation: they answer what a mapping says."""

from collections.abc import Awaitable, Callable, Mapping
from fnmatch import fnmatchcase
from typing import Final

import msgspec
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import Response
from pydantic import JsonValue

from simulator.api.backend import Backend
from simulator.api.door import Door
from simulator.api.key_documents import documented
from simulator.mapping.answer_values import OF_EACH_ANSWER
from simulator.mapping.api_part import ApiPart, Authentication, Stub
from simulator.mapping.templates import parts_of, texts_in
from simulator.quoting import quoted

__all__ = ["add_stubs"]

_NO_BODY: Final = {204, 205, 304}
_NOT_FOUND: Final = 404


def add_stubs(app: FastAPI, api: ApiPart, backend: Backend, door: Door | None) -> None:
    """Adds all of them, and the route at which `door` hands out tokens."""
    if door is not None and api.authentication is not None:
        _add_tokens(app, api.authentication, backend, door)
    for number, route in enumerate(api.routes):
        if (stub := route.stub) is None:
            continue
        for method, path in route.forms:
            app.add_api_route(
                path,
                _answering(stub, backend),
                methods=[method],
                name=f"stub_{number}",
                description="Answers what the mapping says.",
                tags=["stubs"],
                status_code=stub.status,
                openapi_extra=documented(path),
            )


def _add_tokens(app: FastAPI, asked: Authentication, backend: Backend, door: Door) -> None:
    if asked.token is None:
        return
    method, _, path = asked.token.partition(" ")
    content = _content(asked.answer, backend)

    @app.api_route(path, methods=[method], tags=["stubs"])
    async def token() -> Response:
        """Hands out a token, to everybody."""
        await backend.workers.beside(Stub().time)
        return Response(content({"token": door.token()}), media_type="application/json")


def _answering(stub: Stub, backend: Backend) -> Callable[[Request], Awaitable[Response]]:
    content = _content(stub.body, backend)

    async def answered(request: Request) -> Response:
        await backend.workers.beside(stub.time)
        for name, known in stub.known.items():
            if not fnmatchcase(request.path_params[name], known):
                raise HTTPException(_NOT_FOUND, f"there is no {quoted(request.path_params[name])}")
        if stub.status in _NO_BODY:
            return Response(status_code=stub.status)
        return Response(content(request.path_params), stub.status, media_type="application/json")

    return answered


def _content(body: JsonValue, backend: Backend) -> Callable[[Mapping[str, str]], bytes]:
    """How to write a body with the keys of a path in it."""
    texts = [text for _, text in texts_in(body, "")]
    asked = {name for text in texts for name in parts_of(text)[1::2]}
    if not asked:
        same = msgspec.json.encode(body)
        return lambda _: same
    of_moment = sorted(asked & OF_EACH_ANSWER.keys())

    def content(keys: Mapping[str, str]) -> bytes:
        moment = backend.moment(backend.clock())
        values = {**{name: getattr(moment, name) for name in of_moment}, **keys}
        return msgspec.json.encode(_filled(body, values))

    return content


def _filled(template: JsonValue, values: Mapping[str, JsonValue]) -> JsonValue:
    """A template with these values in it; one that stands alone in a text is as it is.

    >>> _filled({"id": "{id}", "at": ["/{id}/x", 1], "now": "{now}"}, {"id": "c7", "now": 1.5})
    {'id': 'c7', 'at': ['/c7/x', 1], 'now': 1.5}
    """
    match template:
        case dict():
            return {name: _filled(inside, values) for name, inside in template.items()}
        case list():
            return [_filled(inside, values) for inside in template]
        case str():
            parts = parts_of(template)
            if len(parts) == 3 and not (parts[0] or parts[2]):  # noqa: PLR2004 - a name alone
                return values[parts[1]]
            return "".join(str(values[part]) if i % 2 else part for i, part in enumerate(parts))
    return template
