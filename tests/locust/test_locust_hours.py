"""Users keep the hours of their channels, in a process of its own: locust patches it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(100)]

SCRIPT = """
import json
from types import SimpleNamespace
from simulator.load import scoring, users  # as Locust does: scoring first
from simulator.load.platform_state import PlatformState
from simulator.scenario.model import Scenario
from simulator.load.mix import wanted_mix
from simulator.load.platform_calls import calls_of
from simulator.mapping.api_part import ApiPart
from locust.env import Environment

scenario = Scenario(name="x", description="x", duration="1m")
calls = calls_of(ApiPart(), scenario.platform).by_task
users.follow(scenario, "test", calls, wanted_mix(scenario, {}))
feeder = users.ChannelUser.feeder
environment = Environment()
clock = {"now": 0.0, "opens": None}

def sleep(seconds):
    clock["now"] += seconds
    if clock["opens"] is not None and clock["now"] >= clock["opens"]:
        feeder.paces = {"branch": 1.0}

users.gevent = SimpleNamespace(sleep=sleep)
users.ChannelUser.host = "http://127.0.0.1:9"

def waited(user, times):
    before = clock["now"]
    for _ in range(times):
        sleep(user.wait_time())
    return (clock["now"] - before) / times

web, branch = users.WebUser(environment), users.BranchUser(environment)
result = {"usual": waited(web, 4000)}
for pace in (0.1, 0.5, 2.0):
    feeder.paces = {"web": pace}
    result[str(pace)] = waited(web, 4000)

def opening(act):
    feeder.paces, clock["now"], clock["opens"] = {"branch": 0.0}, 0.0, 40.0
    act()
    clock["opens"] = None
    return clock["now"]


def first_look(seconds, pace):
    def sleep_until(passed):
        clock["now"] += passed
        if clock["now"] >= seconds:
            feeder.has_looked, feeder.paces = True, {"branch": pace}
            if clock["now"] >= 60.0:
                feeder.paces = {"branch": 1.0}
    feeder.has_looked, clock["now"] = False, 0.0
    feeder.paces = {"branch": 1.0}
    users.gevent = SimpleNamespace(sleep=sleep_until)
    branch.on_start()
    users.gevent = SimpleNamespace(sleep=sleep)
    return clock["now"]

result["closed at first"] = first_look(0.2, 0.0)
result["open at first"] = first_look(0.2, 1.0)
result["nobody says"] = first_look(1e9, 1.0)
feeder.has_looked = True
result["start"] = opening(branch.on_start)
result["next"] = opening(branch.wait_time)
branch._is_stopped, feeder.paces = True, {"branch": 0.0}
branch.on_start()
result["stopped"] = "at once"

state = {"scenario": "x", "elapsed_seconds": 1, "duration_seconds": 60, "requests_per_second": 32,
         "applicants": [{"share": 1, "shifts": {}}]}
feeder.paces = dict.fromkeys(("web", "mobile", "partner", "branch"), 1.0)
feeder.meet(PlatformState.of(state))
result["silent"] = feeder.paces
feeder.meet(PlatformState.of(
    {**state, "channels": {"web": 16, "mobile": 14, "partner": 2, "branch": 0}}))
result["evening"] = feeder.paces
print("RESULT" + json.dumps(result))
"""


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60.0, check=False
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout.partition("RESULT")[2])
    return found


@pytest.mark.parametrize(("pace", "seconds"), [("usual", 1.0), ("0.1", 10.0), ("0.5", 2.0)])
def test_a_user_waits_longer_while_fewer_come(
    seen: dict[str, Any], pace: str, seconds: float
) -> None:
    assert seen[pace] == pytest.approx(seconds, rel=6 / 4000**0.5)


def test_a_user_waits_shorter_while_more_come(seen: dict[str, Any]) -> None:
    assert seen["2.0"] == pytest.approx(0.5, rel=6 / 4000**0.5)


def test_a_user_of_a_closed_branch_sends_nothing_until_it_opens(seen: dict[str, Any]) -> None:
    assert seen["start"] >= 40.0
    assert seen["next"] >= 40.0


def test_a_user_of_a_closed_branch_waits_for_the_first_look_and_then_until_it_opens(
    seen: dict[str, Any],
) -> None:
    assert seen["closed at first"] >= 60.0


def test_a_user_waits_no_longer_than_for_the_first_look(seen: dict[str, Any]) -> None:
    assert 0.2 <= seen["open at first"] <= 0.3
    assert 1.9 <= seen["nobody says"] <= 2.1


def test_a_user_of_a_closed_branch_can_be_stopped(seen: dict[str, Any]) -> None:
    assert seen["stopped"] == "at once"


def test_users_keep_the_hours_that_the_platform_says(seen: dict[str, Any]) -> None:
    assert seen["evening"]["branch"] == 0.0
    assert seen["evening"]["mobile"] > seen["evening"]["web"] > seen["evening"]["partner"] > 0.0


def test_a_platform_that_says_no_hours_changes_nothing(
    seen: dict[str, Any],
) -> None:
    assert set(seen["silent"].values()) == {1.0}
