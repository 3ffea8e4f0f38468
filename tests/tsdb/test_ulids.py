from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.tsdb.ulids import is_ulid, ulid

TIMES = st.integers(0, 2**48 - 1)
ENTROPIES = st.binary(min_size=10, max_size=10)


def test_the_time_is_written_as_the_specification_shows() -> None:
    assert ulid(1_469_918_176_385, entropy=bytes(10)) == "01ARYZ6S41" + "0" * 16


def test_the_largest_is_the_specifications() -> None:
    assert ulid(2**48 - 1, entropy=b"\xff" * 10) == "7" + "Z" * 25


@given(TIMES, ENTROPIES)
def test_each_is_one(time: int, entropy: bytes) -> None:
    assert is_ulid(ulid(time, entropy=entropy))


@given(st.tuples(TIMES, ENTROPIES), st.tuples(TIMES, ENTROPIES))
def test_they_sort_as_their_times_and_entropies(
    one: tuple[int, bytes], other: tuple[int, bytes]
) -> None:
    names = [ulid(time, entropy=entropy) for time, entropy in (one, other)]
    assert (names[0] < names[1]) == (one < other)


@pytest.mark.parametrize("name", ["", "0" * 25, "8" + "0" * 25, "0" * 25 + "U", "0" * 25 + "a"])
def test_what_is_too_long_or_of_other_letters_is_none(name: str) -> None:
    assert not is_ulid(name)


@pytest.mark.parametrize("time", [-1, 2**48])
def test_a_time_that_does_not_fit_is_refused(time: int) -> None:
    with pytest.raises(ValueError, match=f"{time} ms"):
        ulid(time, entropy=bytes(10))


def test_other_than_ten_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="9 bytes"):
        ulid(0, entropy=bytes(9))
