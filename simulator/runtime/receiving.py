"""How requests come in: bounded in size and time, and with the moment at which they arrived.

uvicorn's protocol leaves both to a proxy in front of it. Here there is none, so this one does what
a proxy does: it refuses heads that are too large, and gives up on requests that never end.
"""

import socket
import struct
import time
from http import HTTPStatus
from typing import Any, Final, cast

from httptools import HttpParserError, HttpParserUpgrade
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from simulator.timeline.arrival import note_arrival

__all__ = ["HEAD_SECONDS", "MESSAGE_SECONDS", "MOST_HEADERS", "MOST_HEAD_BYTES", "BoundedProtocol"]

MOST_HEADERS: Final = 100  # as Apache has it
MOST_HEAD_BYTES: Final = 32 * 1024  # the request line and all headers, as large as nginx has it
_MOST_MESSAGE_BYTES: Final = 4 * 1024 * 1024  # on the wire; the application's own limit is tighter
HEAD_SECONDS: Final = 20.0  # from the first byte, or from the connection, to the end of the head
MESSAGE_SECONDS: Final = 45.0  # to the end of the body

# tcp(7): struct tcp_info of linux/tcp.h, up to tcpi_last_data_recv, which is in milliseconds
_LAST_DATA: Final = struct.Struct("52xI")
_TCP_INFO: Final[int | None] = getattr(socket, "TCP_INFO", None)  # Linux has it


class BoundedProtocol(HttpToolsProtocol):
    """One connection of a client.

    A request's arrival is when the kernel got its first bytes: what lies unread in the socket while
    the event loop is busy has arrived all the same. Elsewhere than on Linux it is when they were
    read.
    """

    _arrived = 0.0
    _awaited_since: float | None = None  # since when more of a request is due
    _is_head_whole = False
    _n_bytes = 0  # of this message
    _n_head_bytes = 0  # of its headers and its target, as far as they are parsed
    _n_headers = 0
    _refusal: tuple[HTTPStatus, str] | None = None
    _is_refused = False

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as the base class has it
        """A client has connected; it owes a request."""
        super().connection_made(transport)
        self._socket = transport.get_extra_info("socket")  # uvloop makes one each time
        self._awaited_since = time.monotonic()

    def data_received(self, data: bytes) -> None:
        """Takes in what a client sent."""
        self._unset_keepalive_if_required()
        self._n_bytes += len(data)
        if self._n_bytes > _MOST_MESSAGE_BYTES:
            self.transport.close()
        elif not self._is_refused:
            self._arrived = time.monotonic() - _unread_seconds(self._socket)
            self._parse(data)

    def give_up_if_late(self, now: float) -> None:
        """Ends the connection where a request is not whole in time, at a moment of monotonic time.

        The application answers what it can before: bodies that do not end are its own matter.
        """
        waited = 0.0 if self._awaited_since is None else now - self._awaited_since
        is_silent = self._is_refused or not self._n_bytes
        if not is_silent and not self._is_head_whole:
            if waited > HEAD_SECONDS:
                self._refuse(HTTPStatus.REQUEST_TIMEOUT, f"no whole head within {HEAD_SECONDS:g} s")
        elif waited > (HEAD_SECONDS if is_silent else MESSAGE_SECONDS):
            self.transport.close()

    def on_message_begin(self) -> None:
        """The first bytes of a request."""
        super().on_message_begin()
        note_arrival(cast("dict[str, Any]", self.scope), self._arrived)
        self._awaited_since = time.monotonic()
        self._is_head_whole = False
        self._n_headers = self._n_head_bytes = 0

    def on_url(self, url: bytes) -> None:
        """A part of the request's target."""
        self._take_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A whole header, or a trailer behind the body."""
        self._n_headers += 1
        self._take_head(len(name) + len(value) + len(b": \r\n"))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The end of a request's head."""
        self._is_head_whole = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The end of a request."""
        super().on_message_complete()
        self._awaited_since = None
        self._n_bytes = 0

    def _parse(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade:
            pass  # there is no other protocol here: it is answered as HTTP/1.1
        except HttpParserError:
            self._refuse(*(self._refusal or (HTTPStatus.BAD_REQUEST, "this is no HTTP request")))
        else:
            # a header without an end is nothing that the parser tells of
            if not self._is_head_whole and self._n_bytes > MOST_HEAD_BYTES + len(data):
                self._refuse(*_too_large())

    def _take_head(self, n_bytes: int) -> None:
        self._n_head_bytes += n_bytes
        if self._n_head_bytes > MOST_HEAD_BYTES or self._n_headers > MOST_HEADERS:
            self._refusal = _too_large()
            raise ValueError  # ends the parser; it has no text of its own

    def _refuse(self, status: HTTPStatus, words: str) -> None:
        """Answers, and reads no further request; what was sent already is thrown away.

        Closing at once would make the kernel reset the connection, and the answer be lost.
        """
        self._is_refused = True
        self._awaited_since = self._awaited_since or time.monotonic()
        # None before the first request, whatever the base class declares
        in_work: RequestResponseCycle | None = self.cycle
        if in_work is not None and not in_work.response_complete:
            if not in_work.more_body:  # it is about the request after the one in work
                in_work.keep_alive = False
                return
            in_work.disconnected = True
            in_work.message_event.set()
        body = words.encode()
        self.transport.write(
            f"HTTP/1.1 {status.value} {status.phrase}\r\nconnection: close\r\n"
            f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(body)}\r\n"
            "\r\n".encode()
            + body
        )
        self.transport.write_eof()


def _too_large() -> tuple[HTTPStatus, str]:
    return (
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        f"the head is larger than {MOST_HEAD_BYTES} bytes or {MOST_HEADERS} headers",
    )


def _unread_seconds(connected: socket.socket) -> float:
    """How long ago the kernel got the latest data of a connection; to a tick of the kernel's."""
    if _TCP_INFO is None:
        return 0.0
    try:
        info = connected.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _LAST_DATA.size)
        (milliseconds,) = _LAST_DATA.unpack(info)
    except (OSError, struct.error):  # another kind of socket, or an older kernel
        return 0.0
    return float(milliseconds) / 1000.0
