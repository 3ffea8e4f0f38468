"""Programs and a small Grafana for the dashboards' tests."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_grafana import FakeGrafana

TOOLS = Path(__file__).parents[2] / ".tools"


def program(name: str) -> str:
    """The path of a program; its absence skips the test, or fails it in CI."""
    folders = [os.environ.get("PATH", ""), str(TOOLS), *(str(p) for p in TOOLS.glob("*/"))]
    found = shutil.which(name, path=os.pathsep.join(folders))
    if found:
        return found
    reason = f"{name} is neither on PATH nor in {TOOLS.name}/"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def promtool() -> str:
    return program("promtool")


@pytest.fixture(scope="session")
def import_tools() -> tuple[str, ...]:
    return tuple(program(name) for name in ("bash", "curl", "jq"))


@pytest.fixture
def grafana() -> Iterator[FakeGrafana]:
    server = FakeGrafana()
    server.start()
    yield server
    server.stop()
