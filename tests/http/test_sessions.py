from __future__ import annotations

import socket
import threading
import time
import tracemalloc
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from simulator.errors import SimulatorError, StackError
from simulator.http.endpoint import Endpoint
from simulator.http.exchange_budget import MEBIBYTE
from simulator.http.service import ExchangeErrors, Service
from simulator.http.session import Session
from simulator.observation.prometheus import Prometheus
from simulator.pushing.gateway import (
    Pushgateway,
    PushgatewayRefusedError,
    PushgatewayUnreachableError,
)
from tests.support import hostile_server
from tests.support.gateway_double import GatewayDouble
from tests.support.hostile_server import HostileServer
from tests.support.prometheus_double import PrometheusDouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Script = Callable[[], Iterator[bytes]]

PROGRAM = Service("program", "", ExchangeErrors.all(StackError))
DEADLINE = 0.3
GENEROUS = 20.0  # seconds; only a failing test waits that long


def session_at(url: str, *, seconds: float = GENEROUS) -> Session:
    return Session(Endpoint(url=url, service=PROGRAM), timeout_seconds=seconds)


@pytest.mark.parametrize(
    "script",
    [
        hostile_server.bytes_of_a_body,
        hostile_server.bytes_of_a_header,
        hostile_server.continues_without_end,
    ],
)
def test_an_answer_that_trickles_ends_at_the_deadline(script: Script) -> None:
    with (
        HostileServer(script, is_slow=True) as server,
        session_at(server.url, seconds=DEADLINE) as session,
    ):
        began = time.monotonic()
        with pytest.raises(
            StackError, match=r"does not end its answer within 0\.3 s \([\d,]+ bytes"
        ):
            session.exchange("GET", "/")

        assert time.monotonic() - began < 10 * DEADLINE


def test_a_server_that_says_nothing_is_said_from_one_that_does_not_end() -> None:
    with (
        GatewayDouble() as double,
        session_at(double.url, seconds=0.05) as session,
    ):
        double.hang()
        with pytest.raises(StackError, match=r"does not answer within 0\.05 s$"):
            session.exchange("GET", "/-/ready")


@pytest.mark.parametrize(
    "script",
    [
        hostile_server.body_without_end,
        hostile_server.chunks_without_end,
        hostile_server.trailers_without_end,
        hostile_server.continues_without_end,
        hostile_server.packed_bomb,
    ],
)
def test_an_answer_without_end_is_cut_off_in_bounded_memory(script: Script) -> None:
    hostile_server.packed()  # before memory is measured
    with HostileServer(script) as server, session_at(server.url) as session:
        tracemalloc.start()
        with pytest.raises(StackError, match="with more than 1 MiB, which is cut off"):
            session.exchange("GET", "/")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 8 * MEBIBYTE  # what is read, and what the server holds, which is in here too


@pytest.mark.parametrize(
    "script", [hostile_server.headers_without_end, hostile_server.header_line_without_end]
)
def test_headers_without_end_are_not_http(script: Script) -> None:
    with (
        HostileServer(script) as server,
        session_at(server.url) as session,
        pytest.raises(StackError, match="does not speak HTTP as it should"),
    ):
        session.exchange("GET", "/")


def test_another_protocol_is_said_so_and_cannot_steer_the_terminal() -> None:
    with (
        HostileServer(hostile_server.something_else) as server,
        session_at(server.url) as session,
        pytest.raises(StackError, match=r"does not speak HTTP .*SSH-2\.0") as strange,
    ):
        session.exchange("GET", "/")
    assert str(strange.value).isprintable()


def test_a_refusal_that_does_not_end_is_a_refusal_all_the_same() -> None:
    with (
        HostileServer(hostile_server.bytes_of_a_refusal, is_slow=True) as server,
        Pushgateway(server.url, timeout_seconds=DEADLINE) as gateway,
        pytest.raises(PushgatewayRefusedError, match=r"answered 400 .*: no such\.+"),
    ):
        gateway.groups()


