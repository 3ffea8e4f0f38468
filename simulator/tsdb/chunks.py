"""The samples of a block as records of XOR chunks in segment files."""

import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from simulator.tsdb.records import chunk_records

__all__ = ["Places", "write_chunks"]

_CHUNK_SAMPLES: Final = 120
"""What Prometheus aims at (prometheus/prometheus, tsdb/head.go, `DefaultSamplesPerChunk`)."""

_BATCH_CHUNKS: Final = 600
"""Made at once: enough that a call of numpy pays, and few enough that memory is used again."""

_SEGMENT_BYTES: Final = 512 * 1024 * 1024
_SEGMENT_HEADER: Final = bytes.fromhex("85BD40DD 01 000000")  # magic, version 1, padding


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where and when chunks are, series after series; arrays of shape (chunks,).

    `series` is the number of their series; times are those of the first and the last sample, in ms.
    """

    series: NDArray[np.int64]
    first_times: NDArray[np.int64]
    last_times: NDArray[np.int64]
    references: NDArray[np.int64]


def write_chunks(
    folder: Path,
    times_ms: NDArray[np.int64],
    values: NDArray[np.float64],
    is_present: NDArray[np.bool_],
    rows: NDArray[np.int64],
) -> Places:
    """Writes the segment files of a block, which are on the disk when this returns.

    Args:
        folder: where the files go.
        times_ms: shape (ticks,).
        values: shape (series, ticks).
        is_present: where there is a sample, the same shape.
        rows: the series, in the order to write them in, each with a sample at least.
    """
    segments = _Segments(folder)
    try:
        return _written(segments, times_ms, values, is_present, rows)
    finally:
        segments.close()


def _written(
    segments: "_Segments",
    times_ms: NDArray[np.int64],
    values: NDArray[np.float64],
    is_present: NDArray[np.bool_],
    rows: NDArray[np.int64],
) -> Places:
    counts = is_present.sum(axis=1)[rows]
    batches = (np.cumsum(-(-counts // _CHUNK_SAMPLES)) - 1) // _BATCH_CHUNKS
    edges = [0, *(np.flatnonzero(np.diff(batches)) + 1).tolist(), len(rows)]
    found = []
    for start, end in pairwise(edges):
        batch = rows[start:end]
        kept = is_present[batch]
        moments = np.broadcast_to(times_ms, kept.shape)[kept]
        bits = values[batch][kept].view(np.uint64)
        found.append(_write_batch(segments, moments, bits, counts[start:end], start))
    return Places(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _write_batch(
    segments: "_Segments",
    times_ms: NDArray[np.int64],
    values: NDArray[np.uint64],
    sample_counts: NDArray[np.int64],
    first_series: int,
) -> tuple[NDArray[np.int64], ...]:
    """The columns of `Places` of some series.

    Args:
        segments: where the chunks go.
        times_ms: of the samples, series after series, shape (samples,).
        values: the bits of their floats, shape (samples,).
        sample_counts: the samples of each series, shape (series,).
        first_series: the number of the first of them.
    """
    series, firsts, counts = _cut(sample_counts)
    samples = np.arange(max(2, counts.max()))
    samples = firsts[:, np.newaxis] + np.minimum(samples, counts[:, np.newaxis] - 1)
    records, lengths = chunk_records(times_ms[samples], values[samples], counts)
    references = segments.append(records) + np.cumsum(lengths) - lengths
    return series + first_series, times_ms[firsts], times_ms[firsts + counts - 1], references


def _cut(
    sample_counts: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Chunks for so many samples of each series: their series, samples before them, and samples.

    >>> [column.tolist() for column in _cut(np.array([121, 5]))]
    [[0, 0, 1], [0, 120, 121], [120, 1, 5]]
    """
    n_chunks = -(-sample_counts // _CHUNK_SAMPLES)
    series = np.repeat(np.arange(len(sample_counts)), n_chunks)
    earlier = np.cumsum(n_chunks) - n_chunks
    taken = (np.arange(len(series)) - earlier[series]) * _CHUNK_SAMPLES
    firsts = (np.cumsum(sample_counts) - sample_counts)[series] + taken
    return series, firsts, np.minimum(sample_counts[series] - taken, _CHUNK_SAMPLES)


class _Segments:
    """The files 000001, 000002, ... of at most 512 MiB each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[BinaryIO] = []

    def append(self, records: bytes) -> int:
        """Adds records; the reference of their first byte: number of the file, place in it."""
        if not self._files or self._files[-1].tell() + len(records) > _SEGMENT_BYTES:
            self.close()
            name = f"{len(self._files) + 1:06}"
            self._files.append((self._folder / name).open("xb"))
            self._files[-1].write(_SEGMENT_HEADER)
        place = self._files[-1].tell()
        self._files[-1].write(records)
        return ((len(self._files) - 1) << 32) + place

    def close(self) -> None:
        """Puts the last file on the disk."""
        if self._files and not self._files[-1].closed:
            self._files[-1].flush()
            os.fsync(self._files[-1].fileno())
            self._files[-1].close()
