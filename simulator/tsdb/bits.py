"""Fields of bits put into a stream, many at once: big-endian, the first bit first."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["put", "stream_bytes", "stream_of", "uvarints", "zigzag"]


def stream_of(n_bits: int) -> NDArray[np.uint64]:
    """A stream of so many bits, all 0: words of 64, and one more that `put` may touch."""
    return np.zeros(n_bits // 64 + 2, np.uint64)


def stream_bytes(stream: NDArray[np.uint64], n_bits: int) -> bytes:
    """The stream's bytes; the last is filled up with zero bits."""
    return stream.astype(">u8").tobytes()[: (n_bits + 7) // 8]


def put(
    stream: NDArray[np.uint64],
    starts: NDArray[np.int64],
    fields: NDArray[np.uint64],
    widths: NDArray[np.uint8],
) -> None:
    """Puts fields where the stream is still 0.

    Args:
        stream: is changed.
        starts: the bit each field begins at, ascending; fields do not overlap.
        fields: nothing is set above their widths.
        widths: their bits, 1 to 64.

    A field lies in one word or in two. What fields that begin in the same word have there is the
    difference of two running sums, modulo 2^64; only the last of them reaches into the next word.

    >>> stream = stream_of(72)
    >>> ones, widths = np.array([1, 0xFF], np.uint64), np.array([2, 8], np.uint8)
    >>> put(stream, np.array([4, 60]), ones, widths)
    >>> stream_bytes(stream, 72).hex()
    '040000000000000ff0'
    """
    if not len(starts):
        return
    words, offsets = starts >> 6, (starts & 63).view(np.uint64)
    raised = fields << (-widths & np.uint8(63))  # against the word's highest bit
    lasts = np.append(np.flatnonzero(words[1:] != words[:-1]), len(words) - 1)
    sums = np.cumsum(raised >> offsets, dtype=np.uint64)[lasts]
    sums[1:] -= sums[:-1].copy()
    stream[words[lasts]] |= sums
    # by 64 - offset, in two steps, since a shift by 64 is not defined
    spilled = raised[lasts] << np.uint64(1) << (np.uint64(63) - offsets[lasts])
    stream[words[lasts] + 1] |= spilled


def uvarints(numbers: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Go's integers of variable length as fields with their widths, for numbers below 2^56.

    Seven bits a byte, the lowest first; the eighth bit says that more follow (Go, package
    encoding/binary).

    >>> fields, widths = uvarints(np.array([5, 300], np.uint64))
    >>> [hex(field) for field in fields.tolist()], widths.tolist()
    (['0x5', '0xac02'], [8, 16])
    """
    fields, widths = np.zeros_like(numbers), np.zeros(len(numbers), np.uint8)
    left, is_there = numbers.copy(), np.ones(len(numbers), np.bool_)
    while is_there.any():
        byte = left & np.uint64(0x7F)
        left >>= np.uint64(7)
        has_more = left > 0
        byte |= has_more.astype(np.uint64) << np.uint64(7)
        np.copyto(fields, (fields << np.uint64(8)) | byte, where=is_there)
        widths += is_there.view(np.uint8) << np.uint8(3)
        is_there = has_more
    return fields, widths


def zigzag(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Signed numbers as unsigned ones that are small near zero.

    >>> zigzag(np.array([0, -1, 1, -2])).tolist()
    [0, 1, 2, 3]
    """
    return ((numbers << 1) ^ (numbers >> 63)).view(np.uint64)
