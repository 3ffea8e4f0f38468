import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.grafana.thresholds import (
    DEFAULT_THRESHOLDS,
    Range,
    Thresholds,
    active_step,
    percentage,
    thresholds_from,
)

INF, NAN = math.inf, math.nan


def steps(*values: object, mode: str = "absolute") -> Thresholds:
    return thresholds_from({"mode": mode, "steps": [{"value": v, "color": "c"} for v in values]})


@pytest.mark.parametrize(
    ("value", "step"), [(9.999, 0), (10, 1), (19.999, 1), (20, 2), (-1e9, 0), (INF, 2), (-INF, 0)]
)
def test_a_step_is_active_from_its_own_value_on(value: float, step: int) -> None:
    assert active_step(value, steps(None, 10, 20)) == step


@pytest.mark.parametrize("first", [None, 0, 50, "50", -5])
def test_the_first_step_reaches_down_to_minus_infinity_whatever_it_says(first: object) -> None:
    assert active_step(-1e300, steps(first, 80)) == 0


def test_a_first_step_without_a_value_reaches_down_too() -> None:
    assert active_step(-1e300, thresholds_from({"steps": [{"color": "c"}]})) == 0


@pytest.mark.parametrize(("value", "step"), [(15, 0), (25, 2)])
def test_steps_are_scanned_in_their_order_up_to_the_first_not_reached(
    value: float, step: int
) -> None:
    assert active_step(value, steps(None, 20, 10)) == step


@pytest.mark.parametrize(("value", "step"), [(5, 1), (0, 1), (-0.1, 0)])
def test_null_in_a_later_step_is_compared_as_zero(value: float, step: int) -> None:
    assert active_step(value, steps(None, None, 20)) == step


@pytest.mark.parametrize(("value", "step"), [(14, 0), (15, 1)])
def test_a_numeric_text_is_compared_as_its_number(value: float, step: int) -> None:
    assert active_step(value, steps(None, "15")) == step


def test_a_step_that_is_no_number_is_never_reached_and_ends_the_scan() -> None:
    assert active_step(1e9, steps(None, "ten", 5)) == 0


def test_a_later_step_without_a_value_is_never_reached() -> None:
    assert active_step(1e9, thresholds_from({"steps": [{}, {"color": "red"}, {"value": 1}]})) == 0


@pytest.mark.parametrize("value", [None, NAN])
def test_null_and_nan_reach_no_step(value: float | None) -> None:
    assert active_step(value, steps(None, 10)) is None


def test_an_empty_list_of_steps_has_no_step() -> None:
    assert active_step(5, steps()) is None


@pytest.mark.parametrize(("value", "step"), [(79.9, 0), (80, 1)])
def test_no_thresholds_mean_green_and_red_from_eighty(value: float, step: int) -> None:
    assert thresholds_from({}) == DEFAULT_THRESHOLDS
    assert active_step(value, DEFAULT_THRESHOLDS) == step


def test_an_override_without_steps_has_none() -> None:
    assert thresholds_from({"mode": "percentage"}, are_defaults=False) == Thresholds(
        (), is_percentage=True
    )


def test_defaults_without_steps_keep_the_default_ones() -> None:
    assert thresholds_from({"mode": "percentage"}).steps == DEFAULT_THRESHOLDS.steps


@pytest.mark.parametrize("mode", ["absolute", "nonsense", None])
def test_every_mode_but_percentage_is_absolute(mode: object) -> None:
    assert not thresholds_from({"mode": mode, "steps": []}).is_percentage


@pytest.mark.parametrize(
    ("value", "limits", "step"),
    [
        (9.9, Range(0, 100), 0),
        (10, Range(0, 100), 1),
        (1.5, Range(0, 10), 1),
        (1e6, Range(0, 10), 2),
        (-5, Range(0, 10), 0),
        (-INF, Range(0, 10), 0),
        (99, None, 0),
    ],
)
def test_percentages_are_of_the_range_and_not_clamped(
    value: float, limits: Range | None, step: int
) -> None:
    assert active_step(value, steps(None, 10, 20, mode="percentage"), limits) == step


@pytest.mark.parametrize(
    ("value", "limits"),
    [(7.0, None), (-math.inf, Range(0.0, 10.0)), (math.inf, Range(0.0, math.inf))],
)
def test_what_is_no_share_of_a_range_is_0_percent(value: float, limits: Range | None) -> None:
    assert percentage(value, limits) == 0.0


def test_percentages_are_computed_in_grafanas_order_of_floats() -> None:
    twenty_nine = steps(None, 29, mode="percentage")
    assert percentage(0.29, Range(0, 1)) == 28.999999999999996
    assert active_step(0.29, twenty_nine, Range(0, 1)) == 0


@pytest.mark.parametrize(("value", "percent"), [(5, 0.0), (6, INF), (4, -INF)])
def test_a_range_of_nothing_is_zero_on_it_and_infinite_beside_it(
    value: float, percent: float
) -> None:
    assert percentage(value, Range(5, 5)) == percent


@given(
    value=st.floats(allow_nan=False, width=32),
    later=st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), max_size=6),
)
def test_sorted_steps_give_the_highest_one_not_above_the_value(
    value: float, later: list[float]
) -> None:
    expected = sum(1 for step in later if step <= value)
    assert active_step(value, steps(None, *sorted(later))) == expected


@given(
    low=st.floats(0, 1e6),
    more=st.floats(0, 1e6),
    later=st.lists(st.floats(-100, 200), max_size=5),
)
def test_a_higher_value_is_never_on_a_lower_step(
    low: float, more: float, later: list[float]
) -> None:
    thresholds = steps(None, *later, mode="percentage")
    limits = Range(0, 1000)
    lower = active_step(low, thresholds, limits)
    higher = active_step(low + more, thresholds, limits)
    assert lower is not None
    assert higher is not None
    assert lower <= higher
