from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from simulator.cli import main
from tests.support.gateway_double import GatewayDouble
from tests.support.simulator_process import Ended, Program

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def simulator(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    """The program in this process, where it starts in no time; for commands that end at once."""

    monkeypatch.delenv("COLUMNS", raising=False)  # tables as wide as in a pipe, whoever runs this

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["simulator", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        written = capsys.readouterr()
        return Ended(int(ended.value.code or 0), written.out, written.err)

    return run


@pytest.fixture
def gateway() -> Iterator[GatewayDouble]:
    with GatewayDouble() as double:
        yield double
