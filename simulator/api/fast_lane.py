"""A short way through the API for valid applications, and the long one for everything else."""

import asyncio
from collections.abc import Iterable

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.api.error_responses import defect_response, fault_response
from simulator.api.route_table import RouteTable
from simulator.api.scoring import Scoring
from simulator.api.workers import Fault
from simulator.timeline.arrival import waited_seconds

__all__ = ["FastLane"]

_JSON = b"application/json"


class FastLane:
    """ASGI middleware that answers valid requests of some routes by what these are compiled to.

    All others go to `app`, with their body as if nobody had read it: it has the last word on what
    is valid, and says what is wrong. So the short way may refuse what the long one takes, but must
    never take what the long one refuses.
    """

    def __init__(self, app: ASGIApp, scorings: Iterable[Scoring]) -> None:
        self._app = app
        self._scorings = RouteTable((s.route.route.method, s.route.route.path, s) for s in scorings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        found = self._scorings.find(scope.get("method", ""), scope.get("path", ""))
        if found is None or not (found[0].route.route.is_mapped or _is_json(scope)):
            await self._app(scope, receive, send)
            return
        scoring, _, keys = found
        if keys:
            scope["path_params"], scope["route"] = keys, scoring.route.route
        body = _Body(receive)
        raw = await body.read()
        request = None if raw is None else scoring.route.read(raw, scope)
        if request is None:
            await self._app(scope, body.receive, send)
            return
        waited = waited_seconds(scope, asyncio.get_running_loop().time())
        try:
            answer = await scoring.answer(request, waited_seconds=waited)
        except Fault as fault:
            await fault_response(fault)(scope, receive, send)
        except Exception:
            await defect_response()(scope, receive, send)
            raise
        else:
            await _send(answer, send)


class _Body:
    """A body that is read once, and can be received once more."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._received: list[Message] = []
        self._refusal: HTTPException | None = None

    async def read(self) -> bytes | None:
        """All of it; None where the client left or was refused before its end."""
        is_whole = False
        while not is_whole:
            try:
                message = await self._receive()
            except HTTPException as refusal:
                self._refusal = refusal
                return None
            self._received.append(message)
            if message["type"] != "http.request":
                return None
            is_whole = not message.get("more_body", False)
        return b"".join(message.get("body", b"") for message in self._received)

    async def receive(self) -> Message:
        """What has been received, from the beginning; then what comes."""
        if self._received:
            return self._received.pop(0)
        if self._refusal is not None:
            raise self._refusal
        return await self._receive()


def _is_json(scope: Scope) -> bool:
    given = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    return given.partition(b";")[0].strip() == _JSON


async def _send(answer: bytes, send: Send) -> None:
    headers = [(b"content-length", b"%d" % len(answer)), (b"content-type", _JSON)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})
