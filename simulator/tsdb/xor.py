"""Samples as the bits of Prometheus's XOR chunks, for many chunks at once.

T. Pelkonen et al., "Gorilla: a fast, scalable, in-memory time series database", VLDB 2015, with the
widths of prometheus/prometheus, tsdb/chunkenc/xor.go. From its second sample on, a chunk has a
delta of delta of the time for each sample but the second, and a xor of the value.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.tsdb.bits import put

__all__ = ["Fields", "deltas_of_deltas", "differences"]

_WORD_BITS = 64
_MOST_LEADING = 31
_UNCHANGED = 255
"""Leading and trailing zeros of no difference; as a window: none is open yet."""

_DELTAS = ((20, 0b1110, 4), (17, 0b110, 3), (14, 0b10, 2))
"""Bits of a delta of delta, the prefix before them, and the prefix's bits."""

_WIDE_PREFIX = 0b1111


class Fields(NamedTuple):
    """Where bits are set: flat places in a matrix of samples, two fields for each."""

    places: NDArray[np.int64]
    first: NDArray[np.uint64]
    first_widths: NDArray[np.uint8]
    second: NDArray[np.uint64]
    second_widths: NDArray[np.uint8]

    @property
    def widths(self) -> NDArray[np.uint8]:
        """The bits of both."""
        return self.first_widths + self.second_widths

    def put(self, stream: NDArray[np.uint64], starts: NDArray[np.int64]) -> None:
        """Puts them into a stream, where they begin at these bits; both at once where they fit."""
        widths = self.widths
        are_one = widths <= _WORD_BITS
        both = (self.first << self.second_widths) | self.second
        put(stream, starts[are_one], both[are_one], widths[are_one])
        if not are_one.all():
            places, first_widths = starts[~are_one], self.first_widths[~are_one]
            put(stream, places, self.first[~are_one], first_widths)
            rest = self.second[~are_one], self.second_widths[~are_one]
            put(stream, places + first_widths, *rest)


def differences(values: NDArray[np.uint64]) -> Fields:
    """How values differ from the ones before them.

    Args:
        values: the bits of floats, shape (chunks, samples).

    Returns:
        For each place in a matrix (chunks, samples - 1) with a difference: its control bits, 10 for
        bits within the window of the difference before, or 11, 5 bits of leading zeros and 6 bits
        of width (64 as 0) for a window of its own; and the difference's bits in the window. Where
        there is no difference, a 0 bit is all that is written.
    """
    changes = values[:, 1:] ^ values[:, :-1]
    places = np.flatnonzero(changes != 0)
    shape, changes = changes.shape, changes.ravel()[places]
    leading, trailing, is_new = _windows(*_zeros(changes), places, shape)
    widths = 64 - leading - trailing
    own = (leading.astype(np.uint16) << 6) | (widths & 63) | (0b11 << 11)
    return Fields(
        places,
        np.where(is_new, own, np.uint16(0b10)).astype(np.uint64),
        np.where(is_new, np.uint8(13), np.uint8(2)),
        changes >> trailing,
        widths,
    )


def _zeros(changes: NDArray[np.uint64]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Leading zeros, at most 31, and trailing zeros of differences that are not 0.

    Both are the exponents of floats. Of two highest bits one is taken away, or rounding could carry
    into the exponent; the lowest bit alone is a power of two.
    """
    high = (changes & ~(changes >> np.uint64(1))).astype(np.float64).view(np.int64) >> 52
    low = (changes & -changes).astype(np.float64).view(np.int64) >> 52
    leading = np.minimum(1023 + 63 - high, _MOST_LEADING)
    return leading.astype(np.uint8), (low - 1023).astype(np.uint8)


def _windows(
    leading: NDArray[np.uint8],
    trailing: NDArray[np.uint8],
    places: NDArray[np.int64],
    shape: tuple[int, int],
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.bool_]]:
    """The window that each difference is written in, and whether it is a new one.

    A window lasts until a difference does not fit. This alone goes from sample to sample, each step
    for all chunks.
    """
    zeros = np.full((2, *shape), _UNCHANGED, np.uint8)
    np.put(zeros[0], places, leading)
    np.put(zeros[1], places, trailing)
    rows = np.ascontiguousarray(zeros.transpose(2, 0, 1))  # each step has its chunks side by side
    is_new = np.empty((shape[1], shape[0]), np.bool_)
    window = np.full(rows.shape[1:], _UNCHANGED, np.uint8)
    for row, opens in zip(rows, is_new, strict=True):
        fits_not = row < window
        np.logical_or(fits_not[0], fits_not[1], out=opens)
        np.copyto(window, row, where=opens)
        row[:] = window
    windows = np.ascontiguousarray(rows.transpose(1, 2, 0))
    opened = np.ascontiguousarray(is_new.T)
    return np.take(windows[0], places), np.take(windows[1], places), np.take(opened, places)


def deltas_of_deltas(time_deltas: NDArray[np.int64], is_there: NDArray[np.bool_]) -> Fields:
    """Deltas of deltas of times that are not 0, for which a 0 bit is written.

    Args:
        time_deltas: of each sample from the one before it, shape (chunks, samples - 1).
        is_there: which of them count, the same shape.

    Returns:
        Places as in `time_deltas`; the last 32 bits at most with the prefix, and what is to go
        before them, with a width of 0 where there is nothing.
    """
    is_change = np.zeros(time_deltas.shape, np.bool_)
    np.not_equal(time_deltas[:, 1:], time_deltas[:, :-1], out=is_change[:, 1:])
    places = np.flatnonzero(is_change & is_there)
    flat = time_deltas.ravel()
    deltas = flat[places] - flat[places - 1]
    unsigned = deltas.view(np.uint64)
    ends, end_widths = unsigned & np.uint64(0xFFFFFFFF), np.full(deltas.shape, 32, np.uint8)
    starts = (unsigned >> np.uint64(32)) | np.uint64(_WIDE_PREFIX << 32)
    is_wide = np.ones(deltas.shape, np.bool_)
    for n_bits, prefix, n_prefix in _DELTAS:
        half = 1 << (n_bits - 1)
        fits = (-half < deltas) & (deltas <= half)
        payload = unsigned & np.uint64((1 << n_bits) - 1)
        np.copyto(ends, payload | np.uint64(prefix << n_bits), where=fits)
        end_widths[fits] = n_bits + n_prefix
        is_wide &= ~fits
    return Fields(places, starts * is_wide, is_wide * np.uint8(36), ends, end_widths)
