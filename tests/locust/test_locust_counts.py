"""What Locust says it sent is what the platform counted, to the request, however a test ends.

The reports that it writes say the same: `--csv`, `--json-file` and `--html`.
"""

from __future__ import annotations

import doctest
import os
import re
import signal
from typing import TYPE_CHECKING

import pytest
import requests

from simulator.load import counting
from simulator.load.platform_client import UnreadableError
from simulator.load.trust import Trust
from simulator.runtime.ports import free_port
from tests.support.fake_api import FakeApi
from tests.support.locust_reports import Reports
from tests.support.locust_runs import Locust, counted_by_platform
from tests.support.processes import children

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.locust_runs import Gateway, ScenarioFile, StandingPlatform

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(150)]

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
    assert "Counts may differ" not in locust.log, "both workers ended as they should"
    assert code == 0


def test_ctrl_c_in_a_single_process(platform: StandingPlatform, tmp_path: Path) -> None:
    reports, before = Reports(tmp_path), platform.counted()
    with Locust(tmp_path, *BUSY, "--host", platform.url, *reports.arguments) as locust:
        locust.wait_for(r"Aggregated +[1-9]")
        locust.process.send_signal(signal.SIGINT)
        assert locust.exit_code() == 0, locust.log

    counted = platform.counted().since(before)
    assert locust.applications_sent() == counted.applications, locust.log
    assert reports.counted() == dict.fromkeys(("csv", "json", "html"), counted.requests)
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


@pytest.mark.parametrize("end", [None, signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("processes", [(), ("--processes", "2")])
def test_reports_are_whole_however_a_run_ends(
    platform: StandingPlatform,
    tmp_path: Path,
    processes: tuple[str, ...],
    end: signal.Signals | None,
) -> None:
    reports, before = Reports(tmp_path), platform.counted()
    ends = ("-t", "3s") if end is None else ()
    arguments = (*BUSY, *processes, *ends, "--host", platform.url, *reports.arguments)
    with Locust(tmp_path, *arguments) as locust:
        if end is not None:
            locust.wait_for(r"Aggregated +[1-9]")
            os.killpg(locust.process.pid, end) if processes else locust.process.send_signal(end)
        assert locust.exit_code() == 0, locust.log
    expected = platform.counted().since(before)
    assert reports.counted() == dict.fromkeys(("csv", "json", "html"), expected.requests)
    assert reports.last_total == sum(expected.requests.values())
    assert "Traceback" not in locust.log


def test_a_lost_worker_is_said_of_with_what_the_platform_counted(
    platform: StandingPlatform, tmp_path: Path
) -> None:
    before = platform.counted()
    arguments = (*BUSY, "--processes", "2", "-t", "6s", "--host", platform.url)
    with Locust(tmp_path, *arguments) as locust:
        locust.wait_for(r"Aggregated +[1-9]")
        children(locust.process.pid)[0].kill()
        locust.exit_code()

    assert "1 of 2 workers were lost" in locust.log
    said = re.search(r"counted (\d+) requests .* and (\d+) applications", locust.log)
    assert said is not None, locust.log
    counted, reported = platform.counted().since(before), tuple(map(int, said.groups()))
    assert reported == (sum(counted.requests.values()), counted.applications)


def test_a_platform_before_its_first_tick_has_counted_what_it_starts_from() -> None:
    start = counting.Counted(0, 0)
    with FakeApi(content=b"") as api:
        assert counting.counted_at(api.url, Trust(), at_first=start) == start


def test_where_that_is_not_known_it_does_not_say() -> None:
    with (
        FakeApi(content=b"") as api,
        pytest.raises(UnreadableError, match="no http_request_duration_seconds_count"),
    ):
        counting.counted_at(api.url, Trust())


def test_the_examples_of_counting_are_true() -> None:
    failed, tried = doctest.testmod(counting)
    assert (failed, tried > 0) == (0, True)


def test_csv_files_that_cannot_be_written_cost_a_line_and_the_exit_code(
    platform: StandingPlatform, tmp_path: Path
) -> None:
    (tmp_path / "csv_stats.csv").symlink_to("/dev/full")
    csv = ("--csv", str(tmp_path / "csv"))
    with Locust(tmp_path, *BUSY, *csv, "-t", "2s", "--host", platform.url) as locust:
        assert locust.exit_code() == 1, locust.log

    assert locust.log.count("csv_*.csv are not whole: cannot be written: No space left") == 1
    assert "Traceback" not in locust.log
    assert locust.counted().applications > 0
