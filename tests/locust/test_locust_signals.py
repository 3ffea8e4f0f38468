"""Signals end Locust in order at every moment: no traceback, nothing left of what it started."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from simulator.installation import shipped
from simulator.runtime.ports import free_port
from tests.support.fake_api import FakeApi
from tests.support.locust_runs import SECONDS, Locust
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.locust_runs import Gateway, ScenarioFile

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(100)]

HEADLESS = ("--headless", "-u", "3", "-r", "3")


class TemporaryFolder:
    """Where Locust puts what it needs for a while."""

    def __init__(self, path: Path) -> None:
        path.mkdir()
        self._path = path
        self.env = {"TMPDIR": str(path)}

    def platform_log(self) -> Path | None:
        """The log of a platform that has been started, ready or not."""
        return next(self._path.glob("simulator-locust-*/platform.log"), None)

    def left(self) -> list[Path]:
        return list(self._path.glob("simulator-*"))


@pytest.fixture
def temporary(tmp_path: Path) -> TemporaryFolder:
    return TemporaryFolder(tmp_path / "temporary")


def family(locust: Locust) -> list[psutil.Process]:
    """Locust, its workers and its platform."""
    parent = psutil.Process(locust.process.pid)
    return [parent, *parent.children(recursive=True)]


def end(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run after a while."""
    return psutil.wait_procs(processes, timeout=10.0)[1]


def test_ctrl_c_while_the_locustfile_is_read_shows_no_traceback(tmp_path: Path) -> None:
    slow = tmp_path / "slow" / "scipy"
    slow.mkdir(parents=True)
    interrupt = "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)\n"
    (slow / "__init__.py").write_text(interrupt)

    with Locust(tmp_path, *HEADLESS, env={"PYTHONPATH": str(slow.parent)}) as locust:
        assert locust.exit_code() == -signal.SIGINT

    assert "Traceback" not in locust.log


def test_sigterm_in_a_test_of_the_built_in_platform_leaves_nothing(
    temporary: TemporaryFolder, gateway: Gateway, tmp_path: Path
) -> None:
    env = {**temporary.env, "SIMULATOR_PUSHGATEWAY": gateway.url}
    with Locust(tmp_path, *HEADLESS, "--push-interval", "300ms", env=env) as locust:
        locust.wait_for("Aggregated +[1-9]")
        started = family(locust)
        locust.process.terminate()
        assert locust.exit_code() == 0, locust.log
        assert end(started) == []

    assert temporary.left() == []
    assert "scoring_requests_total" not in gateway.exposition


def test_sigterm_again_and_again_ends_it_once(tmp_path: Path) -> None:
    with FakeApi() as api, Locust(tmp_path, *HEADLESS, "--processes", "2", "--host", api.url) as it:
        it.wait_for("All users spawned")
        wait_until(lambda: _ended_by_sigterm(it), lambda: it.log)

    assert "Traceback" not in it.log
    assert it.log.count("Applications sent") == 1


def _ended_by_sigterm(locust: Locust) -> bool:
    locust.process.send_signal(signal.SIGTERM)
    return locust.process.poll() is not None


def end_of_a_start(
    folder: Path, temporary: TemporaryFolder, number: signal.Signals, *arguments: str
) -> tuple[int, str]:
    """Exit code and log of a Locust that got the signal while its platform was starting."""
    with Locust(folder, *HEADLESS, *arguments, env=temporary.env) as locust:
        wait_until(temporary.platform_log, lambda: locust.log)
        started = family(locust)
        locust.process.send_signal(number)
        code = locust.exit_code()
        assert end(started) == []
    return code, locust.log


def test_sigterm_while_the_platform_starts(temporary: TemporaryFolder, tmp_path: Path) -> None:
    code, log = end_of_a_start(tmp_path, temporary, signal.SIGTERM)
    assert (code, "Traceback" in log) == (128 + signal.SIGTERM, False), log
    assert temporary.left() == []


