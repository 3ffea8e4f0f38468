"""A wheel in an environment of its own does the whole job, in an empty folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import venv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(1200)]

INSTALL_SECONDS = 600.0  # what is fetched, where nothing is kept from set-up
STAGE_SECONDS = 360.0


class Installation:
    """The programs of an environment, run in a folder in which there is nothing."""

    def __init__(self, programs: Path, folder: Path, path: list[str]) -> None:
        self._programs, self.folder = programs, folder
        own = {k: v for k, v in os.environ.items() if not k.startswith(("SIMULATOR_", "PYTHON"))}
        self.env = {**own, "PATH": os.pathsep.join([str(programs), *path, own["PATH"]])}
        self.env["XDG_CACHE_HOME"] = str(folder.parent / "cache")

    def start(self, program: str, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self._programs / program, *arguments],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, program: str, *arguments: str, seconds: float = STAGE_SECONDS) -> str:
        """What a command writes that ends with exit code 0."""
        with self.start(program, *arguments) as process:
            try:
                written, complaints = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        assert process.returncode == 0, written + complaints
        return written


@pytest.fixture(scope="module")
def installed(
    wheel: Path, tmp_path_factory: pytest.TempPathFactory, find_program: Callable[[str], str]
) -> Iterator[Installation]:
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=True)
    found = Installation(
        environment / "bin",
        tmp_path_factory.mktemp("empty"),
        sorted({str(Path(find_program(name)).parent) for name in ("prometheus", "pushgateway")}),
    )
    constraints = ("--constraint", str(CHECKOUT / "constraints.txt"))
    found.run(
        *("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *(*constraints, f"scoring-platform-simulator[locust] @ {wheel.as_uri()}"),
        seconds=INSTALL_SECONDS,
    )
    yield found
    assert not list(found.folder.glob(".*")), "something was left where nobody asked for it"


def test_it_is_the_installed_package_that_runs(installed: Installation) -> None:
    file = installed.run("python", "-c", "import simulator; print(simulator.__file__)").strip()
    assert "site-packages" in file
    assert not Path(file).is_relative_to(CHECKOUT)


def test_the_tour_is_covered(installed: Installation) -> None:
    assert "53 of 53 steps exercised" in installed.run("simulator", "cover", "tour")


def test_the_own_thresholds_are_tuned(installed: Installation) -> None:
    reported = json.loads(
        installed.run("simulator", "tune", "on-call", "--days", "2", "--json", "-")
    )
    assert len(reported["thresholds"]) > 1


def test_a_scenario_is_planned(installed: Installation) -> None:
    assert "episodes:" in installed.run("simulator", "scenario", "plan")


def test_the_stack_runs_until_it_is_interrupted(installed: Installation) -> None:
    installed.run("simulator", "stack", "--install-only")
    with installed.start("simulator", "stack", "--json") as stack:
        assert stack.stdout is not None
        urls = json.loads(stack.stdout.readline())
        stack.send_signal(signal.SIGINT)
        _, complaints = stack.communicate(timeout=60.0)
    assert {"pushgateway", "prometheus"} <= set(urls)
    assert stack.returncode == 0, complaints


def test_the_demo_shows_every_panel(installed: Installation) -> None:
    shown = installed.run("simulator", "demo", "--length", "1m24s", "--users", "20", "--json")
    assert len(json.loads(shown)) > 1


@pytest.mark.parametrize("shape", [(), ("--shape",)])
def test_locust_drives_the_platform(installed: Installation, shape: tuple[str, ...]) -> None:
    files = installed.run("simulator", "locustfile", *shape).strip()
    load = ("--headless", "--users", "5", "--run-time", "5s", "--only-summary")
    if shape:  # which ends with its scenario, and not before
        load = ("--headless", "--only-summary", "--scenario", "calm", "--compress", "8640")
    installed.run("locust", "-f", files, *load, "--pushgateway", "none")


def test_without_the_extra_it_is_named(installed: Installation) -> None:
    python = (
        "import sys; sys.modules['locust'] = None; "
        "sys.argv = ['simulator', 'demo']; from simulator.__main__ import main; main()"
    )
    with installed.start("python", "-c", python) as process:
        _, complaints = process.communicate(timeout=60.0)
    assert process.returncode == 2
    assert "pip install 'scoring-platform-simulator[locust]'" in complaints
