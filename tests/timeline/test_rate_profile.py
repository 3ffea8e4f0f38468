"""Request rates: their shape in Paris time, and their integral."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from simulator.timeline.profile import HOURLY_WEIGHTS, WEEKDAY_WEIGHTS, Profile, ProfileShape

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARIS = ZoneInfo("Europe/Paris")
HOUR = 3600.0
DAY = 24 * HOUR
MEAN_HOURLY = 23.58 / 24  # written out: the sum of the published hourly weights
MEAN_WEEKDAY = 7.00 / 7


def paris(text: str) -> float:
    """Unix seconds of a local time such as 2026-03-18 10:30."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()


ORIGIN = paris("2026-03-01 00:00")


def daily(mean: float = 1.0, origin: float = ORIGIN, compression: float = 1.0) -> Profile:
    return Profile(mean, origin, "daily", compression)


def weight_at(text: str) -> float:
    return float(Profile(1.0, ORIGIN).rate(np.array([paris(text)]))[0])


def between(profile: Profile, start: float, end: float) -> float:
    return float(profile.integral(np.array([start]), np.array([end]))[0])


def summed(profile: Profile, start: float, end: float, pieces: int) -> float:
    """The integral by midpoints: exact where no piece lies across a change of the rate."""
    edges = np.linspace(start, end, pieces + 1)
    rates = profile.rate((edges[:-1] + edges[1:]) / 2)
    return float(rates.sum()) * (end - start) / pieces


def test_the_published_weights_have_the_sums_written_here() -> None:
    assert HOURLY_WEIGHTS.mean() == pytest.approx(MEAN_HOURLY)
    assert WEEKDAY_WEIGHTS.mean() == pytest.approx(MEAN_WEEKDAY)


@pytest.mark.parametrize(
    ("moment", "hourly", "weekday"),
    [
        ("2026-03-18 10:30", 1.60, 1.10),  # a Wednesday morning
        ("2026-03-16 00:00", 0.25, 1.10),  # Monday, the first second
        ("2026-03-21 12:59", 1.20, 0.85),  # Saturday's lunch
        ("2026-03-22 23:59", 0.60, 0.75),  # Sunday, the last minute
        ("2026-07-14 17:00", 1.65, 1.07),  # summer time
    ],
)
def test_the_weight_is_that_of_the_local_hour_and_day(
    moment: str, hourly: float, weekday: float
) -> None:
    assert weight_at(moment) == pytest.approx(hourly / MEAN_HOURLY * weekday / MEAN_WEEKDAY)


@pytest.mark.parametrize("day", [1, 2, 3, 4, 5])
def test_the_first_five_days_of_a_month_are_a_tenth_stronger(day: int) -> None:
    assert weight_at(f"2026-07-0{day} 10:00") == pytest.approx(
        1.1 * weight_at(f"2026-07-{day + 14} 10:00")
    )


@pytest.mark.parametrize("moment", ["2026-07-06 00:00", "2026-06-30 23:59"])
def test_the_days_around_payday_are_not_stronger(moment: str) -> None:
    later = datetime.fromisoformat(moment) + timedelta(days=14)

    assert weight_at(moment) == pytest.approx(weight_at(f"{later:%Y-%m-%d %H:%M}"))


def test_payday_begins_at_midnight_in_paris_and_not_in_greenwich() -> None:
    assert weight_at("2026-07-01 00:30") == pytest.approx(1.1 * weight_at("2026-07-15 00:30"))


@pytest.mark.parametrize("monday", ["2026-03-09", "2026-06-15", "2026-11-16"])
def test_weights_average_1_over_a_plain_week(monday: str) -> None:
    start = paris(f"{monday} 00:00")

    assert between(daily(), start, start + 7 * DAY) == pytest.approx(7 * DAY)


def test_paydays_add_under_two_in_a_hundred_to_a_year() -> None:
    start, end = paris("2026-03-01 00:00"), paris("2027-03-01 00:00")

    # 60 of 365 days are a tenth stronger
    assert between(daily(), start, end) / (end - start) == pytest.approx(1.0164, abs=0.002)


@pytest.mark.parametrize(
    ("day", "n_hours", "extra"),
    [("2026-03-29", 23, -HOURLY_WEIGHTS[2]), ("2026-10-25", 25, HOURLY_WEIGHTS[2])],
)
def test_two_o_clock_is_missing_or_there_twice_when_clocks_change(
    day: str, n_hours: int, extra: float
) -> None:
    start = paris(f"{day} 00:00")
    end = paris(f"{datetime.fromisoformat(day) + timedelta(days=1):%Y-%m-%d} 00:00")
    hours = (HOURLY_WEIGHTS.sum() + extra) / MEAN_HOURLY

    assert end - start == n_hours * HOUR
    assert between(daily(), start, end) == pytest.approx(hours * 0.75 / MEAN_WEEKDAY * HOUR)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-03-28 12:00", "2026-04-11 12:00"),
        ("2026-03-29 01:59", "2026-03-15 01:59"),
        ("2026-03-29 03:00", "2026-03-15 03:00"),
        ("2026-10-24 12:00", "2026-11-07 12:00"),
        ("2026-10-25 03:00", "2026-10-18 03:00"),
    ],
)
def test_the_hours_of_the_clock_keep_their_weight_across_a_change(before: str, after: str) -> None:
    assert weight_at(before) == weight_at(after)


