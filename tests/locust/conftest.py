"""Starts what the tests of the load need.

Importing locust itself patches the process that does it, so classes that need it are only ever
looked at from outside: by running Locust, or a script in a process of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.locust_runs import Gateway, ScenarioFile, StandingPlatform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def scenario_file(tmp_path_factory: pytest.TempPathFactory) -> ScenarioFile:
    """Writes a scenario with these parts and gives its path."""
    folder: Path = tmp_path_factory.mktemp("scenarios")
    return ScenarioFile(folder)


@pytest.fixture
def gateway(find_program: Callable[[str], str], tmp_path: Path) -> Iterator[Gateway]:
    with Gateway(find_program("pushgateway"), tmp_path / "gateway.log") as started:
        yield started


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandingPlatform]:
    """A platform that runs without Locust's doing."""
    log = tmp_path_factory.mktemp("platform") / "platform.log"
    with StandingPlatform(log) as started:
        yield started
