"""The load shape in the form in which it is used, and its single ticks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.locust_runs import Locust

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.locust_runs import ScenarioFile

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(100)]

SCRIPT = """
import json, sys, time
from simulator.load import scoring, shape, users  # as Locust does: scoring first
from simulator.load.platform_state import PlatformState
from simulator.scenario.model import Scenario
from simulator.load.mix import wanted_mix
from simulator.load.platform_calls import calls_of
from simulator.mapping.api_part import ApiPart
from simulator.scenario.baseline import Traffic

class Runner:
    state = "running"
    class environment:
        host = None

traffic = Traffic(requests_per_second=30.0, profile="flat")
scenario = Scenario(name="x", description="x", duration="1m", traffic=traffic)
calls = calls_of(ApiPart(), scenario.platform).by_task
users.follow(scenario, "test", calls, wanted_mix(scenario, {}))

def state_of(**changed):
    full = {"scenario": "x", "elapsed_seconds": 1, "duration_seconds": 60,
            "requests_per_second": 40, "applicants": [{"share": 1, "shifts": {}}]}
    return PlatformState.of({**full, **changed})

def ticks(states, **changed):
    made = shape.ScenarioShape()
    made.runner = Runner()
    made.reset_time()
    seen = []
    for state in states:
        if state is not None:
            made._see(state_of(**state))
        seen.append(made.tick())
    return seen

result = {
    "alone": ticks([None]),
    "followed": ticks([{"requests_per_second": r} for r in (40, 120, 0.01)]),
    "end": ticks([{"elapsed_seconds": e} for e in (59.9, 60.0)]),
}
made = shape.ScenarioShape()
made.runner = Runner()
made._see(state_of(elapsed_seconds=59.9))
time.sleep(0.2)  # in which the platform, which has gone, says nothing
result["gone"] = made.tick()

Runner.state = "ready"
result["before"] = ticks([{"elapsed_seconds": 60}])

Runner.state, Runner.user_count = "spawning", 0  # as while the platform starts
made.reset_time()
result["starting"] = [made.tick()]
busier = Traffic(requests_per_second=50.0, profile="flat")
users.ChannelUser.feeder.scenario = scenario.model_copy(update={"traffic": busier})
made._see(state_of(elapsed_seconds=60))
result["starting"].append(made.tick())
Runner.user_count = 1
result["starting"].append(made.tick())
print("RESULT" + json.dumps(result))
"""


@pytest.fixture(scope="module")
def ticks() -> dict[str, list[list[float] | None]]:
    """What the shape says, by case; locust is imported in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        timeout=60.0,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, list[list[float] | None]] = json.loads(ran.stdout.partition("RESULT")[2])
    return found


def test_without_a_platform_it_follows_the_scenario_s_profile(
    ticks: dict[str, list[list[float] | None]],
) -> None:
    assert ticks["alone"] == [[30, 30.0]]


def test_there_are_as_many_users_as_requests_expected_in_a_second(
    ticks: dict[str, list[list[float] | None]],
) -> None:
    assert ticks["followed"] == [[40, 40.0], [120, 100.0], [1, 10.0]]


def test_it_ends_when_the_scenario_does(ticks: dict[str, list[list[float] | None]]) -> None:
    assert ticks["end"] == [[40, 40.0], None]


def test_what_was_seen_before_the_test_does_not_count(
    ticks: dict[str, list[list[float] | None]],
) -> None:
    assert ticks["before"] == [[30, 30.0]]


def test_it_ends_also_where_the_platform_has_gone(
    ticks: dict[str, list[list[float] | None]],
) -> None:
    assert ticks["gone"] is None


def test_it_asks_for_the_same_until_users_run_and_hears_no_platform_of_before(
    ticks: dict[str, list[list[float] | None]],
) -> None:
    """Another number would have Locust start the test anew."""
    assert ticks["starting"] == [[30, 30.0], [30, 30.0], [50, 50.0]]


def test_it_follows_a_surge_over_two_processes_and_ends_with_the_scenario(
    scenario_file: ScenarioFile, tmp_path: Path
) -> None:
    surge = {"name": "s", "kind": "traffic-surge", "start": "4s", "duration": "4s", "factor": 3}
    scenario = scenario_file(
        "surge",
        duration="11s",
        traffic={"profile": "flat", "requests_per_second": 6, "noise_ratio": 0},
        episodes=[surge | {"onset": {"shape": "abrupt"}}],
    )
    arguments = ("--headless", "--processes", "2", "--scenario", scenario)
    files = ("scoring.py", "shape.py")
    with Locust(tmp_path, *arguments, "--push-interval", "500ms", files=files) as locust:
        assert locust.exit_code() == 0, locust.log
    users = re.findall(r"Shape test updating to (\d+) users", locust.log)
    assert users == ["6", "18", "6"], locust.log
    assert "Shape test stopping" in locust.log
    assert locust.counted().applications > 50
