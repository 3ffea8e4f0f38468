"""A server whose answers never end, or are no answers; it says them byte by byte as it is told."""

from __future__ import annotations

import socket
import threading
import zlib
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
PAUSE_SECONDS = 0.005


class HostileServer:
    """Answers every connection with the pieces of a script, as long as the client takes them."""

    def __init__(self, script: Callable[[], Iterator[bytes]], *, is_slow: bool = False) -> None:
        self._script = script
        self._is_slow = is_slow
        self._ended = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self.heard = threading.Event()
        """Set once a request has come."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._say, args=(connection,), daemon=True).start()

    def _say(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):  # the client goes away, as it should
            connection.recv(65_536)
            self.heard.set()
            for piece in self._script():
                if self._ended.wait(PAUSE_SECONDS if self._is_slow else 0.0):
                    return
                connection.sendall(piece)


def body_without_end() -> Iterator[bytes]:
    yield HEAD + b"\r\n"
    while True:
        yield b" " * 65_536


def chunks_without_end() -> Iterator[bytes]:
    yield HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    while True:
        yield b"10000\r\n" + b" " * 65_536 + b"\r\n"


def trailers_without_end() -> Iterator[bytes]:
    yield HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"
    while True:
        yield b"X-Trailer: 1\r\n" * 1000


def continues_without_end() -> Iterator[bytes]:
    while True:
        yield b"HTTP/1.1 100 Continue\r\n\r\n"


def bytes_of_a_body() -> Iterator[bytes]:
    yield HEAD + b"Content-Length: 1000000000\r\n\r\n"
    while True:
        yield b" "


def bytes_of_a_refusal() -> Iterator[bytes]:
    yield b"HTTP/1.1 400 Bad Request\r\nContent-Length: 1000000\r\n\r\nno such"
    while True:
        yield b"."


def bytes_of_a_header() -> Iterator[bytes]:
    yield HEAD + b"X-Endless: "
    while True:
        yield b"x"


def headers_without_end() -> Iterator[bytes]:
    yield HEAD
    while True:
        yield b"X-Endless: 1\r\n" * 100


def header_line_without_end() -> Iterator[bytes]:
    yield HEAD + b"X-Endless: "
    while True:
        yield b"x" * 65_536


@cache
def packed() -> bytes:
    """200 MiB of nothing, packed a piece at a time."""
    packer = zlib.compressobj(wbits=31)
    pieces = [packer.compress(bytes(1024 * 1024)) for _ in range(200)]
    return b"".join([*pieces, packer.flush()])


def packed_bomb() -> Iterator[bytes]:
    yield HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed())
    yield packed()


def something_else() -> Iterator[bytes]:
    yield b"SSH-2.0-OpenSSH_9.2\x1b[2J\r\n"
