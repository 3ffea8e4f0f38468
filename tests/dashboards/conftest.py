"""Programs and a small Grafana for the dashboards' tests."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.fake_grafana import FakeGrafana


@pytest.fixture(scope="session")
def import_tools(find_program: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(find_program(name) for name in ("bash", "curl", "jq"))


@pytest.fixture
def grafana() -> Iterator[FakeGrafana]:
    server = FakeGrafana()
    server.start()
    yield server
    server.stop()
