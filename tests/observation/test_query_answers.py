"""Answers of a Prometheus as series: every number as it was written, to the last bit."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.utils import floatToGoString

from simulator.errors import PrometheusError
from simulator.grafana.frames import Series
from simulator.observation.query_answers import envelope_in, series_in


def series_of(result: object, *, kind: str = "matrix") -> tuple[Series, ...]:
    """What is read of an answer with this result."""
    body = {"status": "success", "data": {"resultType": kind, "result": result}}
    envelope = envelope_in(json.dumps(body).encode())
    assert envelope is not None
    return series_in(envelope.data)


@given(values=st.lists(st.floats(), max_size=20), first=st.integers(0, 2**42))
def test_every_number_is_the_one_that_was_written(values: list[float], first: int) -> None:
    times = [(first + 500 * number) / 1000 for number in range(len(values))]
    points = [
        [time, floatToGoString(value)]  # type: ignore[no-untyped-call]  # untyped there
        for time, value in zip(times, values, strict=True)
    ]
    (found,) = series_of([{"metric": {"le": "+Inf"}, "values": points}])
    assert found.times.tolist() == times
    numbers = np.array(values, dtype=np.float64)
    assert np.array_equal(found.values, numbers, equal_nan=True)
    is_number = ~np.isnan(numbers)
    assert np.array_equal(np.signbit(found.values[is_number]), np.signbit(numbers[is_number]))


def test_each_series_has_its_labels_and_its_points() -> None:
    found = series_of(
        [
            {"metric": {"a": "1"}, "values": [[15, "1"], [30.5, "2"]]},
            {"metric": {"a": "2"}, "values": []},
        ]
    )
    assert [dict(one.labels) for one in found] == [{"a": "1"}, {"a": "2"}]
    assert [one.times.tolist() for one in found] == [[15.0, 30.5], []]
    assert [one.values.tolist() for one in found] == [[1.0, 2.0], []]


@pytest.mark.parametrize("text", ["x", "", "1,5", "0x1p3", "1e+", "+Inf or so"])
def test_a_text_beside_infinity_is_no_number_either(text: str) -> None:
    with pytest.raises(PrometheusError, match="cannot be read"):
        series_of([{"metric": {}, "values": [[15, "+Inf"], [30, text]]}])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'{"status": 3}',
        b'{"data": []}',
        b'{"status": "success"} 1',
        b'{"status": "success", "data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_is_no_answer_of_a_prometheus_is_none(body: bytes) -> None:
    assert envelope_in(body) is None


def test_levels_without_end_within_an_answer_are_refused() -> None:
    body = {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}}]}}
    deep = json.dumps(body).replace("{}", '{}, "histogram": ' + "[" * 900 + "]" * 900)
    envelope = envelope_in(deep.encode())
    assert envelope is not None
    with pytest.raises(PrometheusError):
        series_in(envelope.data)


def test_zero_keeps_its_sign() -> None:
    (found,) = series_of([{"metric": {}, "values": [[15, "-0"], [30, "0"]]}])
    assert np.signbit(found.values).tolist() == [True, False]
