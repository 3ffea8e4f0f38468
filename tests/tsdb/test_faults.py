"""The plain reader of the tests finds a fault in any field, so what it accepts is right."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import pytest

from simulator.tsdb.blocks import Samples, windows
from simulator.tsdb.ulids import ulid
from tests.support.block_reader import read_block
from tests.support.faulty_tsdb import FAULTS, Fault, faulty_writer
from tests.support.sample_values import START_MS, generated, given_series

if TYPE_CHECKING:
    from pathlib import Path

NAME = ulid(START_MS, entropy=bytes(range(10)))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.field)
def test_a_fault_is_found(tmp_path: Path, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = next(windows(generated(seed=1)))
    with faulty_writer(fault, tmp_path) as blocks:
        chunks = importlib.import_module(f"{blocks.__package__}.chunks")
        monkeypatch.setattr(chunks, "_SEGMENT_BYTES", 30_000)
        monkeypatch.setattr(chunks, "_BATCH_CHUNKS", 20)
        block = blocks.write_block(samples, folder=tmp_path, ulid=NAME)
    assert len(list((block / "chunks").iterdir())) > 1
    assert not is_right(block, samples)


def is_right(block: Path, samples: Samples) -> bool:
    try:
        return read_block(block) == given_series(samples)
    except (AssertionError, ValueError, LookupError):
        return False


def test_without_a_fault_none_is_found(tmp_path: Path) -> None:
    samples = next(windows(generated(seed=1)))
    with faulty_writer(Fault("none", "blocks", '"ulid"', '"ulid"'), tmp_path) as blocks:
        block = blocks.write_block(samples, folder=tmp_path, ulid=NAME)
    assert is_right(block, samples)