def test_a_gateway_that_does_not_end_may_work_later_and_one_without_end_will_not() -> None:
    with (
        HostileServer(hostile_server.bytes_of_a_body, is_slow=True) as server,
        Pushgateway(server.url, timeout_seconds=DEADLINE) as gateway,
        pytest.raises(PushgatewayUnreachableError, match="does not end its answer"),
    ):
        gateway.groups()
    with (
        HostileServer(hostile_server.body_without_end) as server,
        Pushgateway(server.url) as gateway,
        pytest.raises(PushgatewayRefusedError, match="with more than 32 MiB"),
    ):
        gateway.groups()


def test_a_name_that_nobody_resolves_costs_the_deadline_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    released = threading.Event()

    def silent(*_: object, **kinds: int) -> list[object]:
        if kinds.get("flags"):
            raise socket.gaierror(socket.EAI_NONAME, "not a number")
        released.wait(GENEROUS)
        return []

    monkeypatch.setattr("simulator.http.sockets.socket.getaddrinfo", silent)
    with session_at("http://push.example:9091", seconds=0.05) as session:
        with pytest.raises(StackError, match=r"does not answer within 0\.05 s"):
            session.exchange("GET", "/")
        released.set()


def test_closing_a_session_ends_an_exchange_that_another_thread_waits_for() -> None:
    with GatewayDouble() as double:
        double.hang()
        session = session_at(double.url)
        caught: list[SimulatorError] = []

        def ask() -> None:
            try:
                session.exchange("GET", "/-/ready")
            except SimulatorError as error:
                caught.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        double.wait_until_hung()
        session.close()
        asking.join(GENEROUS / 4)

        assert not asking.is_alive()
        assert len(caught) == 1


def test_a_closed_session_asks_nothing() -> None:
    with GatewayDouble() as double:
        session = session_at(double.url)
        session.close()
        with pytest.raises(StackError):
            session.exchange("GET", "/-/ready")

        assert double.seen == []


def test_a_server_may_ask_for_no_time_to_wait() -> None:
    # urllib3 would sleep for as long as the header says
    with PrometheusDouble() as double, Prometheus(double.url) as prometheus:
        double.says("query", {"status": "error", "error": "later"}, status=503)
        double.headers["Retry-After"] = "3600"
        with pytest.raises(SimulatorError, match="later"):
            prometheus.query("up", at=0)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_names_and_numbers_are_reached(host: str) -> None:
    with GatewayDouble() as double:
        url = double.url.replace("127.0.0.1", host)
        with session_at(url) as session:
            assert session.exchange("GET", "/-/ready").status == 200


@pytest.mark.parametrize(
    ("host", "encoding"),
    [("127.0.0.1", "identity"), ("localhost", "identity"), ("prometheus.example", "gzip")],
)
def test_answers_are_packed_only_where_they_come_from_afar(
    monkeypatch: pytest.MonkeyPatch, host: str, encoding: str
) -> None:
    near = socket.getaddrinfo("127.0.0.1", 0, type=socket.SOCK_STREAM)
    with GatewayDouble() as double:
        port = urlsplit(double.url).port
        there = [(*one[:4], (one[4][0], port)) for one in near]
        monkeypatch.setattr("simulator.http.sockets.socket.getaddrinfo", lambda *_, **__: there)
        with session_at(f"http://{host}:{port}") as session:
            session.exchange("GET", "/-/ready")
        assert [seen.headers["Accept-Encoding"] for seen in double.seen] == [encoding]


def test_an_address_of_version_6_is_reached() -> None:
    try:
        listening = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with listening:
        thread = threading.Thread(target=_answer_once, args=(listening,), daemon=True)
        thread.start()
        with session_at(f"http://[::1]:{listening.getsockname()[1]}") as session:
            assert session.exchange("GET", "/").body == b"[::1]"
        thread.join(5)


def _answer_once(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection:
        said = connection.recv(65_536).decode()
        host = said.partition("Host: ")[2].partition("\r\n")[0].rpartition(":")[0]
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(host)}\r\n\r\n"
        connection.sendall((head + host).encode())
