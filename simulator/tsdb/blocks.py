"""Samples as blocks that a Prometheus serves, compacts and deletes like its own.

Which bytes mean what, and what a Prometheus notices: docs/tsdb.md.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.tsdb.chunks import write_chunks
from simulator.tsdb.index import Labels, index_file
from simulator.tsdb.ulids import is_ulid

__all__ = ["BLOCK_MS", "STALE", "Samples", "windows", "write_block"]

BLOCK_MS: Final = 2 * 3600 * 1000
"""What a block of Prometheus spans, and at whose multiples of unix time it begins and ends."""

STALE: Final = np.uint64(0x7FF0000000000002).view(np.float64)
"""The value that ends a series at once, where else it is shown for five more minutes.

One of the many bit patterns that are no number (prometheus/prometheus, model/value/value.go). It
may be copied, but arithmetic makes another one of it.
"""

_MOST_TIME: Final = 1 << 54
"""In ms; the encoders take numbers of 56 bits."""

_UNFINISHED: Final = ".tmp-for-creation"
"""How names end of folders that a Prometheus removes when it starts."""

_NO_TOMBSTONES: Final = bytes.fromhex("0130BA30 01 00000000")  # magic, version 1, checksum of none


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Samples of many series at common times.

    `labels` has those of each series, its name under `__name__`; `times_ms` are milliseconds of
    unix time, ascending, shape (ticks,). `values` and `is_present`, which tells where there is a
    sample, have the shape (series, ticks). Every bit of a value is kept.

    Raises:
        ValueError: shapes or types that do not fit; times that do not ascend, or past 2^54 ms.
    """

    labels: Sequence[Mapping[str, str]]
    times_ms: NDArray[np.int64]
    values: NDArray[np.float64]
    is_present: NDArray[np.bool_]

    def __post_init__(self) -> None:
        shape = (len(self.labels), len(self.times_ms))
        for name, kind in (("times_ms", "i8"), ("values", "f8"), ("is_present", "?")):
            found = getattr(self, name)
            wanted = shape if name != "times_ms" else shape[1:]
            if found.dtype != np.dtype(kind) or found.shape != wanted:
                raise ValueError(
                    f"{name}: {found.dtype} of shape {found.shape} instead of {np.dtype(kind)} of "
                    f"shape {wanted}"
                )
        if not (self.times_ms[1:] > self.times_ms[:-1]).all():
            raise ValueError("times_ms: they do not ascend")
        if len(self.times_ms) and max(-self.times_ms[0], self.times_ms[-1]) > _MOST_TIME:
            raise ValueError(f"times_ms: {self.times_ms[[0, -1]]} are past {_MOST_TIME}")


def windows(samples: Samples) -> Iterator[Samples]:
    """The samples cut where Prometheus's blocks end; those of a boundary are in the later block."""
    edges = np.flatnonzero(np.diff(samples.times_ms // BLOCK_MS)) + 1
    for start, end in pairwise([0, *edges.tolist(), len(samples.times_ms)]):
        yield replace(
            samples,
            times_ms=samples.times_ms[start:end],
            values=samples.values[:, start:end],
            is_present=samples.is_present[:, start:end],
        )


def write_block(samples: Samples, *, folder: Path, ulid: str) -> Path:
    """Writes the samples as one block; the block's own folder, `folder/ulid`.

    Blocks in one folder must not overlap; see `windows`. A block claims the time up to its last
    sample and no more, so that a live Prometheus takes all that comes after.

    The block gets its name in one rename once it is whole and on the disk: the chunks, the index,
    tombstones, meta.json and the entries of its folders, then the rename, in this order. What a
    killed run leaves is removed by the next one for this name, or by a Prometheus that starts.

    Raises:
        ValueError: not one sample, two series of the same labels, or a name that is no ULID.
        FileExistsError: there is such a block already.
        OSError: the disk is full, or the folder cannot be written to.
    """
    if not is_ulid(ulid):
        raise ValueError(f"{ulid!r} is no ULID")
    block, unfinished = folder / ulid, folder / f"{ulid}{_UNFINISHED}"
    if block.exists():
        raise FileExistsError(f"there is a block {block}")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        _write_files(samples, unfinished, ulid)
        unfinished.rename(block)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    _sync(folder)
    return block


def _write_files(samples: Samples, block: Path, ulid: str) -> None:
    chunk_folder = block / "chunks"
    chunk_folder.mkdir(parents=True)
    series = _sorted_series(samples)
    rows = np.array([row for _, row in series])
    places = write_chunks(chunk_folder, samples.times_ms, samples.values, samples.is_present, rows)
    _write(block / "index", index_file([labels for labels, _ in series], places))
    _write(block / "tombstones", _NO_TOMBSTONES)
    meta = {
        "ulid": ulid,
        "minTime": int(places.first_times.min()),
        "maxTime": int(places.last_times.max()) + 1,
        "stats": {
            "numSamples": int(np.count_nonzero(samples.is_present)),
            "numSeries": len(series),
            "numChunks": len(places.series),
        },
        "compaction": {"level": 1, "sources": [ulid]},
        "version": 1,
    }
    _write(block / "meta.json", json.dumps(meta, indent="\t").encode())
    for folder in (chunk_folder, block):
        _sync(folder)


def _sorted_series(samples: Samples) -> list[tuple[Labels, int]]:
    """The series that have a sample, sorted by their labels as a block wants them, and their rows.

    A label without a value is as good as none.
    """
    rows = np.flatnonzero(samples.is_present.any(axis=1)).tolist()
    pairs = (sorted(pair for pair in samples.labels[row].items() if pair[1]) for row in rows)
    found = sorted(zip(map(tuple, pairs), rows, strict=True))
    if not found:
        raise ValueError("a block needs at least one sample")
    for (labels, row), (others, other) in pairwise(found):
        if labels == others:
            raise ValueError(f"series {row} and {other} have the same labels: {dict(labels)}")
    return found


def _write(file: Path, content: bytes) -> None:
    with file.open("xb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(folder: Path) -> None:
    """Its entries are on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
