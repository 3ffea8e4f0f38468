"""Time that requests wait before the application sees them is theirs: measured, and timed out."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from simulator.api.access import guard_of
from simulator.api.app import create_app
from simulator.api.backend import Backend
from simulator.simulation.engine import Simulation
from tests.support.raw_http import Connection, talking
from tests.support.scoring_client import answered, application, counted, scenario

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from simulator.simulation.tally import Tally

BLOCKED_SECONDS = 0.4
BODY = json.dumps(application()).encode()
HEADERS = b"Host: localhost\r\nContent-Type: application/json\r\n"
SCORE = b"POST /v1/score HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n" % (HEADERS, len(BODY)) + BODY
MODELS = b"GET /v1/models HTTP/1.1\r\n%s\r\n" % HEADERS


def sent_to_a_busy_loop(
    request: bytes, *, timeout_seconds: float, blocked_seconds: float = BLOCKED_SECONDS
) -> tuple[int, Tally]:
    """The status of a request that arrives while the loop is blocked, and what was counted."""
    statuses: list[int] = []

    async def talk(connect: Callable[[], Awaitable[Connection]]) -> None:
        connection = await connect()
        connection.send(request)
        time.sleep(blocked_seconds)  # noqa: ASYNC251 - this blocks the loop
        statuses.append(int((await connection.answer()).split()[1]))

    plan = scenario(platform={"api": {"timeout_seconds": timeout_seconds}})
    backend = Backend(Simulation(plan, origin=1.8e9, step=5.0), clock=time.monotonic)
    backend.meet(replace(backend.engine.now, faults={}))
    talking(create_app(backend, guard_of("127.0.0.1")), talk)
    return statuses[0], backend.counter.take()


@pytest.mark.parametrize("request_", [SCORE, MODELS], ids=["score", "models"])
def test_it_is_part_of_the_measured_duration(request_: bytes) -> None:
    status, tally = sent_to_a_busy_loop(request_, timeout_seconds=60.0)

    assert status == 200
    assert BLOCKED_SECONDS - 0.01 < tally.requests.http_seconds.sum() < BLOCKED_SECONDS + 5.0


def test_it_is_none_where_the_loop_is_free() -> None:
    _, tally = sent_to_a_busy_loop(MODELS, timeout_seconds=60.0, blocked_seconds=0.0)

    assert tally.requests.http_seconds.sum() < BLOCKED_SECONDS - 0.01


def test_an_application_that_waited_longer_than_the_timeout_is_timed_out() -> None:
    status, tally = sent_to_a_busy_loop(SCORE, timeout_seconds=BLOCKED_SECONDS / 2)

    assert status == 504
    assert counted(tally) == {("web", "timeout"): 1}
    assert answered(tally) == {("score", "5xx"): 1}


def test_so_is_a_look_up() -> None:
    status, tally = sent_to_a_busy_loop(MODELS, timeout_seconds=BLOCKED_SECONDS / 2)

    assert status == 504
    assert answered(tally) == {("models", "5xx"): 1}
