"""A block read the plain way, with everything that its format says checked."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

import google_crc32c

from tests.support.chunk_oracle import decoded

if TYPE_CHECKING:
    from pathlib import Path

Labels = tuple[tuple[str, str], ...]
Series = dict[Labels, list[tuple[int, int]]]
"""The times and the bits of the values of each series."""


class _Bytes:
    """Reads numbers from a place on."""

    def __init__(self, content: bytes, at: int) -> None:
        self.content = content
        self.at = at

    def take(self, count: int) -> bytes:
        self.at += count
        return self.content[self.at - count : self.at]

    def u32(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def uvarint(self) -> int:
        number = shift = 0
        while True:
            (byte,) = self.take(1)
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    def varint(self) -> int:
        raw = self.uvarint()
        return raw // 2 if raw % 2 == 0 else -(raw + 1) // 2

    def text(self) -> str:
        return self.take(self.uvarint()).decode()

    def checked(self, length: int) -> _Bytes:
        """The next bytes, once the checksum behind them is right."""
        content = self.take(length)
        assert self.u32() == google_crc32c.value(content), f"the checksum before {self.at}"
        return _Bytes(content, 0)

    def section(self) -> _Bytes:
        return self.checked(self.u32())


def read_block(block: Path) -> Series:
    """All samples of a block."""
    index = (block / "index").read_bytes()
    assert index[:5] == bytes.fromhex("BAAAD70002")
    toc = _Bytes(index, len(index) - 52).checked(48)
    symbols_at, series_at, *label_indices, postings_at, table_at = struct.unpack(">6Q", toc.content)
    assert label_indices == [0, 0]
    symbols = _symbols(_Bytes(index, symbols_at).section())
    postings = _postings(index, _Bytes(index, table_at).section())
    numbers = postings["", ""]
    assert numbers[0] * 16 >= series_at
    assert (numbers[-1] * 16, postings_at) < (postings_at, table_at)
    places = {number: _series(_Bytes(index, number * 16), symbols) for number in numbers}
    all_labels = [labels for labels, _ in places.values()]
    assert all_labels == sorted(set(all_labels))
    _check_postings(postings, {number: labels for number, (labels, _) in places.items()})
    _check_references([reference for _, chunks in places.values() for *_, reference in chunks])
    segments = [file.read_bytes() for file in sorted((block / "chunks").iterdir())]
    for segment in segments:
        assert segment[:8] == bytes.fromhex("85BD40DD01000000")
    found = {labels: _samples(segments, chunks) for labels, chunks in places.values()}
    _check_meta(block, found, sum(len(chunks) for _, chunks in places.values()))
    return found


def _symbols(section: _Bytes) -> list[str]:
    symbols = [section.text() for _ in range(section.u32())]
    assert symbols == sorted(set(symbols), key=str.encode)
    return symbols


def _series(entry: _Bytes, symbols: list[str]) -> tuple[Labels, list[tuple[int, int, int]]]:
    body = entry.checked(entry.uvarint())
    n_labels = body.uvarint()
    pairs = [(symbols[body.uvarint()], symbols[body.uvarint()]) for _ in range(n_labels)]
    assert pairs == sorted(pairs)
    chunks: list[tuple[int, int, int]] = []
    for number in range(body.uvarint()):
        if number:
            first = body.uvarint() + chunks[-1][1]
            assert first > chunks[-1][1]
        else:
            first = body.varint()
        last = first + body.uvarint()
        chunks.append((first, last, body.varint() + chunks[-1][2] if number else body.uvarint()))
    assert chunks
    assert body.at == len(body.content)
    return tuple(pairs), chunks


def _postings(index: bytes, table: _Bytes) -> dict[tuple[str, str], list[int]]:
    found = {}
    for _ in range(table.u32()):
        assert table.take(1) == b"\x02"
        pair = table.text(), table.text()
        place = table.uvarint()
        assert place % 4 == 0
        entries = _Bytes(index, place).section()
        found[pair] = [entries.u32() for _ in range(entries.u32())]
        assert found[pair] == sorted(set(found[pair]))
    assert list(found) == sorted(found, key=lambda pair: (pair[0].encode(), pair[1].encode()))
    return found


def _check_postings(postings: dict[tuple[str, str], list[int]], series: dict[int, Labels]) -> None:
    expected: dict[tuple[str, str], list[int]] = {("", ""): list(series)}
    for number, labels in series.items():
        for pair in labels:
            assert all(pair)
            expected.setdefault(pair, []).append(number)
    assert postings == expected


def _check_references(references: list[int]) -> None:
    assert references == sorted(set(references))


def _samples(segments: list[bytes], chunks: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    samples: list[tuple[int, int]] = []
    for first, last, reference in chunks:
        record = _Bytes(segments[reference >> 32], reference & 0xFFFFFFFF)
        body = record.checked(record.uvarint() + 1)
        assert body.take(1) == b"\x01"
        found = list(decoded(body.content[1:]))
        assert (found[0][0], found[-1][0]) == (first, last)
        samples += found
    return samples


def _check_meta(block: Path, series: Series, n_chunks: int) -> None:
    times = [time for samples in series.values() for time, _ in samples]
    assert json.loads((block / "meta.json").read_text()) == {
        "ulid": block.name,
        "minTime": min(times),
        "maxTime": max(times) + 1,
        "stats": {"numSamples": len(times), "numSeries": len(series), "numChunks": n_chunks},
        "compaction": {"level": 1, "sources": [block.name]},
        "version": 1,
    }
    assert (block / "tombstones").read_bytes() == bytes.fromhex("0130BA300100000000")
