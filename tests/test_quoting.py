"""What messages quote of refused values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.quoting import MOST_QUOTED, quoted, shortened

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def _nested(levels: int) -> list[Any]:
    nest: list[Any] = []
    for _ in range(levels):
        nest = [nest]
    return nest


@given(_VALUES)
def test_what_is_quoted_is_short_and_one_line_without_steering_a_terminal(value: object) -> None:
    assert len(quoted(value)) <= MOST_QUOTED
    assert quoted(value).isprintable()


@given(_VALUES.filter(lambda value: len(repr(value)) <= MOST_QUOTED))
def test_short_values_are_quoted_as_python_writes_them(value: object) -> None:
    assert quoted(value) == repr(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (10**5000, "an integer of about 5,001 digits"),
        (-(10**5000), "an integer of about 5,001 digits"),
        ([10**5000], "list with values too large to show"),
        (_nested(100_000), "list with values too large to show"),
    ],
    ids=["integer", "negative", "within", "deep"],
)
def test_what_cannot_be_written_out_is_described(value: object, words: str) -> None:
    assert quoted(value) == words


@pytest.mark.parametrize("length", [MOST_QUOTED - 2, MOST_QUOTED - 1, 10**7])
def test_a_long_text_is_cut_to_what_is_quoted(length: int) -> None:
    assert len(quoted("x" * length)) == MOST_QUOTED


@given(st.text(max_size=2000))
def test_shortened_text_is_short_and_one_line(text: str) -> None:
    assert len(shortened(text)) <= MOST_QUOTED
    assert shortened(text).isprintable()