def test_ctrl_c_while_the_platform_starts(temporary: TemporaryFolder, tmp_path: Path) -> None:
    code, log = end_of_a_start(tmp_path, temporary, signal.SIGINT)
    assert (code, "Traceback" in log) == (128 + signal.SIGINT, False), log
    assert temporary.left() == []


def test_workers_end_with_a_master_whose_platform_starts(
    temporary: TemporaryFolder, tmp_path: Path
) -> None:
    code, log = end_of_a_start(tmp_path, temporary, signal.SIGTERM, "--processes", "2")
    assert (code, "Traceback" in log) == (128 + signal.SIGTERM, False), log
    assert temporary.left() == []


def test_workers_end_with_a_master_that_is_killed(tmp_path: Path) -> None:
    with (
        FakeApi() as api,
        Locust(tmp_path, *HEADLESS, "--host", api.url, "--processes", "2") as locust,
    ):
        locust.wait_for(r"Aggregated +[1-9]")
        started = family(locust)
        assert len(started) == 3
        locust.process.kill()
        assert end(started) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_master_that_waits_for_workers(tmp_path: Path, number: signal.Signals) -> None:
    ports = ("--master-bind-host", "127.0.0.1", "--master-bind-port", str(free_port()))
    waiting = ("--master", "--expect-workers", "2", *ports, "--host", "http://127.0.0.1:9")
    with Locust(tmp_path, *HEADLESS, *waiting, "--loglevel", "DEBUG") as locust:
        locust.wait_for("Waiting for workers")
        locust.process.send_signal(number)
        assert locust.exit_code() == 128 + number, locust.log
    assert "Traceback" not in locust.log


def test_sigterm_in_a_headless_test_with_a_shape_ends_with_its_figures(
    scenario_file: ScenarioFile, tmp_path: Path
) -> None:
    scenario = scenario_file("valid", traffic={"invalid_ratio": 0})  # all is answered with 200
    files = ("scoring.py", "shape.py")
    with (
        FakeApi() as api,
        Locust(
            tmp_path, "--headless", "--host", api.url, "--scenario", scenario, files=files
        ) as locust,
    ):
        locust.wait_for(r"Aggregated +[1-9]")
        locust.process.terminate()
        assert locust.exit_code() == 0, locust.log
    assert locust.counted().applications > 0


class Terminal:
    """A terminal in which Locust runs, until it is closed."""

    def __init__(self, folder: Path, *arguments: str, env: dict[str, str]) -> None:
        self._log = folder / "locust.log"
        self._screen, inside = pty.openpty()
        argv = [sys.executable, "-m", "locust", "-f", str(shipped("locustfiles") / "scoring.py")]
        self.process = subprocess.Popen(
            ["setsid", "--ctty", *argv, "--only-summary", "--logfile", str(self._log), *arguments],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env={**os.environ, **env},
        )
        os.close(inside)

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    def close(self) -> None:
        os.close(self._screen)


@pytest.fixture
def terminal(gateway: Gateway, temporary: TemporaryFolder, tmp_path: Path) -> Iterator[Terminal]:
    env = {**temporary.env, "SIMULATOR_PUSHGATEWAY": gateway.url}
    made = Terminal(tmp_path, *HEADLESS, "--push-interval", "300ms", env=env)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.wait()


def test_a_terminal_that_is_closed_ends_locust_and_its_groups(
    terminal: Terminal, gateway: Gateway, temporary: TemporaryFolder
) -> None:
    wait_until(lambda: "scoring-api" in gateway.jobs, lambda: terminal.log)
    wait_until(lambda: "All users spawned" in terminal.log, lambda: terminal.log)
    terminal.close()
    assert terminal.process.wait(SECONDS) == 0, terminal.log
    wait_until(lambda: not gateway.jobs, lambda: terminal.log)  # it queues deletions
    assert temporary.left() == []
    assert "Ending, because of SIGHUP" in terminal.log
    assert "Traceback" not in terminal.log
