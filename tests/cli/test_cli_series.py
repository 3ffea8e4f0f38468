"""How many series a mapping may make is known before a command does anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator_process import Program


@pytest.fixture
def many(tmp_path: Path) -> str:
    labels = {"a": [str(n) for n in range(100)], "b": [str(n) for n in range(201)]}
    metrics = {"many": {"signal": {"base": 1, "labels": labels}}}
    path = tmp_path / "many.yaml"
    path.write_text(json.dumps({"version": 1, "name": "many", "metrics": metrics}))
    return str(path)


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "backfill calm --output none",
        "cover calm",
        "scenario plan",
        "tune calm",
        "demo --length 10s",
    ],
)
def test_every_command_counts_and_allows(simulator: Program, many: str, command: str) -> None:
    told = simulator(*command.split(), "--mapping", many)
    assert told.code == 2, told
    assert "many: 20,100 series, and 20,000 are allowed" in told.stderr
    few = simulator(*command.split(), "--mapping", many, "--allow-series", "20099")
    assert "and 20,099 are allowed" in few.stderr
    none = simulator(*command.split(), "--allow-series", "0")
    assert (none.code, "--allow-series" in none.stderr) == (2, True)
