"""Locust's exit code: what a scenario plans is no failure, all else is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulator.runtime.ports import free_port
from simulator.scenario.vocabulary import ENDPOINTS
from tests.support.fake_api import FakeApi
from tests.support.locust_runs import Locust
from tests.support.processes import children

if TYPE_CHECKING:
    from tests.support.locust_runs import ScenarioFile

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(100)]

LARGEST = 1 << 20
SHORT = ("--headless", "-u", "4", "-r", "4", "-t", "2s")


def test_answers_that_a_scenario_plans_are_no_failure(tmp_path: Path) -> None:
    with FakeApi(status=503) as api, Locust(tmp_path, *SHORT, "--host", api.url) as locust:
        assert locust.exit_code() == 0, locust.log
    assert "answered 503" in locust.log


def test_answers_that_are_not_the_api_s_are_a_failure(tmp_path: Path) -> None:
    chosen = ("--exit-code-on-error", "7")
    with FakeApi(status=404) as api, Locust(tmp_path, *SHORT, *chosen, "--host", api.url) as locust:
        assert locust.exit_code() == 7, locust.log
    assert "unexpected answer 404" in locust.log


def test_answers_of_another_shape_are_a_failure_without_a_traceback(tmp_path: Path) -> None:
    with (
        FakeApi(content=b"<html>Welcome</html>") as api,
        Locust(tmp_path, *SHORT, "--host", api.url) as locust,
    ):
        assert locust.exit_code() == 1, locust.log
    assert "POST /v1/score failed" in locust.log
    assert "unexpected answer: no JSON; it begins with" in locust.log
    assert locust.log.count("it begins with") <= len(ENDPOINTS), "said once"
    assert "Traceback" not in locust.log


def test_of_an_answer_without_end_a_part_is_read(tmp_path: Path) -> None:
    huge = b" " * (64 * LARGEST)
    with FakeApi(content=huge) as api, Locust(tmp_path, *SHORT, "--host", api.url) as locust:
        assert locust.exit_code() == 1, locust.log
    assert "unexpected answer: no JSON" in locust.log


def test_an_api_that_cannot_be_reached_is_a_failure_also_with_workers(tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    with Locust(tmp_path, *SHORT, "--host", nowhere, "--processes", "2") as locust:
        assert locust.exit_code() == 1, locust.log
    assert "ConnectionRefusedError" in locust.log


def test_a_platform_that_dies_ends_the_test_and_says_why(
    scenario_file: ScenarioFile, tmp_path: Path
) -> None:
    arguments = ("--headless", "-u", "4", "-r", "4", "--scenario", scenario_file("dies"))
    with Locust(tmp_path, *arguments) as locust:
        locust.wait_for(r"Aggregated +[1-9]")
        (platform,) = children(locust.process.pid)
        platform.kill()
        assert locust.exit_code() == 1, locust.log
    assert "the built-in platform ended with signal 9 (Killed):" in locust.log
    assert '"scenario": "dies"' in locust.log, "the end of its log"


def test_a_scenario_that_is_not_there_ends_locust_at_once(tmp_path: Path) -> None:
    with Locust(tmp_path, *SHORT, "--scenario", "clam") as locust:
        assert locust.exit_code() == 2, locust.log
    assert "scoring: 'clam' is neither a file nor a scenario" in locust.log
    assert "Traceback" not in locust.log


def test_a_platform_that_does_not_start_ends_locust_with_its_own_words(tmp_path: Path) -> None:
    with Locust(tmp_path, *SHORT, "--push-interval", "soon") as locust:
        assert locust.exit_code() == 2, locust.log
    assert "scoring: the built-in platform ended with exit code 2:" in locust.log
    assert "soon" in locust.log


def test_a_worker_without_the_scenario_s_file_ends_the_test_in_words(
    scenario_file: ScenarioFile, tmp_path: Path
) -> None:
    file = Path(scenario_file("mine"))
    port = str(free_port())
    waits = ("--master-bind-host", "127.0.0.1", "--master-bind-port", port, "--expect-workers", "1")
    master_at = ("--headless", "-u", "4", "-r", "4", "--master", *waits, "--scenario", file.name)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with (
        Locust(tmp_path, *master_at, cwd=file.parent) as master,
        Locust(elsewhere, "--worker", "--master-port", port, cwd=elsewhere) as worker,
    ):
        codes = master.exit_code(), worker.exit_code()
    assert codes == (2, 0), master.log
    assert re.search(r"worker \S+: 'mine.yaml' is neither a file nor a scenario", master.log)
    assert "Traceback" not in master.log + worker.log


def test_a_host_that_is_no_url_ends_locust_in_words(tmp_path: Path) -> None:
    with Locust(tmp_path, *SHORT, "--host", "localhost:8000") as locust:
        assert locust.exit_code() == 2, locust.log
    assert "scoring: --host is 'localhost:8000': give a base URL such as http://" in locust.log
    assert "Traceback" not in locust.log
