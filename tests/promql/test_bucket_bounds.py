"""Bounds in labels, as Prometheus 3 writes them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.promql.bucket_bounds import spelled


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0"),
        (5.0, "5.0"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (123456.0, "123456.0"),
        (1234567.0, "1.234567e+06"),
        (1e21, "1e+21"),
        (-math.inf, "-Inf"),
    ],
)
def test_they_are_written_as_go_does(value: float, text: str) -> None:
    assert spelled(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_they_read_back_and_are_no_whole_numbers(value: float) -> None:
    text = spelled(value)
    assert float(text) == value
    assert "." in text or "e" in text
