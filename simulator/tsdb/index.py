"""The index of a block: which series there are, where their chunks are, and who has which label.

prometheus/prometheus, tsdb/docs/format/index.md, version 2. Sections, in this order: symbols (each
string once), series, postings (the series of each pair of a name and a value), a table of postings,
and a table of contents. Label indices, which nothing reads any more, are left out.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

import google_crc32c
import numpy as np

from simulator.tsdb.bits import put, stream_bytes, stream_of, uvarints, zigzag
from simulator.tsdb.chunks import Places

__all__ = ["Labels", "index_file"]

Labels: TypeAlias = tuple[tuple[str, str], ...]
"""The labels of a series: names and values, sorted by name, none of them empty."""

_HEADER: Final = bytes.fromhex("BAAAD700 02")  # magic, version 2
_SERIES_ALIGNMENT, _POSTINGS_ALIGNMENT = 16, 4
_ALL: Final = ("", "")
"""The pair of labels that stands for all series."""


def index_file(series: Sequence[Labels], places: Places) -> bytes:
    """The content of the file `index`, of series that are sorted and have at least a chunk each."""
    index = bytearray(_HEADER)
    pairs = sorted({pair for labels in series for pair in labels})
    starts = [len(index)]
    symbols = _add_symbols(index, pairs)
    starts += [len(index), 0, 0]  # no label indices, and no table of them
    written = {pair: symbols[pair[0]] + symbols[pair[1]] for pair in pairs}
    postings = _add_series(index, series, written, _chunk_entries(places))
    starts.append(len(index))
    table = {pair: _add_postings(index, numbers) for pair, numbers in postings.items()}
    starts.append(len(index))
    _add_table(index, table)
    contents = struct.pack(">6Q", *starts)
    return bytes(index + contents + _checksum(contents))


def _add_symbols(index: bytearray, pairs: Iterable[tuple[str, str]]) -> dict[str, bytes]:
    """Adds each string once, sorted; the number of each, as it is written."""
    symbols = sorted({text for pair in pairs for text in pair})
    _add_section(index, struct.pack(">I", len(symbols)) + b"".join(map(_text, symbols)))
    return {symbol: _uvarint(number) for number, symbol in enumerate(symbols)}


def _add_series(
    index: bytearray,
    series: Iterable[Labels],
    written: Mapping[tuple[str, str], bytes],
    chunk_entries: Iterable[bytes],
) -> dict[tuple[str, str], list[int]]:
    """Adds the series; the ids of all, and of those with each label, in the order of the table.

    `written` are the numbers of each label's name and value, sorted by these.
    """
    everything: list[int] = []
    postings: dict[tuple[str, str], list[int]] = {pair: [] for pair in written}
    for labels, chunks in zip(series, chunk_entries, strict=True):
        _align(index, _SERIES_ALIGNMENT)
        number = len(index) // _SERIES_ALIGNMENT
        everything.append(number)
        for pair in labels:
            postings[pair].append(number)
        entry = b"".join([_uvarint(len(labels)), *[written[pair] for pair in labels], chunks])
        index += _uvarint(len(entry)) + entry + _checksum(entry)
    return {_ALL: everything, **postings}


def _chunk_entries(places: Places) -> Iterator[bytes]:
    """What is written of the chunks of each series: how many there are, then times and references.

    The times are differences, from the last time of the chunk before and from the first time;
    references are, too, from the second on. Of these numbers the first of a series' first chunk and
    the last of its later chunks may be negative.
    """
    is_first = np.diff(places.series, prepend=-1) > 0
    gaps = places.first_times - np.where(is_first, 0, np.roll(places.last_times, 1))
    steps = places.references - np.where(is_first, 0, np.roll(places.references, 1))
    numbers = np.empty((len(gaps), 3), np.uint64)
    numbers[:, 0] = np.where(is_first, zigzag(gaps), gaps.view(np.uint64))
    numbers[:, 1] = (places.last_times - places.first_times).view(np.uint64)
    numbers[:, 2] = np.where(is_first, steps.view(np.uint64), zigzag(steps))
    fields, widths = uvarints(numbers.ravel())
    ends = np.cumsum(widths, dtype=np.int64)
    stream = stream_of(int(ends[-1]))
    put(stream, ends - widths, fields, widths)
    written = stream_bytes(stream, int(ends[-1]))
    firsts = np.flatnonzero(is_first)
    counts = np.diff(firsts, append=len(is_first))
    edges = [*(ends - widths)[firsts * 3] // 8, len(written)]
    for count, (start, end) in zip(counts.tolist(), pairwise(edges), strict=True):
        yield _uvarint(count) + written[start:end]


def _add_postings(index: bytearray, numbers: Sequence[int]) -> int:
    """Adds the ids of series; where."""
    _align(index, _POSTINGS_ALIGNMENT)
    place = len(index)
    _add_section(index, struct.pack(f">{len(numbers) + 1}I", len(numbers), *numbers))
    return place


def _add_table(index: bytearray, places: Mapping[tuple[str, str], int]) -> None:
    """Adds where the postings of each pair of labels are."""
    entries = [
        b"\x02" + _text(name) + _text(value) + _uvarint(place)
        for (name, value), place in places.items()
    ]
    _add_section(index, struct.pack(">I", len(entries)) + b"".join(entries))


def _add_section(index: bytearray, content: bytes) -> None:
    index += struct.pack(">I", len(content)) + content + _checksum(content)


def _align(index: bytearray, n_bytes: int) -> None:
    index += bytes(-len(index) % n_bytes)


def _checksum(content: bytes) -> bytes:
    checksum: int = google_crc32c.value(content)
    return checksum.to_bytes(4, "big")


def _text(text: str) -> bytes:
    written = text.encode()
    return _uvarint(len(written)) + written


@lru_cache(maxsize=4096)
def _uvarint(number: int) -> bytes:
    """Go's integer of variable length: seven bits a byte, the lowest first.

    >>> _uvarint(300).hex()
    'ac02'
    """
    written = bytearray()
    while rest := number >> 7:
        written.append(number & 0x7F | 0x80)
        number = rest
    written.append(number)
    return bytes(written)
