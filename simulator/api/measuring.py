"""The outermost layer of the API: bounds bodies, and times every request by its route."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.api.request_counter import RequestCounter
from simulator.scenario.vocabulary import Endpoint
from simulator.timeline.arrival import waited_seconds

__all__ = ["MAX_BODY_BYTES", "Measuring"]

MAX_BODY_BYTES: Final = 512 * 1024
_BODY_SECONDS: Final = 20.0  # that a client has to send its body


class Measuring:
    """ASGI middleware that counts requests of the platform's routes.

    The time runs from the request's arrival to the last byte of the answer; what it waited for the
    event loop before it came here is part of it. A body over the limit is no longer read, and one
    that does not end not waited for: whoever reads it gets an HTTPException of 413 or 408.
    `endpoints` are those of the platform's routes, by method and template of the path, and `clock`
    gives seconds of `time.monotonic`.
    """

    def __init__(
        self,
        app: ASGIApp,
        counter: RequestCounter,
        endpoints: Mapping[tuple[str, str], Endpoint],
        clock: Callable[[], float],
    ) -> None:
        self._app = app
        self._endpoints = endpoints
        # what the paths of all of the platform's routes begin with
        self._first_parts = tuple({f"/{path.split('/')[1]}/" for _, path in self._endpoints})
        self._counter = counter
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_counted = f"{scope['path']}/".startswith(self._first_parts)
        if is_counted:
            self._counter.begun()
        now = self._clock()
        arrived = now - waited_seconds(scope, now)
        status = 500

        async def watched_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, _bounded(scope, receive), watched_send)
        finally:
            if is_counted:
                self._counter.done()
            self._count(scope, status, self._clock() - arrived)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        template = str(getattr(scope.get("route"), "path", scope["path"]))
        endpoint = self._endpoints.get((scope["method"], template))
        if endpoint is not None:
            self._counter.request(endpoint, status, seconds)


def _bounded(scope: Scope, receive: Receive) -> Receive:
    """`receive`, which gives up on a body that is too large, as announced or read, or too slow.

    After the body it waits as long as it takes: for the client's leaving, which is all that is left
    to come.
    """
    announced = next((v for k, v in scope["headers"] if k == b"content-length"), b"")
    is_too_large = announced.isdigit() and float(announced) > MAX_BODY_BYTES
    read, is_whole = 0, False
    deadline = asyncio.get_running_loop().time() + _BODY_SECONDS

    async def bounded() -> Message:
        nonlocal read, is_whole
        if is_whole:
            return await receive()
        if not is_too_large:
            message = await _received(receive, deadline)
            read, is_whole = read + len(message.get("body", b"")), not message.get("more_body")
            if read <= MAX_BODY_BYTES:
                return message
        raise HTTPException(413, f"the body is larger than {MAX_BODY_BYTES} bytes")

    return bounded


async def _received(receive: Receive, deadline: float) -> Message:
    try:
        async with asyncio.timeout_at(deadline):
            return await receive()
    except TimeoutError:
        raise HTTPException(408, f"no whole body within {_BODY_SECONDS:g} s") from None
