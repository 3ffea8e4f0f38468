"""Sockets, the server on them, and signals that end it in good order."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import time
from typing import TYPE_CHECKING

import pytest

from simulator.api.access import guard_of
from simulator.api.app import create_app
from simulator.api.backend import Backend
from simulator.api.measuring import MAX_BODY_BYTES
from simulator.errors import StackError
from simulator.runtime.process_signals import ENDING
from simulator.runtime.serving import address, listening_socket, serve, stop_on_signals
from simulator.simulation.engine import Simulation
from tests.support.scoring_client import JSON, application, scenario

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

BOUND = 20.0  # seconds; only a failing test waits that long


def test_a_port_is_found_and_said() -> None:
    with listening_socket("127.0.0.1", 0) as bound:
        port = bound.getsockname()[1]
        assert address(bound) == f"http://127.0.0.1:{port}"


def test_an_ipv6_address_is_written_in_brackets() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with listening_socket("::1", 0) as bound:
        assert address(bound) == f"http://[::1]:{bound.getsockname()[1]}"


def test_connections_wait_until_the_server_is_ready() -> None:
    with (
        listening_socket("127.0.0.1", 0) as bound,
        socket.create_connection(bound.getsockname(), BOUND) as early,
    ):
        assert early.getpeername() == bound.getsockname()


def test_a_port_that_was_only_just_taken_is_refused() -> None:
    with listening_socket("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(StackError, match=f"127.0.0.1:{port}: Address already in use; choose"):
            listening_socket("127.0.0.1", port)


@pytest.mark.parametrize("host", ["203.0.113.1", "no.such.host.invalid"])
def test_an_address_that_is_not_ours_is_refused(host: str) -> None:
    with pytest.raises(StackError, match=f"cannot listen on {host}:0: "):
        listening_socket(host, 0)


@pytest.mark.parametrize("host", ["203.0.113.1", "no.such.host.invalid", f"{'x' * 64}.invalid"])
def test_where_the_host_is_wrong_no_other_port_is_advised(host: str) -> None:
    with pytest.raises(StackError, match="choose an address of this machine") as refused:
        listening_socket(host, 0)
    assert "--port" not in str(refused.value)


def test_an_empty_host_does_not_open_every_address() -> None:
    with pytest.raises(StackError, match=r"host to listen on is ''; give 127\.0\.0\.1"):
        listening_socket("", 0)


def serving(app: ASGIApp, talk: Callable[[str, int, asyncio.Event], Awaitable[None]]) -> None:
    """Serves `app` while `talk` talks to it at (host, port); ends when both have ended."""

    async def both() -> None:
        stop = asyncio.Event()
        with listening_socket("127.0.0.1", 0) as bound:
            host, port = bound.getsockname()
            server = asyncio.create_task(serve(app, bound, stop))
            await talk(host, port, stop)
            stop.set()
            await server

    asyncio.run(asyncio.wait_for(both(), BOUND))


async def exchange(host: str, port: int, request: bytes) -> bytes:
    """The first bytes of the answer to a request."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(request)
    await writer.drain()
    answer = await reader.read(200)
    writer.close()
    return answer


def test_a_running_request_is_answered_after_stop() -> None:
    entered = asyncio.Event()
    released = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        entered.set()
        await released.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    answers: list[bytes] = []

    async def talk(host: str, port: int, stop: asyncio.Event) -> None:
        request = b"GET / HTTP/1.1\r\nHost: api\r\n\r\n"
        answer = asyncio.create_task(exchange(host, port, request))
        await entered.wait()
        stop.set()
        await asyncio.sleep(0.3)  # longer than the server looks for its end
        released.set()
        answers.append(await answer)

    serving(app, talk)

    assert answers[0].startswith(b"HTTP/1.1 204 ")


def test_a_large_upload_is_refused_while_it_is_sent() -> None:
    simulation = Simulation(scenario(), origin=1.8e9, step=5.0)
    sent = 0
    answers: list[bytes] = []

    async def talk(host: str, port: int, stop: asyncio.Event) -> None:
        nonlocal sent
        del stop
        reader, writer = await asyncio.open_connection(host, port)
        head = "POST /v1/score HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        answer = asyncio.create_task(reader.read(200))
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        while not answer.done() and sent < 1024 * MAX_BODY_BYTES:
            writer.write(chunk)
            sent += len(chunk)
            await writer.drain()
            await asyncio.sleep(0)
        answers.append(await answer)
        writer.close()

    serving(
        create_app(
            Backend(simulation, clock=time.monotonic, is_delayed=False), guard_of("127.0.0.1")
        ),
        talk,
    )

    assert answers[0].startswith(b"HTTP/1.1 413 ")
    assert sent < 64 * MAX_BODY_BYTES  # what fits into the buffers on the way


def test_the_api_answers_over_a_real_connection() -> None:
    simulation = Simulation(scenario(), origin=1.8e9, step=5.0)
    backend = Backend(simulation, clock=time.monotonic, is_delayed=False)
    body = json.dumps(application()).encode()
    head = "POST /v1/score/batch HTTP/1.1\r\nHost: api\r\n"
    headers = "".join(f"{name}: {value}\r\n" for name, value in JSON.items())
    answers: list[bytes] = []

    async def talk(host: str, port: int, stop: asyncio.Event) -> None:
        del stop
        request = f"{head}{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body
        answers.append(await exchange(host, port, request))

    serving(create_app(backend, guard_of("127.0.0.1")), talk)

    assert answers[0].startswith(b"HTTP/1.1 422 ")  # a single application is no batch


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_sets_stop_however_often_it_comes(number: signal.Signals) -> None:
    async def signalled() -> bool:
        stop = asyncio.Event()
        with stop_on_signals(stop):
            for _ in range(3):
                os.kill(os.getpid(), number)
            await asyncio.wait_for(stop.wait(), BOUND)
        return stop.is_set()

    assert asyncio.run(signalled())


def test_signals_mean_afterwards_what_they_meant_before() -> None:
    before = [signal.getsignal(s) for s in ENDING]

    async def nothing() -> list[object]:
        stop = asyncio.Event()
        with stop_on_signals(stop):
            return [signal.getsignal(s) for s in ENDING]

    during = asyncio.run(nothing())

    assert [signal.getsignal(s) for s in ENDING] == before
    assert all(d != b for d, b in zip(during, before, strict=True))


def test_where_sighup_is_ignored_as_under_nohup_it_stays_so() -> None:
    async def hung_up() -> bool:
        stop = asyncio.Event()
        with stop_on_signals(stop):
            os.kill(os.getpid(), signal.SIGHUP)
            await asyncio.sleep(0)
        return stop.is_set()

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert not asyncio.run(hung_up())
    finally:
        signal.signal(signal.SIGHUP, before)
