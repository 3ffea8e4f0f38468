"""Files: read up to a size, or refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.errors import SimulatorError
from simulator.reading.files import read_bounded, read_text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def test_a_file_of_the_most_bytes_is_read(file: Path) -> None:
    file.write_bytes(b"x" * 1000)

    assert read_bounded(file, most=1000, error=SimulatorError) == b"x" * 1000


def test_a_larger_file_is_refused_with_the_most(file: Path) -> None:
    file.write_bytes(b"x" * 1001)

    with pytest.raises(SimulatorError, match=r"file: larger than 1,000 bytes"):
        read_bounded(file, most=1000, error=SimulatorError)


def test_a_file_without_an_end_is_refused_soon(file: Path) -> None:
    file.symlink_to("/dev/zero")

    with pytest.raises(SimulatorError, match=r"file: larger than 1,000 bytes"):
        read_bounded(file, most=1000, error=SimulatorError)


def test_what_is_no_file_is_refused_with_the_systems_words(tmp_path: Path) -> None:
    with pytest.raises(SimulatorError, match="cannot be read: Is a directory"):
        read_bounded(tmp_path, most=1000, error=SimulatorError)


def test_text_has_no_byte_order_mark(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf\xc3\xa9")

    assert read_text(file, most=1000, error=SimulatorError) == "é"


@pytest.mark.parametrize("content", ["é".encode("utf-16"), b"caf\xe9", b"\xff"])
def test_another_encoding_is_refused_with_the_place(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    with pytest.raises(SimulatorError, match=r"file: not UTF-8 text at byte [0-9]"):
        read_text(file, most=1000, error=SimulatorError)
