"""Chunks encoded many at once, against one that is written bit by bit."""

from __future__ import annotations

from itertools import accumulate

import google_crc32c
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulator.tsdb.records import chunk_records
from tests.support.chunk_oracle import decoded, encoded, float_bits, uvarint
from tests.support.sample_values import AWKWARD, STALE_BITS, floats_as_bits, one_chunk, time_steps

WIDTH = 120
START = 1_800_000_000_000
Chunk = tuple[list[int], list[int]]


@st.composite
def chunks(draw: st.DrawFn) -> Chunk:
    bits = draw(st.lists(floats_as_bits, min_size=1, max_size=WIDTH))
    steps = draw(st.lists(time_steps, min_size=len(bits) - 1, max_size=len(bits) - 1))
    first = draw(st.sampled_from([START, 0, 1, -START, -1]))
    return list(accumulate(steps, initial=first)), bits


def record_of(chunk: Chunk) -> bytes:
    data = encoded(*chunk)
    checked = b"\x01" + data
    return uvarint(len(data)) + checked + google_crc32c.value(checked).to_bytes(4, "big")


def records_of(found: list[Chunk]) -> tuple[bytes, list[int]]:
    rows = [one_chunk(times, bits, width=WIDTH) for times, bits in found]
    times, values = (np.stack(column) for column in zip(*rows, strict=True))
    counts = np.array([len(times) for times, _ in found])
    records, lengths = chunk_records(times, values, counts)
    return records, lengths.tolist()


@given(st.lists(chunks(), min_size=1, max_size=6))
def test_records_are_those_of_a_plain_writer(found: list[Chunk]) -> None:
    expected = [record_of(chunk) for chunk in found]
    records, lengths = records_of(found)
    assert records == b"".join(expected)
    assert lengths == [len(record) for record in expected]


@given(chunks())
@example(([START], [STALE_BITS]))
def test_a_plain_reader_reads_what_a_plain_writer_wrote(chunk: Chunk) -> None:
    assert list(decoded(encoded(*chunk))) == list(zip(*chunk, strict=True))


def differing_in(bits: list[int]) -> Chunk:
    """Values that differ from the one before them in exactly these bits."""
    values = list(accumulate(bits, lambda before, xor: before ^ xor, initial=float_bits(1.0)))
    return [START + 15_000 * number for number in range(len(values))], values


@pytest.mark.parametrize(
    "bits",
    [
        [1],
        [1 << 63],
        [(1 << 63) | 1],
        [(1 << 64) - 1],
        [1 << 32, 1 << 31, 1 << 33],  # as many leading zeros as 5 bits hold, and more, and fewer
        [0b111 << 20, 0b010 << 20, 0, 0b101 << 20],  # within the window, also after no change
        [0b111 << 20, 1 << 19],
        [0b111 << 20, 1 << 23],
        [(1 << 54) - 1],  # rounds up as a float
        [(1 << 64) - 1, 1, 1 << 63],  # a window of all bits takes everything
    ],
)
def test_windows_open_and_stay_as_in_a_plain_writer(bits: list[int]) -> None:
    chunk = differing_in(bits)
    assert records_of([chunk])[0] == record_of(chunk)


EDGES = [
    sign * (half + past)
    for half in (2**13, 2**16, 2**19)
    for past in (-1, 0, 1)
    for sign in (1, -1)
]


@pytest.mark.parametrize("change", [*EDGES, 1, -1, 2**31, 2**32, -(2**32), 2**33 + 1])
def test_a_delta_of_deltas_takes_the_bits_of_its_range(change: int) -> None:
    first = 2**33
    times = list(accumulate([first, first + change, first + change], initial=START))
    chunk = times, [0, 1, 2, 3]
    assert records_of([chunk])[0] == record_of(chunk)


def test_each_kind_of_float_follows_on_each_other() -> None:
    found = [
        ([START, START + 1, START + 2], [float_bits(one), float_bits(other), STALE_BITS])
        for one in AWKWARD
        for other in AWKWARD
    ]
    assert records_of(found)[0] == b"".join(map(record_of, found))
