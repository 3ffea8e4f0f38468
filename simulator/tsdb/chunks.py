"""The samples of a block as records of XOR chunks in segment files."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from simulator.tsdb.records import chunk_records

__all__ = ["Chunks", "cut", "write_chunks"]

_CHUNK_SAMPLES: Final = 120
"""What Prometheus aims at (prometheus/prometheus, tsdb/head.go, `DefaultSamplesPerChunk`)."""

_BATCH_CHUNKS: Final = 900
"""Made at once: enough that a call of numpy pays, and few enough for a processor's cache."""

_SEGMENT_BYTES: Final = 512 * 1024 * 1024
_SEGMENT_HEADER: Final = bytes.fromhex("85BD40DD 01 000000")  # magic, version 1, padding


@dataclass(frozen=True, slots=True, eq=False)
class Chunks:
    """The chunks of a block, series after series; arrays of shape (chunks,).

    `series` is the place of their series in its order; `firsts` counts the samples before them.
    """

    series: NDArray[np.int64]
    firsts: NDArray[np.int64]
    counts: NDArray[np.int64]


def cut(sample_counts: NDArray[np.int64]) -> Chunks:
    """The chunks for so many samples of each series, shape (series,).

    >>> chunks = cut(np.array([121, 0, 5]))
    >>> chunks.series.tolist(), chunks.firsts.tolist(), chunks.counts.tolist()
    ([0, 0, 2], [0, 120, 121], [120, 1, 5])
    """
    n_chunks = -(-sample_counts // _CHUNK_SAMPLES)
    series = np.repeat(np.arange(len(sample_counts)), n_chunks)
    earlier = np.cumsum(n_chunks) - n_chunks
    taken = (np.arange(len(series)) - earlier[series]) * _CHUNK_SAMPLES
    firsts = (np.cumsum(sample_counts) - sample_counts)[series] + taken
    return Chunks(series, firsts, np.minimum(sample_counts[series] - taken, _CHUNK_SAMPLES))


def write_chunks(
    folder: Path, chunks: Chunks, times_ms: NDArray[np.int64], values: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """Writes the segment files of a block; where each chunk is, as an index refers to it.

    Args:
        folder: where the files go, which are on the disk when this returns.
        chunks: what to write.
        times_ms: of the samples, series after series, shape (samples,).
        values: the bits of their floats, shape (samples,).
    """
    references = np.empty(len(chunks.series), np.int64)
    segments = _Segments(folder)
    try:
        for first in range(0, len(references), _BATCH_CHUNKS):
            batch = slice(first, first + _BATCH_CHUNKS)
            counts = chunks.counts[batch, np.newaxis]
            places = np.arange(max(2, counts.max()))
            samples = chunks.firsts[batch, np.newaxis] + np.minimum(places, counts - 1)
            records, lengths = chunk_records(times_ms[samples], values[samples], counts[:, 0])
            references[batch] = segments.append(records) + np.cumsum(lengths) - lengths
    finally:
        segments.close()
    return references


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
