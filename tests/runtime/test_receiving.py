"""What a client may send: how much, how slowly, and when it counts as having come."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

import pytest

from simulator.runtime import receiving, serving
from simulator.timeline.arrival import waited_seconds
from tests.support.raw_http import HEAD, Connection, talking

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import Receive, Scope, Send

    Connect = Callable[[], Awaitable[Connection]]

EMPTY = b"Content-Length: 0\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
BLOCKED_SECONDS = 0.3


class Echo:
    """Answers 200 to a request that is whole, and remembers of each how long it had waited."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.n_left = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.waited.append(waited_seconds(scope, time.monotonic()))
        message = await receive()
        while message["type"] == "http.request" and message["more_body"]:
            message = await receive()
        self.n_left += message["type"] == "http.disconnect"
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})


def answers_to(*requests: bytes) -> tuple[list[bytes], Echo]:
    """The first line of each answer on one connection, where each is sent after the last answer."""
    echo, lines = Echo(), list[bytes]()

    async def talk(connect: Connect) -> None:
        connection = await connect()
        for request in requests:
            connection.send(request)
            lines.append((await connection.answer()).partition(b"\r\n")[0])

    talking(echo, talk)
    return lines, echo


def test_a_request_that_waits_for_a_busy_loop_has_arrived_all_the_same() -> None:
    echo = Echo()

    async def talk(connect: Connect) -> None:
        connection = await connect()
        connection.send(HEAD, EMPTY)
        time.sleep(BLOCKED_SECONDS)  # noqa: ASYNC251 - nothing else runs on the loop
        await connection.answer()

    talking(echo, talk)

    # to one tick of the kernel's clock, of 10 ms at most
    assert echo.waited[0] == pytest.approx(BLOCKED_SECONDS, abs=0.15)
    assert echo.waited[0] >= BLOCKED_SECONDS - 0.01


def test_a_later_request_of_a_connection_waits_from_its_own_arrival_on() -> None:
    echo = Echo()

    async def talk(connect: Connect) -> None:
        connection = await connect()
        connection.send(HEAD, EMPTY)
        await connection.answer()
        time.sleep(BLOCKED_SECONDS)  # noqa: ASYNC251 - a client that pauses
        connection.send(HEAD, EMPTY)
        await connection.answer()

    talking(echo, talk)

    assert max(echo.waited) < BLOCKED_SECONDS / 2


TOO_LARGE = {
    "a long header": HEAD + b"X: " + b"x" * 40_000 + b"\r\n\r\n",
    "many headers": HEAD + b"X: y\r\n" * 101 + b"\r\n",
    "a long target": b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a header without end": HEAD + b"X: " + b"x" * 700_000,
    "a long name": HEAD + b"x" * 40_000 + b": y\r\n\r\n",
    "many trailers": HEAD + CHUNKED + b"0\r\n" + b"X: y\r\n" * 120 + b"\r\n",
}


@pytest.mark.parametrize("case", TOO_LARGE)
def test_a_head_that_is_too_large_is_refused(case: str, first_answers: dict[str, bytes]) -> None:
    assert first_answers[case] == b"HTTP/1.1 431 Request Header Fields Too Large"


def test_a_head_as_large_as_is_allowed_is_taken() -> None:
    headers = b"X: y\r\n" * 97 + b"Y: " + b"y" * 30_000 + b"\r\n"

    lines, _ = answers_to(HEAD + headers + EMPTY, HEAD + headers + EMPTY)

    assert lines == [b"HTTP/1.1 200 OK"] * 2


NO_HTTP = {
    "words": b"hello\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a length beside chunks": HEAD + b"Content-Length: 1\r\n" + CHUNKED,
    "a length that is no number": HEAD + b"Content-Length: x\r\n\r\n",
    "a header without a colon": HEAD + b"nonsense\r\n\r\n",
    "a target beyond ASCII": b"GET /\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a chunk without a size": HEAD + CHUNKED + b"zz\r\n",
}


