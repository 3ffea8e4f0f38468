"""What all tests share: the strength of property tests, real programs, and golden files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable

# Laptops and CI machines stall at times; a slow example says nothing about its result.
settings.register_profile("local", deadline=None, max_examples=60)
# In CI the same examples every time, so that a red run is about the change that was made.
settings.register_profile("ci", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the golden files from what the code gives now; read the diff afterwards",
    )


@pytest.fixture(scope="session")
def find_program() -> Callable[[str], str]:
    """The path of a real program by name; its absence skips the test, or fails it in CI."""
    from simulator.runtime.binaries import locate  # noqa: PLC0415 - only these tests need it

    def find(name: str) -> str:
        if found := locate(name):
            return str(found)
        reason = f"{name} is neither on PATH nor in .tools/"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)

    return find


@pytest.fixture(scope="session")
def promtool(find_program: Callable[[str], str]) -> str:
    return find_program("promtool")


@pytest.fixture(scope="session")
def is_updating_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))
