"""The writer of blocks with one deliberate fault: in turn, every field of the format is wrong."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import simulator.tsdb

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Fault:
    """What is written instead of a part of a file's source; whether any program reads it."""

    field: str
    file: str
    right: str
    wrong: str
    is_read: bool = True


FAULTS = (
    Fault("segment: magic", "chunks", '"85BD40DD 01', '"85BD40DE 01'),
    Fault("segment: version", "chunks", "85BD40DD 01", "85BD40DD 02"),
    Fault("segment: padding", "chunks", "01 000000", "01 000001", is_read=False),
    Fault("reference: place", "chunks", "np.cumsum(lengths) - lengths", "np.cumsum(lengths)"),
    Fault("reference: file", "chunks", "(len(self._files) - 1) << 32", "len(self._files) << 32"),
    Fault("record: length", "records", "uvarints(n_bytes.view", "uvarints((n_bytes + 1).view"),
    Fault("record: encoding", "records", "_XOR_ENCODING: Final = 1", "_XOR_ENCODING: Final = 2"),
    Fault("record: checksum", "records", "places - n_bytes - 1)", "places - n_bytes)"),
    Fault("chunk: count", "records", "| counts.view", "| (counts - 1).view"),
    Fault("chunk: first time", "records", "zigzag(times_ms[:, 0])", "times_ms[:, 0].view('u8')"),
    Fault("chunk: first value", "records", "(values[:, 0], _each", "(~values[:, 0], _each"),
    Fault(
        "chunk: second time", "records", "time_deltas[:, 0].view", "(2 * time_deltas[:, 0]).view"
    ),
    Fault("chunk: second delta", "records", "delta_widths[:, 0] = 0", "delta_widths[:, 0] = 1"),
    Fault("delta: 14 bits", "xor", "(14, 0b10, 2)", "(14, 0b11, 2)"),
    Fault("delta: 17 bits", "xor", "(17, 0b110, 3)", "(17, 0b111, 3)"),
    Fault("delta: 20 bits", "xor", "(20, 0b1110, 4)", "(20, 0b1111, 4)"),
    Fault("delta: 64 bits", "xor", "_WIDE_PREFIX = 0b1111", "_WIDE_PREFIX = 0b1110"),
    Fault("delta: lower end", "xor", "(-half < deltas)", "(-half <= deltas)"),
    Fault("delta: upper end", "xor", "(deltas <= half)", "(deltas <= half + 1)"),
    Fault("xor: new window", "xor", "(0b11 << 11)", "(0b10 << 11)"),
    Fault("xor: same window", "xor", "np.uint16(0b10)", "np.uint16(0b11)"),
    Fault(
        "xor: leading zeros", "xor", "leading.astype(np.uint16) <<", "(leading ^ 1).astype('u2') <<"
    ),
    Fault("xor: most leading zeros", "xor", "_MOST_LEADING = 31", "_MOST_LEADING = 63"),
    Fault("xor: width", "xor", "(widths & 63)", "((widths - 1) & 63)"),
    Fault("xor: width of 64", "xor", "(widths & 63)", "(widths & 127)"),
    Fault("xor: bits", "xor", "changes >> trailing", "(changes >> trailing) ^ np.uint64(1)"),
    Fault("xor: rounding", "xor", "(changes & ~(changes >> np.uint64(1)))", "changes"),
    Fault("window: zeros before", "xor", "fits_not[0], fits_not[1]", "fits_not[1], fits_not[1]"),
    Fault("window: zeros behind", "xor", "fits_not[0], fits_not[1]", "fits_not[0], fits_not[0]"),
    Fault("varint: groups", "bits", "np.uint64(0x7F)", "np.uint64(0x3F)"),
    Fault("varint: more", "bits", "<< np.uint64(7)\n", "<< np.uint64(6)\n"),
    Fault("index: magic", "index", "BAAAD700", "BAAAD701"),
    Fault("index: version", "index", "BAAAD700 02", "BAAAD700 09"),
    Fault("section: length", "index", "len(content)) + content", "len(content) + 1) + content"),
    Fault("section: checksum", "index", "content + _checksum(content)\n", "content + bytes(4)\n"),
    Fault("symbols: order", "index", "for text in pair})\n", "for text in pair}, key=len)\n"),
    Fault("symbols: count", "index", "len(symbols)) +", "len(symbols) - 1) +"),
    Fault("symbols: length", "index", "_uvarint(len(written)) +", "_uvarint(len(written) + 1) +"),
    Fault("series: symbol", "index", "enumerate(symbols)", "enumerate(symbols, 1)"),
    Fault("series: alignment", "index", "_align(index, _SERIES_ALIGNMENT)", "_align(index, 8)"),
    Fault("series: id", "index", "// _SERIES_ALIGNMENT\n", "// _SERIES_ALIGNMENT + 1\n"),
    Fault("series: length", "index", "_uvarint(len(entry)) +", "_uvarint(len(entry) + 1) +"),
    Fault("series: checksum", "index", "entry + _checksum(entry)", "entry + _checksum(entry[1:])"),
    Fault("series: order", "blocks", "rows, strict=True))", "rows, strict=True), reverse=True)"),
    Fault(
        "series: count of labels", "index", "[_uvarint(len(labels)),", "[_uvarint(len(labels) - 1),"
    ),
    Fault("series: order of labels", "blocks", "pairs = (sorted(", "pairs = (list("),
    Fault("series: count of chunks", "index", "_uvarint(count) +", "_uvarint(count + 1) +"),
    Fault("series: first time", "index", "zigzag(gaps)", "(gaps + 1).view(np.uint64)"),
    Fault(
        "series: later times",
        "index",
        "np.roll(places.last_times, 1)",
        "np.roll(places.first_times, 1)",
    ),
    Fault(
        "series: last times",
        "index",
        "(places.last_times - places.first_times)",
        "(0 * places.last_times)",
    ),
    Fault(
        "series: first reference", "index", "is_first, steps.view(", "is_first, (2 * steps).view("
    ),
    Fault("series: later references", "index", ", zigzag(steps))", ", steps.view(np.uint64))"),
    Fault("postings: of all", "index", "{_ALL: everything,", "{_ALL: [],"),
    Fault("postings: of labels", "index", "for pair in labels:\n", "for pair in labels[1:]:\n"),
    Fault("postings: order", "index", "len(numbers), *numbers)", "len(numbers), *numbers[::-1])"),
    Fault("postings: count", "index", 'I", len(numbers), *', 'I", len(numbers) + 1, *'),
    Fault(
        "postings: alignment",
        "index",
        "_align(index, _POSTINGS_ALIGNMENT)",
        "_align(index, 3)",
        is_read=False,
    ),
    Fault("table: order", "index", "in postings.items()", "in reversed(postings.items())"),
    Fault("table: count of strings", "index", 'b"\\x02"', 'b"\\x03"'),
    Fault("table: place", "index", "_uvarint(place)\n", "_uvarint(place + 4)\n"),
    Fault("table: count", "index", "len(entries)) +", "len(entries) - 1) +"),
    Fault("contents: places", "index", '">6Q", *starts', '">6Q", *starts[::-1]'),
    Fault("contents: checksum", "index", "_checksum(contents)", "_checksum(contents[1:])"),
    Fault("meta: ulid", "blocks", '"ulid": ulid', '"ulid": "0" * 26'),
    Fault(
        "meta: minTime",
        "blocks",
        '"minTime": int(places.first_times.min())',
        '"minTime": int(places.first_times.max())',
    ),
    Fault("meta: maxTime", "blocks", "places.last_times.max()) + 1", "places.last_times.max())"),
    Fault("meta: version", "blocks", '"version": 1', '"version": 2'),
    Fault("meta: level", "blocks", '"level": 1', '"level": 2', is_read=False),
    Fault("meta: sources", "blocks", '"sources": [ulid]', '"sources": []', is_read=False),
    Fault("meta: stats", "blocks", '"numSeries": len(series)', '"numSeries": 0', is_read=False),
    Fault("tombstones: magic", "blocks", "0130BA30 01", "0130BA31 01"),
    Fault("tombstones: version", "blocks", "0130BA30 01", "0130BA30 02"),
    Fault("tombstones: checksum", "blocks", "01 00000000", "01 00000001"),
)


@contextmanager
def faulty_writer(fault: Fault, folder: Path) -> Iterator[Any]:
    """The module `blocks` of a copy of the package that has the fault."""
    name = "faulty_tsdb"
    package = folder / name
    package.mkdir()
    for file in Path(simulator.tsdb.__file__).parent.glob("*.py"):
        source = file.read_text().replace("simulator.tsdb", name)
        if file.stem == fault.file:
            assert fault.right in source, f"{file.name} has no {fault.right}"
            source = source.replace(fault.right, fault.wrong)
        (package / file.name).write_text(source)
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(f"{name}.blocks")
    finally:
        sys.path.remove(str(folder))
        for module in [module for module in sys.modules if module.partition(".")[0] == name]:
            del sys.modules[module]
