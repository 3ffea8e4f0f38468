"""Columns as the matrix that blocks are written from."""

from __future__ import annotations

import numpy as np

from simulator.metrics.openmetrics import Column, FamilyColumns, SeriesColumns
from simulator.metrics.samples import samples

TIMES = np.array([1.0, 2.0])


def family(*columns: Column) -> FamilyColumns:
    series = SeriesColumns((("job", "api"),), columns)
    return FamilyColumns("took_seconds", "histogram", "How long.", (series,))


def test_each_sample_of_a_histogram_is_a_series_with_its_name_and_bound() -> None:
    counts = np.array([1, 2])
    columns = [("_bucket", "0.5"), ("_bucket", "+Inf"), ("_count", "")]
    found = samples([family(*(Column(end, le, counts) for end, le in columns))], TIMES)
    assert found.labels == (
        {"__name__": "took_seconds_bucket", "job": "api", "le": "0.5"},
        {"__name__": "took_seconds_bucket", "job": "api", "le": "+Inf"},
        {"__name__": "took_seconds_count", "job": "api"},
    )


def test_whole_numbers_are_rounded_to_floats_as_text_would_be() -> None:
    large = np.array([2**53 + 1, 2**63 - 1])
    found = samples([family(Column("_count", "", large))], TIMES)
    assert found.values.tolist() == [[float(str(number)) for number in large.tolist()]]


def test_times_are_rounded_to_milliseconds() -> None:
    moments = np.array([0.1 + 0.2, 1_800_000_000.0004, 1_800_000_000.9996])
    found = samples([family(Column("_count", "", np.arange(3)))], moments)
    assert found.times_ms.tolist() == [300, 1_800_000_000_000, 1_800_000_001_000]


def test_no_number_is_no_sample() -> None:
    found = samples([family(Column("_sum", "", np.array([np.nan, 0.0])))], TIMES)
    assert found.is_present.tolist() == [[False, True]]
