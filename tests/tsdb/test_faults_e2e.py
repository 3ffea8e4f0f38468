"""Real programs find a fault in any field that they read: what they accept is a block of theirs."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING

import pytest

from simulator.errors import StackError
from simulator.tsdb.blocks import windows, write_block
from simulator.tsdb.ulids import ulid
from tests.support.faulty_tsdb import FAULTS, Fault, faulty_writer
from tests.support.real_tsdb import ADMIN, Programs
from tests.support.sample_values import START_MS, generated, series_counts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SAMPLES = next(windows(generated(seed=1)))
NAME = ulid(START_MS, entropy=bytes(range(10)))
LAST = int(SAMPLES.times_ms[-1])
MIDDLE = int(SAMPLES.times_ms[len(SAMPLES.times_ms) // 2])


@pytest.fixture(scope="module")
def right(installed: Programs, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("right")
    write_block(SAMPLES, folder=folder, ulid=NAME)
    return installed.dump(folder)


def between(lines: Iterable[str], start: int, end: int) -> list[str]:
    return [line for line in lines if start <= int(line.rpartition(" ")[2]) <= end]


def what_is_wrong(installed: Programs, folder: Path, right: list[str]) -> str:
    """What is not served, found or written anew as it should be; "" where all is.

    Plain comparisons, since pytest would work out how thousands of lines differ.
    """
    if installed.dump(folder) != right:
        return "the dump"
    for moment in (MIDDLE, LAST):
        expected = between(right, moment, moment)
        if installed.dump(folder, start=moment, end=moment) != expected:
            return f"the dump at {moment}"
    with installed.serving(folder, ADMIN) as server:
        for pair, count in series_counts(SAMPLES).items():
            if server.count(pair) != count:
                return f"the number of series with {pair}"
        server.rewrite_without("metric_3")
    if (folder / NAME).exists():
        return "the block stays beside the one written anew"
    kept = [line for line in right if '__name__="metric_3"' not in line]
    return "" if installed.dump(folder) == kept else "the dump of the block written anew"


def is_accepted(installed: Programs, folder: Path, right: list[str]) -> bool:
    try:
        return not what_is_wrong(installed, folder, right)
    except (AssertionError, StackError):
        return False


READ = [fault for fault in FAULTS if fault.is_read]


@pytest.mark.parametrize("fault", READ, ids=lambda fault: re.sub(r"\W+", "-", fault.field))
def test_a_fault_is_found(
    tmp_path: Path,
    installed: Programs,
    right: list[str],
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "blocks"
    with faulty_writer(fault, tmp_path) as blocks:
        chunks = importlib.import_module(f"{blocks.__package__}.chunks")
        monkeypatch.setattr(chunks, "_SEGMENT_BYTES", 30_000)
        monkeypatch.setattr(chunks, "_BATCH_CHUNKS", 20)
        blocks.write_block(SAMPLES, folder=folder, ulid=NAME)
    assert not is_accepted(installed, folder, right)


def test_without_a_fault_none_is_found(
    tmp_path: Path, installed: Programs, right: list[str]
) -> None:
    write_block(SAMPLES, folder=tmp_path / "blocks", ulid=NAME)
    assert not what_is_wrong(installed, tmp_path / "blocks", right)
