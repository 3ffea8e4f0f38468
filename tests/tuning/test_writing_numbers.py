"""Numbers and durations that a person would have typed."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.timeline.durations import parse_duration
from simulator.tuning.writing.plain_numbers import plain_duration, plain_number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_itself_and_has_no_exponent(value: float) -> None:
    text = plain_number(value)
    assert float(json.loads(text)) == float(text) == value
    assert set(text) <= set("-.0123456789")
    assert not text.endswith((".", ".0"))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_no_number_and_no_duration(value: float) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        plain_number(value)
    with pytest.raises(ValueError, match="not a duration"):
        plain_duration(value)


@given(st.integers(0, 10**10))
def test_a_duration_reads_back_as_itself_and_has_one_unit(milliseconds: int) -> None:
    text = plain_duration(milliseconds / 1000)
    assert round(parse_duration(text) * 1000) == milliseconds
    assert text.rstrip("dhms").isdigit()


def test_a_duration_is_not_negative() -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        plain_duration(-1.0)
