"""What Locust says it sent is what the platform counted, to the request, however a test ends."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
import requests
from locust_runs import Locust, counted_by_platform

from simulator.runtime.ports import free_port

if TYPE_CHECKING:
    from pathlib import Path

    from locust_runs import Gateway, ScenarioFile, StandingPlatform

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(150)]

BUSY = ("-u", "24", "-r", "24", "--headless")


def test_a_run_of_the_built_in_platform_that_ends_by_itself(
    gateway: Gateway, scenario_file: ScenarioFile, tmp_path: Path
) -> None:
    errors = {"name": "e", "kind": "errors", "start": "0s", "duration": "1h", "ratio": 0.3}
    scenario = scenario_file("harsh", episodes=[errors | {"onset": {"shape": "abrupt"}}])
    env = {"SIMULATOR_SCENARIO": scenario, "SIMULATOR_PUSHGATEWAY": gateway.url}
    env |= {"SIMULATOR_KEEP_GROUPS": "1", "SIMULATOR_SEED": "5", "SIMULATOR_COMPRESS": "2"}
    env |= {"SIMULATOR_PUSH_INTERVAL": "500ms"}
    with Locust(tmp_path, *BUSY, "-t", "4s", env=env) as locust:
        code = locust.exit_code()
        url = locust.wait_for(r"platform answers at (http://127.0.0.1:\d+)")[1]

    counted = counted_by_platform(gateway.exposition)
    assert locust.counted() == counted, locust.log
    assert counted.applications > 50
    assert "answered 500" in locust.log
    assert code == 0, "a planned error episode is no failure"
    assert 'simulator_build_info{instance="simulator",job="simulator",scenario="harsh"' in (
        gateway.exposition
    )
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=2.0)


def test_a_run_with_two_processes_that_ctrl_c_ends(gateway: Gateway, tmp_path: Path) -> None:
    arguments = (*BUSY, "--processes", "2", "--pushgateway", gateway.url, "--keep-groups")
    with Locust(tmp_path, *arguments, "--push-interval", "500ms") as locust:
        locust.wait_for(r"Aggregated +[1-9]")
        locust.signal_group(signal.SIGINT)
        code = locust.exit_code()

    assert locust.counted() == counted_by_platform(gateway.exposition), locust.log
    assert "Traceback" not in locust.log
    assert code == 0


def test_ctrl_c_in_a_single_process(platform: StandingPlatform, tmp_path: Path) -> None:
    before = platform.counted()
    with Locust(tmp_path, *BUSY, "--host", platform.url) as locust:
        locust.wait_for(r"Aggregated +[1-9]")
        locust.process.send_signal(signal.SIGINT)
        assert locust.exit_code() == 0, locust.log

    assert locust.counted() == platform.counted().since(before), locust.log
    assert "built-in platform" not in locust.log, "with --host nothing is started"


def test_a_master_that_sigterm_ends(platform: StandingPlatform, tmp_path: Path) -> None:
    port = str(free_port())
    worker_folder = tmp_path / "worker"
    worker_folder.mkdir()
    before = platform.counted()
    ends = ("--master-bind-host", "127.0.0.1", "--master-bind-port", port, "--expect-workers", "1")
    with (
        Locust(tmp_path, *BUSY, "--host", f"{platform.url}/", "--master", *ends) as master,
        Locust(worker_folder, "--worker", "--master-port", port) as worker,
    ):
        master.wait_for(r"Aggregated +[1-9]")
        master.process.terminate()
        codes = master.exit_code(), worker.exit_code()

    assert master.counted() == platform.counted().since(before), master.log + worker.log
    assert codes == (0, 0)
