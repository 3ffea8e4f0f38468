"""Serving an ASGI application on a socket of ours until we say stop."""

import asyncio
import contextlib
import errno
import signal
import socket
import time
from collections.abc import Iterator
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from simulator.errors import StackError
from simulator.quoting import shortened
from simulator.runtime.process_signals import ENDING
from simulator.runtime.receiving import BoundedProtocol

__all__ = ["address", "listening_socket", "serve", "stop_on_signals"]

_BACKLOG = 4096
_DRAIN_SECONDS = 5
# Longer than clients pause between requests: closing an idle connection in the moment in which one
# sends on it would lose that request.
_KEEP_ALIVE_SECONDS = 75
_TICKS_PER_SECOND = 10  # of uvicorn's own loop


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens, so that early connections wait; port 0 takes a free one.

    Raises:
        StackError: the address cannot be had, or the host is empty.
    """
    if not host:  # often a variable that is not set; to the socket it means every address
        raise StackError(
            "the host to listen on is ''; give 127.0.0.1 for this machine only, "
            "or 0.0.0.0 for every address"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(_BACKLOG)
    except (OSError, UnicodeError) as error:  # the latter: a name that cannot be one
        bound.close()
        said = getattr(error, "strerror", None) or error
        raise StackError(
            f"cannot listen on {shortened(host)}:{port}: {said}; {_advice(error)}"
        ) from error
    return bound


def _advice(error: Exception) -> str:
    """What to do: only where the host is not the cause does another port help."""
    is_of_host = isinstance(error, socket.gaierror | UnicodeError)
    if is_of_host or getattr(error, "errno", None) == errno.EADDRNOTAVAIL:
        return "choose an address of this machine, such as 127.0.0.1"
    return "choose another --port, or 0 for a free one"


def address(bound: socket.socket) -> str:
    """The URL of a listening socket."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """uvicorn that waits for no request for ever.

    Its own signal handling is left out: it would end the process before the last push.
    """

    async def on_tick(self, counter: int) -> bool:
        """Whether to end; once a second it gives up on requests that are late."""
        if counter % _TICKS_PER_SECOND == 0:
            now = time.monotonic()
            for connection in list(self.server_state.connections):
                if isinstance(connection, BoundedProtocol):
                    connection.give_up_if_late(now)
        return await super().on_tick(counter)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals alone."""
        yield


async def serve(app: ASGIApp, bound: socket.socket, stop: asyncio.Event) -> None:
    """Serves `app` until `stop` is set, then lets running requests finish."""
    config = uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        lifespan="off",
        backlog=_BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving


@contextlib.contextmanager
def stop_on_signals(stop: asyncio.Event) -> Iterator[None]:
    """Ctrl-C, SIGTERM and SIGHUP set `stop`, also when they come again while all is being ended.

    Where SIGHUP is ignored, as under nohup, it stays so.
    """
    loop = asyncio.get_running_loop()

    def request_stop(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    is_detached = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    wanted = [s for s in ENDING if not (is_detached and s is signal.SIGHUP)]
    before = {s: signal.signal(s, request_stop) for s in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
