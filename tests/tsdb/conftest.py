from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.absence import give_up
from tests.support.prometheus_3 import TARGET
from tests.support.real_tsdb import Programs

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def installed(find_program: Callable[[str], str]) -> Programs:
    """The Prometheus that the simulator starts."""
    return Programs(Path(find_program("prometheus")), Path(find_program("promtool")))


@pytest.fixture(scope="session")
def prometheus_3() -> Programs:
    """A 3.x that set-up fetched for these tests alone."""
    folder = TARGET / "usr" / "bin"
    if not (folder / "prometheus").is_file():
        give_up(f"no prometheus in {folder}; run: make setup")
    return Programs(folder / "prometheus", folder / "promtool")


@pytest.fixture(scope="session", params=["installed", "prometheus_3"])
def programs(request: pytest.FixtureRequest) -> Programs:
    """Each of the two."""
    found: Programs = request.getfixturevalue(request.param)
    return found
