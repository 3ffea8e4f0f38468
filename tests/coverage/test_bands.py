import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.coverage.bands import active_steps, bands
from simulator.grafana.thresholds import Step, Thresholds, active_step

VALUES = st.one_of(st.floats(-100, 100), st.sampled_from([math.inf, -math.inf, math.nan, 0.0]))
LIMITS = st.one_of(st.integers(-5, 5).map(float), st.just(math.nan))


@st.composite
def thresholds(draw: st.DrawFn) -> Thresholds:
    limits = draw(st.lists(LIMITS, min_size=0, max_size=4))
    return Thresholds((Step(-math.inf, "base"), *(Step(value, "other") for value in limits)))


@given(thresholds(), st.lists(VALUES, max_size=30))
def test_many_values_are_on_the_steps_that_each_alone_is_on(
    steps: Thresholds, values: list[float]
) -> None:
    alone = [active_step(value, steps) for value in values]
    together = active_steps(np.array(values, dtype=np.float64), steps)
    assert together.tolist() == [-1 if step is None else step for step in alone]


@given(thresholds(), st.floats(-10, 10))
def test_a_value_lies_in_the_band_of_its_step_and_in_no_other(
    steps: Thresholds, value: float
) -> None:
    inside = [b.index for b in bands(steps) if b.low <= value < b.high]
    assert inside == [active_step(value, steps)]


@given(thresholds(), st.floats(-10, 10))
def test_only_the_band_a_value_is_in_is_at_no_distance(steps: Thresholds, value: float) -> None:
    for band in bands(steps):
        distance = float(band.distance(np.array([value]))[0])
        if band.index == active_step(value, steps):
            assert distance == 0.0
        elif not band.is_empty and value != band.high:
            assert distance > 0.0


@pytest.mark.parametrize(("value", "distance"), [(0.9, 0.1), (1.0, 0.0), (1.9, 0.0), (2.5, 0.5)])
def test_the_distance_is_to_the_nearer_edge(value: float, distance: float) -> None:
    middle = bands(Thresholds((Step(-math.inf, "a"), Step(1.0, "b"), Step(2.0, "c"))))[1]
    assert middle.distance(np.array([value]))[0] == pytest.approx(distance)


def test_a_step_below_the_one_before_it_leaves_that_one_empty() -> None:
    found = bands(Thresholds((Step(-math.inf, "a"), Step(5.0, "b"), Step(5.0, "c"))))
    assert [band.is_empty for band in found] == [False, True, False]


def test_a_step_without_a_value_and_all_after_it_are_empty() -> None:
    steps = (Step(-math.inf, "a"), Step(math.nan, "b"), Step(1.0, "c"))
    assert [band.is_empty for band in bands(Thresholds(steps))] == [False, True, True]
