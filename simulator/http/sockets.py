"""Sockets that keep to the budget of the exchange they are used for."""

import io
import queue
import socket
import threading
from collections.abc import Sequence
from typing import Any, TypeAlias, cast

from simulator.http.exchange_budget import ExchangeBudget

__all__ = ["BoundedSocket", "connected"]

_SENT_AT_ONCE = 64 * 1024
_Address: TypeAlias = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]]


def connected(host: str, port: int) -> socket.socket:
    """A socket connected to the first of the host's addresses that takes it.

    Raises:
        OSError: no address does; the last one's error. TimeoutError, a kind of it: not in time.
    """
    budget = ExchangeBudget.of_this_exchange()
    failure: OSError = OSError("the host has no address")
    for family, kind, protocol, _, address in _addresses(host, port, budget):
        opened = socket.socket(family, kind, protocol)
        try:
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            budget.hold(opened)
            opened.connect(address)
            budget.hold(opened)  # for a TLS handshake, which comes next
        except OSError as error:
            opened.close()
            failure = error
        except BaseException:  # also Ctrl-C
            opened.close()
            raise
        else:
            return opened
    raise failure


def _addresses(host: str, port: int, budget: ExchangeBudget) -> Sequence[_Address]:
    """The addresses of a host; a resolver that does not answer is left behind in time."""
    try:
        return _look_up(host, port, socket.AI_NUMERICHOST)
    except socket.gaierror:  # a name
        found: queue.Queue[Sequence[_Address] | OSError | UnicodeError] = queue.Queue(1)

    def look_up() -> None:
        try:
            found.put(_look_up(host, port))
        except (OSError, UnicodeError) as error:
            found.put(error)

    threading.Thread(target=look_up, name=f"look up {host}", daemon=True).start()
    try:
        answer = found.get(timeout=budget.left_seconds)
    except queue.Empty:
        raise TimeoutError(f"the name {host} is not resolved in time") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _look_up(host: str, port: int, flags: int = 0) -> Sequence[_Address]:
    return cast(
        "Sequence[_Address]", socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    )


class BoundedSocket:
    """A connected socket, TLS or not, as http.client uses one.

    Each call may take what is left of the budget in force, and what is received counts.
    """

    def __init__(self, inner: socket.socket) -> None:
        self._inner = inner

    def sendall(self, content: bytes) -> None:
        """Sends all of it; a TLS socket alone would have a new timeout for each record."""
        for start in range(0, len(content), _SENT_AT_ONCE):
            ExchangeBudget.of_this_exchange().hold(self._inner)
            self._inner.sendall(content[start : start + _SENT_AT_ONCE])

    def makefile(self, mode: str) -> io.BufferedReader:
        """A reader of what is received, kept to the budget."""
        if mode != "rb":
            raise ValueError(f"answers are read as bytes, not as {mode!r}")
        return io.BufferedReader(_BoundedReader(self._inner))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the socket has
        return getattr(self._inner, name)


class _BoundedReader(io.RawIOBase):
    """What comes in on a socket, read by read."""

    def __init__(self, inner: socket.socket) -> None:
        self._inner = inner
        self._open = inner.makefile("rb", buffering=0)  # keeps the socket open while it is read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any writable buffer
        budget = ExchangeBudget.of_this_exchange()
        budget.hold(self._inner)
        n_bytes = self._inner.recv_into(buffer)
        budget.note_received(n_bytes)
        return n_bytes

    def close(self) -> None:
        self._open.close()
        super().close()
