"""What a stack says before anybody wonders."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from simulator.runtime.stack import _future_samples_notes as future_samples_notes

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_794_182_400.0  # 2026-11-09T00:00:00Z


def block(folder: Path, end: object) -> None:
    (folder / "01A").mkdir()
    (folder / "01A" / "meta.json").write_text(json.dumps({"minTime": 0, "maxTime": end}))


def test_samples_of_a_time_to_come_are_said_with_what_they_mean(tmp_path: Path) -> None:
    block(tmp_path, round((NOW + 5400.0) * 1000))

    (note,) = future_samples_notes(tmp_path, now=NOW)

    assert note.startswith(f"{tmp_path} holds samples until 2026-11-09T01:30:00Z, in 1h30m: ")
    assert "until then Prometheus drops all that it scrapes" in note


def test_a_history_up_to_now_is_nothing_to_tell(tmp_path: Path) -> None:
    block(tmp_path, round(NOW * 1000) + 1)  # a block ends a millisecond after its last sample

    assert not list(future_samples_notes(tmp_path, now=NOW))


@pytest.mark.parametrize("end", [10**400, -1, "soon", None, 10**18])
def test_what_is_no_block_is_nothing_to_tell(tmp_path: Path, end: object) -> None:
    block(tmp_path, end)

    assert not list(future_samples_notes(tmp_path, now=NOW))


def test_a_folder_that_is_not_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert not list(future_samples_notes(tmp_path / "none", now=NOW))
