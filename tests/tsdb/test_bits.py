"""Fields put into streams of bits, against bits written one after the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.tsdb.bits import put, stream_bytes, stream_of, uvarints, zigzag
from tests.support.chunk_oracle import Bits, uvarint, varint

FIELDS = st.integers(1, 64).flatmap(
    lambda width: st.tuples(st.integers(0, 2**width - 1), st.just(width))
)


@given(st.lists(FIELDS, min_size=1, max_size=80), st.integers(0, 200))
def test_fields_are_bits_one_behind_the_other(fields: list[tuple[int, int]], start: int) -> None:
    expected = Bits()
    expected.write(0, start)
    for number, width in fields:
        expected.write(number, width)
    numbers, widths = (list(column) for column in zip(*fields, strict=True))
    starts = start + np.cumsum([0, *widths[:-1]])
    n_bits = start + sum(widths)
    stream = stream_of(n_bits)
    put(stream, starts, np.array(numbers, np.uint64), np.array(widths, np.uint8))
    assert stream_bytes(stream, n_bits) == expected.as_bytes()


@given(st.lists(st.tuples(FIELDS, st.integers(0, 90)), min_size=1, max_size=40))
def test_bits_between_fields_stay_0(spaced: list[tuple[tuple[int, int], int]]) -> None:
    expected, starts, at = Bits(), [], 0
    for (number, width), space in spaced:
        expected.write(0, space)
        starts.append(at + space)
        expected.write(number, width)
        at += space + width
    stream = stream_of(at)
    fields = np.array([number for (number, _), _ in spaced], np.uint64)
    widths = np.array([width for (_, width), _ in spaced], np.uint8)
    put(stream, np.array(starts), fields, widths)
    assert stream_bytes(stream, at) == expected.as_bytes()


def test_what_is_put_in_two_turns_is_what_is_put_in_one() -> None:
    starts, widths = np.array([0, 40, 100, 130]), np.array([40, 60, 30, 64], np.uint8)
    fields = np.array([(1 << int(width)) - 1 for width in widths], np.uint64)
    once, twice = stream_of(194), stream_of(194)
    put(once, starts, fields, widths)
    for turn in (slice(0, None, 2), slice(1, None, 2)):
        put(twice, starts[turn], fields[turn], widths[turn])
    assert stream_bytes(once, 194) == stream_bytes(twice, 194)


def test_nothing_put_changes_nothing() -> None:
    stream = stream_of(64)
    put(stream, np.array([], np.int64), np.array([], np.uint64), np.array([], np.uint8))
    assert not stream.any()


@given(st.lists(st.integers(0, 2**56 - 1), min_size=1, max_size=20))
def test_unsigned_integers_are_gos(numbers: list[int]) -> None:
    fields, widths = uvarints(np.array(numbers, np.uint64))
    assert (widths % 8 == 0).all()
    written = [
        int(field).to_bytes(width // 8, "big")
        for field, width in zip(fields.tolist(), widths.tolist(), strict=True)
    ]
    assert written == [uvarint(number) for number in numbers]


@pytest.mark.parametrize("number", [0, 0x7F, 0x80, 0x3FFF, 0x4000, 2**49 - 1, 2**49, 2**56 - 1])
def test_integers_get_longer_where_seven_more_bits_are_needed(number: int) -> None:
    _, widths = uvarints(np.array([number], np.uint64))
    assert widths.tolist() == [8 * len(uvarint(number))]


@given(st.integers(-(2**54), 2**54))
def test_signed_integers_are_gos(number: int) -> None:
    fields, widths = uvarints(zigzag(np.array([number])))
    assert int(fields[0]).to_bytes(int(widths[0]) // 8, "big") == varint(number)