@pytest.fixture(scope="module")
def first_answers() -> dict[str, bytes]:
    """The first line of the answer to each of these, on a connection of its own."""
    lines: dict[str, bytes] = {}

    async def talk(connect: Connect) -> None:
        for case, request in (TOO_LARGE | NO_HTTP).items():
            connection = await connect()
            connection.send(request)
            lines[case] = (await connection.answer()).partition(b"\r\n")[0]

    talking(Echo(), talk)
    return lines


@pytest.mark.parametrize("case", NO_HTTP)
def test_what_is_no_http_is_refused(case: str, first_answers: dict[str, bytes]) -> None:
    assert first_answers[case] == b"HTTP/1.1 400 Bad Request"


def test_a_body_that_turns_out_broken_reaches_the_application_as_a_client_that_has_gone() -> None:
    lines, echo = answers_to(HEAD + CHUNKED + b"1\r\na\r\nzz\r\n")

    assert lines == [b"HTTP/1.1 400 Bad Request"]
    assert echo.n_left == len(echo.waited)


def test_a_request_is_answered_though_the_next_one_on_its_connection_is_broken() -> None:
    lines, _ = answers_to(HEAD + EMPTY + b"nonsense\r\n\r\n")

    assert lines == [b"HTTP/1.1 200 OK"]


def test_another_protocol_is_not_spoken() -> None:
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n\r\n"

    lines, _ = answers_to(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + upgrade)

    assert lines == [b"HTTP/1.1 200 OK"]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that looks ten times a second, and waits for less than that."""
    monkeypatch.setattr(serving, "_TICKS_PER_SECOND", 1)
    monkeypatch.setattr(receiving, "HEAD_SECONDS", 0.05)
    monkeypatch.setattr(receiving, "MESSAGE_SECONDS", 0.07)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("part", [HEAD, b"G"])
def test_a_head_that_does_not_end_is_not_waited_for(part: bytes) -> None:
    lines, _ = answers_to(part)

    assert lines == [b"HTTP/1.1 408 Request Timeout"]


@pytest.mark.usefixtures("hurried")
def test_a_connection_on_which_nothing_comes_is_ended() -> None:
    ended = []

    async def talk(connect: Connect) -> None:
        ended.append(await (await connect()).is_ended())

    talking(Echo(), talk)

    assert ended == [True]


@pytest.mark.usefixtures("hurried")
def test_a_body_that_does_not_end_is_not_waited_for() -> None:
    echo, ended = Echo(), list[bool]()

    async def talk(connect: Connect) -> None:
        connection = await connect()
        connection.send(HEAD, b"Content-Length: 10\r\n\r\nhalf")
        ended.append(await connection.is_ended())

    talking(echo, talk)

    assert ended == [True]
    assert echo.n_left == 1


@pytest.mark.usefixtures("hurried")
def test_a_connection_between_two_requests_may_rest() -> None:
    lines: list[bytes] = []

    async def talk(connect: Connect) -> None:
        resting = await connect()
        resting.send(HEAD, EMPTY)
        await resting.answer()
        assert await (await connect()).is_ended()  # the server has looked once more by then
        resting.send(HEAD, EMPTY)
        lines.append((await resting.answer())[:15])

    talking(Echo(), talk)

    assert lines == [b"HTTP/1.1 200 OK"]


def test_what_is_sent_after_the_answer_is_not_read_for_ever() -> None:
    async def deaf(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 413, "headers": []})
        await send({"type": "http.response.body"})

    n_chunks = 0

    async def talk(connect: Connect) -> None:
        nonlocal n_chunks
        connection = await connect()
        connection.send(HEAD, CHUNKED)
        assert (await connection.reader.read(12)) == b"HTTP/1.1 413"
        with contextlib.suppress(ConnectionError):  # how it ends
            while n_chunks < 1_000:
                connection.send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                n_chunks += 1
                await connection.writer.drain()
                await asyncio.sleep(0)

    talking(deaf, talk)

    assert n_chunks < 300  # of 64 KiB: those read, and those in the buffers on the way
