"""Chunks as the records of a segment file, many at once.

A record is the length of the data as an uvarint, a byte for the encoding, the data, and the
checksum of encoding and data (prometheus/prometheus, tsdb/docs/format/chunks.md). The data are

    count, 16 bits | t[0], varint | v[0], 64 bits | t[1] - t[0], uvarint | xor of v[1]
    | delta of delta of t[2] | xor of v[2] | delta of delta of t[3] ...
"""

from dataclasses import dataclass
from typing import Final

import google_crc32c
import numpy as np
from numpy.typing import NDArray

from simulator.tsdb.bits import put, stream_bytes, stream_of, uvarints, zigzag
from simulator.tsdb.xor import Fields, deltas_of_deltas, differences

__all__ = ["chunk_records"]

_XOR_ENCODING: Final = 1
_COUNT_BITS: Final = 16
_VALUE_BITS: Final = 64
_CHECKSUM_BYTES: Final = 4


def chunk_records(
    times_ms: NDArray[np.int64], values: NDArray[np.uint64], counts: NDArray[np.int64]
) -> tuple[bytes, NDArray[np.int64]]:
    """Records, one behind the other, and the bytes of each.

    Args:
        times_ms: shape (chunks, samples), two at least; behind its end a chunk repeats its last.
        values: the bits of the floats, the same shape, repeated in the same way.
        counts: the samples of each chunk, shape (chunks,).
    """
    is_there = np.arange(1, times_ms.shape[1]) < counts[:, np.newaxis]
    time_deltas = np.diff(times_ms, axis=1)
    later = _later_samples(time_deltas, values, is_there)
    first_delta, delta_widths = uvarints(time_deltas[:, 0].view(np.uint64))
    head = [
        uvarints(zigzag(times_ms[:, 0])),
        (values[:, 0], _each(_VALUE_BITS, counts)),
        (first_delta, delta_widths * is_there[:, 0]),
    ]
    n_bytes = later.n_bits + _COUNT_BITS + 7
    for _, widths in head:
        n_bytes += widths
    n_bytes //= 8
    length = uvarints(n_bytes.view(np.uint64))
    encoding_and_count = np.uint64(_XOR_ENCODING << _COUNT_BITS) | counts.view(np.uint64)
    lengths = n_bytes + length[1] // 8 + 1 + _CHECKSUM_BYTES

    ends = np.cumsum(lengths, dtype=np.int64)
    stream = stream_of(int(ends[-1]) * 8)
    at = (ends - lengths) * 8
    for fields, widths in (length, (encoding_and_count, _each(8 + _COUNT_BITS, counts)), *head):
        put(stream, at, fields, widths)
        at = at + widths
    later.put(stream, at)
    return _with_checksums(stream_bytes(stream, int(ends[-1]) * 8), ends, n_bytes), lengths


def _each(width: int, counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.full(len(counts), width, np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class _LaterSamples:
    """All samples but each chunk's first; `widths` of both fields, (chunks, samples - 1)."""

    deltas: Fields
    xors: Fields
    delta_widths: NDArray[np.uint8]
    widths: NDArray[np.uint8]

    @property
    def n_bits(self) -> NDArray[np.int64]:
        """Bits of each chunk."""
        return self.widths.sum(axis=1, dtype=np.int64)

    def put(self, stream: NDArray[np.uint64], at: NDArray[np.int64]) -> None:
        """Puts them into the stream, each chunk's from this bit on."""
        matrix = np.cumsum(self.widths, axis=1, dtype=np.int64)
        matrix -= self.widths
        matrix += at[:, np.newaxis]
        starts = matrix.ravel()
        self.deltas.put(stream, starts[self.deltas.places])
        starts += self.delta_widths.ravel()
        self.xors.put(stream, starts[self.xors.places])


def _later_samples(
    time_deltas: NDArray[np.int64], values: NDArray[np.uint64], is_there: NDArray[np.bool_]
) -> _LaterSamples:
    """What follows on the first samples.

    Without any difference, a sample is two 0 bits; the second has no delta of delta, and so one.
    """
    deltas, xors = deltas_of_deltas(time_deltas, is_there), differences(values)
    delta_widths = is_there.astype(np.uint8)
    delta_widths[:, 0] = 0
    np.put(delta_widths, deltas.places, deltas.widths)
    xor_widths = is_there.astype(np.uint8)
    np.put(xor_widths, xors.places, xors.widths)
    return _LaterSamples(deltas, xors, delta_widths, delta_widths + xor_widths)


def _with_checksums(records: bytes, ends: NDArray[np.int64], n_bytes: NDArray[np.int64]) -> bytes:
    """The records with the checksum of each one's encoding and data put behind them."""
    places = ends - _CHECKSUM_BYTES
    spans = zip((places - n_bytes - 1).tolist(), places.tolist(), strict=True)
    checksums = [google_crc32c.value(records[start:end]) for start, end in spans]
    written = np.frombuffer(records, np.uint8).copy()
    written[places[:, np.newaxis] + np.arange(_CHECKSUM_BYTES)] = (
        np.array(checksums, ">u4").view(np.uint8).reshape(-1, _CHECKSUM_BYTES)
    )
    return written.tobytes()
