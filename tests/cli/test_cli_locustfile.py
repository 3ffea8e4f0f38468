"""`simulator locustfile`, and what is said where Locust is not installed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from tests.support.simulator_process import Program

SCORING = CHECKOUT / "locustfiles" / "scoring.py"
SHAPE = CHECKOUT / "locustfiles" / "shape.py"


def test_it_prints_what_locust_takes(simulator: Program) -> None:
    assert simulator("locustfile").stdout == f"{SCORING}\n"


def test_the_load_shape_comes_second(simulator: Program) -> None:
    assert simulator("locustfile", "--shape").stdout == f"{SCORING},{SHAPE}\n"


@pytest.mark.parametrize("command", ["locustfile", "demo"])
def test_without_locust_the_extra_that_brings_it_is_named(
    simulator: Program, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setitem(sys.modules, "locust", None)
    ended = simulator(command)

    assert (ended.code, ended.stdout) == (2, "")
    assert ended.stderr == (
        "simulator: Locust is not installed; run: "
        "pip install 'scoring-platform-simulator[locust]'\n"
    )
