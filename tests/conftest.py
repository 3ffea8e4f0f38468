"""What all tests share: the strength of property tests, real programs, and golden files."""

from __future__ import annotations

import os
import shutil
import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.support.absence import give_up
from tests.support.prometheus_double import PrometheusDouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Programs: importing them imports locust, which replaces threads by gevent's.
collect_ignore = ["support/mlops_locustfile.py", "support/one_locust.py"]

# Laptops and CI machines stall at times; a slow example says nothing about its result.
settings.register_profile(
    "local", deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow]
)
# In CI more of them, and the same every time, so that a red run is about the change that was made.
settings.register_profile("ci", settings.get_profile("local"), derandomize=True, max_examples=60)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the golden files from what the code gives now; read the diff afterwards",
    )


@pytest.fixture(scope="session", autouse=True)
def attached() -> None:
    """Signals end what tests start, also where the tests run in the background or under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def double() -> Iterator[PrometheusDouble]:
    with PrometheusDouble() as server:
        yield server


@pytest.fixture(scope="session")
def find_program() -> Callable[[str], str]:
    """The path of a real program by name; its absence skips the test, or fails it in CI."""
    from simulator.runtime import binaries  # noqa: PLC0415 - only these tests need it

    def find(name: str) -> str:
        found = binaries.locate(name) if name in binaries.FILE_NAMES else shutil.which(name)
        if found is None:
            give_up(f"{name} is neither on PATH nor in .tools/")
        return str(found)

    return find


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a browser; its absence skips the test, or fails it in CI."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        give_up("neither chromium nor google-chrome is on PATH; run: make browser")
    return found


@pytest.fixture(scope="session")
def promtool(find_program: Callable[[str], str]) -> str:
    return find_program("promtool")


@pytest.fixture(scope="session")
def is_updating_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))
