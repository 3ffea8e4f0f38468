"""Arrivals of the open model, in a process of its own: locust patches it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(100)]

GAP_SECONDS, TOLD_SECONDS = 0.02, 0.6
DUE = round(TOLD_SECONDS / GAP_SECONDS)

SCRIPT = f"""
import json, logging, sys, time
from simulator.load import scoring, open_arrivals  # as Locust does: scoring first
import gevent
from locust.env import Environment
from locust.exception import StopUser

logging.disable()


class User:
    def __init__(self, task, pace=1.0):
        self.environment, self.mix, self.pace = Environment(), [task], pace
        self.ends_at = time.monotonic() + {TOLD_SECONDS}
        self.begun = self.ended = self.failed = 0
        self.environment.events.user_error.add_listener(self.fails)

    @property
    def is_ended(self):
        return time.monotonic() >= self.ends_at

    def next_pause(self):
        return {GAP_SECONDS}

    def fails(self, user_instance, exception, tb):
        self.failed += user_instance is self and str(exception) == "told to" and tb is not None


def slow(user):
    user.begun += 1
    gevent.sleep(0.3)
    user.ended += 1


def late(user):
    user.begun += 1
    if user.begun == 1:
        until = time.perf_counter() + 0.4
        while time.perf_counter() < until:
            pass


def failing(user):
    user.begun += 1
    raise ValueError("told to")


def stopped(user):
    user.begun += 1
    raise StopUser


def seen(task, pace=1.0):
    user = User(task, pace)
    try:
        open_arrivals.send_openly(user)
    except StopUser:
        return {{"begun": user.begun, "ended": user.ended, "failed": user.failed}}


result = {{task.__name__: seen(task) for task in (slow, late, failing, stopped)}}
result |= {{"closed": seen(slow, 0.0), "busy": seen(slow, 3.0)}}
print(json.dumps(result))
"""


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, check=True, text=True, timeout=90
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_requests_begin_when_due_while_others_wait_for_answers(seen: dict[str, Any]) -> None:
    assert 0.6 * DUE < seen["slow"]["begun"] <= DUE + 1


def test_requests_under_way_at_the_end_are_awaited(seen: dict[str, Any]) -> None:
    assert seen["slow"]["ended"] == seen["slow"]["begun"]


def test_what_was_due_while_the_process_was_busy_is_sent_afterwards(seen: dict[str, Any]) -> None:
    assert 0.6 * DUE < seen["late"]["begun"] <= 2 * DUE


def test_failures_within_a_user_are_counted_and_others_go_on(seen: dict[str, Any]) -> None:
    assert seen["failing"]["failed"] == seen["failing"]["begun"] > 1


def test_a_request_of_a_user_that_is_stopped_is_no_failure(seen: dict[str, Any]) -> None:
    assert seen["stopped"]["failed"] == 0
    assert seen["stopped"]["begun"] > 1


def test_users_keep_the_hours_of_their_channel(seen: dict[str, Any]) -> None:
    assert seen["closed"]["begun"] == 0
    assert 2 * seen["slow"]["begun"] < seen["busy"]["begun"] <= 3 * DUE + 3
