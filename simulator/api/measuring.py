"""The outermost layer of the API: bounds bodies, and times every request by its route."""

from time import perf_counter
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.api.ledger import Ledger
from simulator.metrics.platform import ROUTES
from simulator.scenario.vocabulary import Endpoint

__all__ = ["MAX_BODY_BYTES", "Measuring"]

MAX_BODY_BYTES: Final = 512 * 1024
_ENDPOINTS: Final[dict[tuple[str, str], Endpoint]] = {
    route: endpoint for endpoint, route in ROUTES.items()
}


class Measuring:
    """ASGI middleware that counts requests of the platform's routes in the ledger.

    The time runs from the request's arrival to the last byte of the answer. A body over the limit
    is no longer read: whoever reads it gets an HTTPException of 413.
    """

    def __init__(self, app: ASGIApp, ledger: Ledger) -> None:
        self._app = app
        self._ledger = ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status = 500

        async def watched_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, _bounded(scope, receive), watched_send)
        finally:
            self._count(scope, status, perf_counter() - started)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        template = str(getattr(scope.get("route"), "path", scope["path"]))
        endpoint = _ENDPOINTS.get((scope["method"], template))
        if endpoint is not None:
            self._ledger.request(endpoint, status, seconds)


def _bounded(scope: Scope, receive: Receive) -> Receive:
    """`receive`, which gives up on a body that is announced, or turns out, too large."""
    announced = next((v for k, v in scope["headers"] if k == b"content-length"), b"")
    is_too_large = announced.isdigit() and float(announced) > MAX_BODY_BYTES
    read = 0

    async def bounded() -> Message:
        nonlocal read
        if not is_too_large:
            message = await receive()
            read += len(message.get("body", b""))
            if read <= MAX_BODY_BYTES:
                return message
        raise HTTPException(413, f"the body is larger than {MAX_BODY_BYTES} bytes")

    return bounded
