"""Scales, ticks and paths of the report's plots."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.drawing.paths import HEIGHT, WIDTH, line_path, runs, thinned
from simulator.drawing.scales import Scale, band_heights, fitting_scale
from simulator.drawing.ticks import round_numbers, time_ticks, value_ticks

_finite = st.floats(allow_nan=False, allow_infinity=False, width=64)
_moderate = st.floats(-1e9, 1e9)
_point = re.compile(r"(-?[\d.e+-]+) (-?[\d.e+-]+)")


@given(st.lists(_moderate, min_size=1, max_size=900), st.integers(1, 40))
def test_thinning_keeps_every_minimum_and_maximum(values: list[float], n_bins: int) -> None:
    values_ = np.array(values)
    shares = np.linspace(0.0, 1.0, len(values_))
    kept = thinned(shares, values_, n_bins=n_bins)
    bins = np.clip((shares * n_bins).astype(int), 0, n_bins - 1)
    for number in np.unique(bins):
        inside, chosen = values_[bins == number], values_[kept][bins[kept] == number]
        assert (chosen.min(), chosen.max()) == (inside.min(), inside.max())
    assert len(kept) <= 2 * n_bins
    assert np.all(np.diff(kept) > 0)


@given(st.lists(st.floats(), min_size=1, max_size=50), st.lists(_finite, max_size=4))
def test_a_path_stays_within_the_plot(values: list[float], edges: list[float]) -> None:
    values_ = np.array(values)
    scale = fitting_scale(values_, np.array(edges))
    shares = np.linspace(0.0, 1.0, len(values_))
    path = line_path(shares, scale.heights(values_))
    points = [(float(x), float(y)) for x, y in _point.findall(path)]
    assert len(points) <= len(values_)
    assert all(0.0 <= x <= WIDTH and 0.0 <= y <= HEIGHT for x, y in points)
    assert bool(points) == bool(np.any(~np.isnan(values_)))


@given(st.lists(_finite, min_size=1, max_size=20), st.lists(_finite, max_size=4))
def test_heights_rise_with_the_values(values: list[float], edges: list[float]) -> None:
    scale = fitting_scale(np.array(values), np.array(edges))
    heights = scale.heights(np.sort(values))
    assert np.all(np.diff(heights) >= 0.0)
    assert np.all((heights >= 0.0) & (heights <= 1.0))


@given(st.lists(_finite, min_size=1, max_size=20), st.lists(_finite, max_size=4))
def test_every_axis_has_labels_that_do_not_touch(values: list[float], edges: list[float]) -> None:
    scale = fitting_scale(np.array(values), np.array(edges))
    labelled = [value for value, _ in value_ticks(scale, sorted(edges))]
    assert len(labelled) <= 10
    assert np.all(np.diff(scale.heights(labelled)) >= 0.1)


def test_more_than_three_decades_of_positive_values_are_logarithmic() -> None:
    assert fitting_scale(np.array([1.0, 1000.0]), np.empty(0)).kind == "linear"
    assert fitting_scale(np.array([1.0, 1001.0]), np.empty(0)).kind == "log"


def test_a_lag_from_zero_gets_a_scale_with_a_zero() -> None:
    scale = fitting_scale(np.array([0.0, 88_000.0]), np.array([1000.0, 10_000.0]))
    assert (scale.kind, scale.center, scale.low) == ("stretched", 0.0, 0.0)


@pytest.mark.parametrize(
    ("values", "edges"),
    [
        ([0.0, 88_000.0], [1000.0, 10_000.0]),
        ([0.2, 1.0], [0.95, 0.99]),
        ([0.01, 30.0], [0.1, 0.25]),
        ([0.5, 0.6], [100.0]),
        ([3.0, 3.0], [10_000.0]),
        ([-4.0, 2.0], [-3.9, -3.8]),
    ],
)
def test_no_band_is_too_thin_to_see(values: list[float], edges: list[float]) -> None:
    scale = fitting_scale(np.array(values), np.array(edges))
    assert band_heights(scale, np.array(edges)).min() > 0.05


def test_a_constant_series_is_in_the_middle() -> None:
    scale = fitting_scale(np.array([5.0, 5.0]), np.empty(0))
    assert scale.heights([5.0])[0] == pytest.approx(0.5, abs=0.1)


def test_without_any_number_there_is_still_a_scale() -> None:
    assert fitting_scale(np.array([np.nan]), np.empty(0)) == Scale("linear", 0.0, 1.0)


def test_missing_points_break_the_line() -> None:
    times = np.array([0.0, 1.0, 2.0, 3.0, 7.0, 8.0, 9.0])
    values = np.array([1.0, 1.0, np.nan, 1.0, 1.0, 1.0, 1.0])
    assert list(runs(times, values)) == [slice(0, 2), slice(3, 4), slice(4, 7)]


def test_a_spacing_a_little_above_the_usual_one_does_not() -> None:
    times = np.array([0.0, 1.0, 2.0, 5.0, 6.0])
    assert list(runs(times, np.ones(5))) == [slice(0, 5)]


def test_round_numbers_are_round() -> None:
    assert round_numbers(0.0, 1.0) == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert round_numbers(-70.0, 140.0) == [-50.0, 0.0, 50.0, 100.0]


@given(st.floats(1e6, 4e9), st.floats(0.5, 3e8))
def test_times_are_within_the_span_and_not_too_many(start: float, span: float) -> None:
    moments, step = time_ticks(start, start + span)
    assert len(moments) <= 10
    assert all(start <= at <= start + span for at in moments)
    assert all(at % step == 0 for at in moments)
