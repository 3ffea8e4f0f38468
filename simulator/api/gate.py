"""What comes before a mapping's routes: who is let in, whatever was sent, and forms of requests."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.api.door import Door
from simulator.api.error_responses import fault_response
from simulator.api.request_counter import RequestCounter
from simulator.api.route_table import RouteTable
from simulator.api.schemas import MAX_BATCH
from simulator.api.workers import Fault
from simulator.mapping.api_part import ApiPart, ApiRoute
from simulator.mapping.places import parsed, value_at
from simulator.scenario.vocabulary import Channel

__all__ = ["Gate"]

_OK: Final = 200  # which counts as itself


@dataclass(frozen=True)
class _Form:
    """One form of a route, as the gate knows it; `path` is its template, as Starlette calls it."""

    method: str
    path: str
    route: ApiRoute | None  # None hands out tokens
    is_open: bool
    channel: Channel = "web"


class Gate:
    """ASGI middleware over the routes of a mapping; all other requests pass.

    Whoever does not show what the mapping asks for is answered with 401 before anything is read of
    what was sent, and the applications in it are counted. A slash at a path's end changes nothing,
    HEAD is answered as GET without its body, and OPTIONS with the methods that a path has.
    """

    def __init__(
        self, app: ASGIApp, api: ApiPart, counter: RequestCounter, door: Door | None
    ) -> None:
        self._app = app
        self._counter = counter
        self._door = door
        self._table = RouteTable(_forms(api))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"].rstrip("/") or "/"
        found = self._table.find("GET" if method == "HEAD" else method, path)
        if found is None:
            if method == "OPTIONS" and (methods := self._table.methods(path)):
                await self._allow(methods, scope, path, send)
            else:
                await self._app(scope, receive, send)
            return
        form = found[0]
        if self._door is not None and not form.is_open and not self._door.admits(scope):
            scope["route"] = form
            await self._count(form, receive)
            await fault_response(Fault("unauthorized"))(scope, receive, send)
            return
        if (method, path) == (form.method, scope["path"]):
            await self._app(scope, receive, send)
            return
        scope["route"] = form
        await self._app({**scope, "method": form.method, "path": path}, receive, send)

    async def _allow(self, methods: list[str], scope: Scope, path: str, send: Send) -> None:
        found = self._table.find(methods[0], path)
        scope["route"] = None if found is None else found[0]
        known = [*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"]
        headers = [(b"allow", ", ".join(known).encode()), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": _OK, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _count(self, form: _Form, receive: Receive) -> None:
        """Counts the applications of somebody who is not let in."""
        if form.route is None:
            return
        if form.route.endpoint == "score":
            self._counter.single(form.channel, "unauthorized")
        elif form.route.endpoint == "batch":
            size = await _size(form.route, receive)
            self._counter.batch(form.channel, "unauthorized", size)


def _forms(api: ApiPart) -> list[tuple[str, str, _Form]]:
    found = [
        (method, path, _Form(method, path, None, is_open=True)) for method, path in api.token_forms
    ]
    for route in api.routes:
        application = route.application or api.application
        channel: Channel = "web" if application is None else application.channel
        for method, path in route.forms:
            found.append(
                (method, path, _Form(method, path, route, is_open=route.open, channel=channel))
            )
    return found


async def _size(route: ApiRoute, receive: Receive) -> int:
    """How many applications a batch holds, as far as that can be told: at least one."""
    body: Any = None
    try:
        body = msgspec.json.decode(await _read(receive))
    except (msgspec.DecodeError, RecursionError, HTTPException):
        return 1
    steps = () if route.applications is None else parsed(route.applications).steps
    listed = value_at(body, steps)
    return min(max(len(listed), 1), MAX_BATCH) if isinstance(listed, list) else 1


async def _read(receive: Receive) -> bytes:
    """The whole body, or as much of it as came."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
