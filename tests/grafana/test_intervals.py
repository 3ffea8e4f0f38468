import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import DashboardError
from simulator.grafana.intervals import (
    Intervals,
    duration_milliseconds,
    interval_text,
    panel_intervals,
    rounded_interval,
    substitute_macros,
)
from simulator.grafana.model import Panel, Target

HOUR, DAY = 3_600_000, 86_400_000


def intervals(  # noqa: PLR0913 - a builder with a default for everything
    span: float = 6 * HOUR,
    *,
    scrape: str = "15s",
    target: str = "",
    panel: str = "",
    factor: float = 1,
    own_points: int | None = None,
) -> Intervals:
    return panel_intervals(
        Panel("p", 1, "", "stat", interval=panel, max_data_points=own_points),
        Target("A", "up", interval=target, interval_factor=factor),
        span_ms=span,
        scrape_interval=scrape,
        max_data_points=1000,
    )


def test_six_hours_at_a_thousand_points_have_a_step_of_twenty_seconds() -> None:
    assert intervals() == Intervals(step=20_000, rate=60_000, range=6 * HOUR)


def test_the_rate_interval_is_four_scrapes() -> None:
    assert intervals(scrape="1m").rate == 240_000


def test_the_rate_interval_of_a_long_range_is_a_step_and_a_scrape() -> None:
    assert intervals(7 * DAY).rate == 615_000


@pytest.mark.parametrize(
    ("target", "step", "rate"),
    [
        ("1m", 60_000, 240_000),
        (">1m", 60_000, 240_000),
        ("45", 45_000, 180_000),
        ("$__rate_interval", 60_000, 60_000),
        ("$__interval", 20_000, 80_000),
    ],
)
def test_a_targets_own_interval_is_the_least_step(target: str, step: int, rate: int) -> None:
    assert intervals(target=target) == Intervals(step, rate, 6 * HOUR)


def test_a_panels_own_interval_is_the_least_step() -> None:
    assert intervals(panel="5m").step == 300_000


def test_a_panels_own_points_replace_the_width() -> None:
    assert intervals(own_points=100).step == 300_000


def test_the_interval_factor_multiplies_the_step() -> None:
    assert intervals(factor=2).step == 40_000


def test_a_short_range_keeps_the_scrape_interval() -> None:
    assert intervals(60_000).step == 15_000


@pytest.mark.parametrize("days", [1, 30, 365])
def test_the_step_keeps_below_what_prometheus_answers(days: int) -> None:
    asked = intervals(days * DAY, own_points=1_000_000)
    assert days * DAY / asked.step <= 11_000


def test_an_interval_that_is_no_duration_is_named() -> None:
    with pytest.raises(DashboardError, match="'soon' is not a duration"):
        intervals(panel="soon")


def test_every_macro_is_replaced_in_both_spellings() -> None:
    text = "rate(a[$__rate_interval]) $__interval $__interval_ms ${__range} $__range_s $__range_ms"
    replaced = substitute_macros(text, Intervals(20_000, 60_000, 6 * HOUR))
    assert replaced == "rate(a[1m0s]) 20s 20000 21600s 21600 21600000"


@pytest.mark.parametrize(
    ("rate", "text"),
    [(615_000, "10m15s"), (HOUR, "1h0m0s"), (500, "500ms"), (1_500, "1.5s"), (6_000, "6s")],
)
def test_the_rate_interval_is_written_as_go_does(rate: int, text: str) -> None:
    assert substitute_macros("$__rate_interval", Intervals(1, rate, 1)) == text


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(90_000, "1m"), (HOUR, "1h"), (DAY, "1d"), (999, "999ms"), (0, "1ms")],
)
def test_an_interval_is_written_in_its_largest_unit(milliseconds: int, text: str) -> None:
    assert interval_text(milliseconds) == text


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("1h30m", 5_400_000), ("1d", DAY), ("250ms", 250), ("1.5s", 1_500), ("30", 30_000)],
)
def test_durations_are_read(text: str, milliseconds: float) -> None:
    assert duration_milliseconds(text) == milliseconds


@given(st.floats(1, 1e12))
def test_rounding_an_interval_twice_changes_nothing(milliseconds: float) -> None:
    once = rounded_interval(milliseconds)
    assert rounded_interval(once) == once


@given(st.floats(1, 1e12), st.floats(1, 1e12))
def test_a_longer_interval_is_never_rounded_to_a_shorter_one(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert rounded_interval(low) <= rounded_interval(high)