def test_both_hours_between_two_and_three_in_october_have_the_weight_of_two() -> None:
    one = paris("2026-10-25 02:30")

    rates = daily().rate(np.array([one, one + HOUR]))

    assert rates.tolist() == [weight_at("2026-10-18 02:30")] * 2


@pytest.mark.parametrize("shape", ["flat", "daily"])
@pytest.mark.parametrize("compression", [1.0, 60.0])
@pytest.mark.parametrize("origin", [ORIGIN, paris("2026-03-28 20:00"), paris("2026-10-24 20:00")])
def test_the_integral_is_the_sum_of_the_rate(
    shape: ProfileShape, compression: float, origin: float
) -> None:
    profile = Profile(3.0, origin, shape, compression)
    start, end = origin + 60.0, origin + 60.0 + 2 * DAY / compression

    assert between(profile, start, end) == pytest.approx(summed(profile, start, end, 48 * 60))


def test_the_integral_follows_the_rate_from_an_origin_within_an_hour() -> None:
    profile = daily(mean=3.0, origin=ORIGIN + 1234.0)

    # pieces of two seconds, so that each full hour is an edge
    assert between(profile, ORIGIN + 1234.0, ORIGIN + 1234.0 + DAY) == pytest.approx(
        summed(profile, ORIGIN + 1234.0, ORIGIN + 1234.0 + DAY, int(DAY) // 2)
    )


def test_the_numeric_oracle_would_see_an_hour_left_out() -> None:
    profile = daily()

    assert between(profile, ORIGIN, ORIGIN + DAY) != pytest.approx(
        summed(profile, ORIGIN, ORIGIN + DAY - HOUR, 23 * 60)
    )


days = st.floats(0.0, 20.0)


@given(
    shape=st.sampled_from(["flat", "daily"]),
    origin=st.floats(1.7e9, 1.9e9),
    compression=st.floats(1.0, 1000.0),
    edges=st.lists(days, min_size=3, max_size=3).map(sorted),
)
def test_integrals_of_neighbouring_spans_add_up(
    shape: ProfileShape, origin: float, compression: float, edges: list[float]
) -> None:
    profile = Profile(2.0, origin, shape, compression)
    start, middle, end = (origin + edge * DAY / compression for edge in edges)

    apart = between(profile, start, middle) + between(profile, middle, end)

    # times are Unix seconds in double precision, a quarter of a microsecond apart
    assert between(profile, start, end) == pytest.approx(apart, rel=1e-9, abs=1e-5)


@given(origin=st.floats(1.7e9, 1.9e9), compression=st.floats(1.0, 1000.0), at=days)
def test_the_integral_over_a_span_is_never_negative(
    origin: float, compression: float, at: float
) -> None:
    start = origin + at * DAY / compression

    assert between(daily(origin=origin, compression=compression), start, start + 1.0) >= 0.0


@given(st.floats(1.0, 1000.0), st.lists(days, min_size=1))
def test_the_integral_does_not_depend_on_how_ticks_are_cut(
    compression: float, begins: list[float]
) -> None:
    profile = daily(mean=20.0, compression=compression)
    starts = ORIGIN + np.array(begins) * DAY / compression

    one_by_one = [between(profile, s, s + 15.0) for s in starts]

    assert_array_equal(profile.integral(starts, starts + 15.0), one_by_one)


@given(st.floats(1.0, 1000.0), st.lists(days, min_size=1))
def test_the_rate_does_not_depend_on_how_ticks_are_cut(
    compression: float, begins: list[float]
) -> None:
    profile = daily(mean=20.0, compression=compression)
    starts = ORIGIN + np.array(begins) * DAY / compression

    one_by_one = [float(profile.rate(np.array([s]))[0]) for s in starts]

    assert_array_equal(profile.rate(starts), one_by_one)


def hour_middles(compression: float) -> NDArray[np.floating]:
    """The middles of the first 500 scenario hours, in real time."""
    return ORIGIN + (np.arange(500) + 0.5) * HOUR / compression


@pytest.mark.parametrize("compression", [2.0, 60.0, 1440.0])
def test_compression_moves_the_shape_and_leaves_the_rate(compression: float) -> None:
    fast, slow = daily(mean=20.0, compression=compression), daily(mean=20.0)

    assert_array_equal(fast.rate(hour_middles(compression)), slow.rate(hour_middles(1.0)))


@pytest.mark.parametrize("compression", [2.0, 60.0, 1440.0])
def test_compression_divides_the_events_of_a_scenario_day(compression: float) -> None:
    fast, slow = daily(mean=20.0, compression=compression), daily(mean=20.0)

    assert between(fast, ORIGIN, ORIGIN + DAY / compression) == pytest.approx(
        between(slow, ORIGIN, ORIGIN + DAY) / compression, rel=1e-7
    )


def test_a_flat_rate_is_its_mean_whatever_the_compression() -> None:
    profile = Profile(2.5, ORIGIN, "flat", compression=60.0)

    assert_array_equal(profile.rate(ORIGIN + np.arange(100) * 900.0), 2.5)
    assert_allclose(profile.integral(np.array([ORIGIN]), np.array([ORIGIN + 40.0])), [100.0])


def test_rates_scale_with_the_mean() -> None:
    times = ORIGIN + np.arange(200) * 1800.0

    assert_allclose(daily(mean=7.0).rate(times), 7.0 * daily(mean=1.0).rate(times))


def test_no_times_have_no_rates() -> None:
    assert daily().rate(np.zeros(0)).shape == (0,)
