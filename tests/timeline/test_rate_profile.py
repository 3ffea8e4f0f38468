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

from simulator.timeline.profile import Profile, ProfileShape
from simulator.timeline.week import Week

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARIS = ZoneInfo("Europe/Paris")
HOUR = 3600.0
DAY = 24 * HOUR
HOURS = (0.25, 0.15, 0.10, 0.08, 0.08, 0.12, 0.25, 0.55, 0.95, 1.35, 1.60, 1.55) + (
    *(1.20, 1.30, 1.60, 1.60, 1.55, 1.65, 1.60, 1.40, 1.45, 1.50, 1.10, 0.60),
)
DAYS = (1.10, 1.07, 1.10, 1.07, 1.06, 0.85, 0.75)
MEAN_HOUR = 23.58 / 24  # written out: HOURS sum to 23.58, and DAYS to 7
ALWAYS = Week(HOURS, DAYS)
OFFICE = Week((0.0,) * 9 + (1.0,) * 9 + (0.0,) * 6, (1.0,) * 5 + (0.5, 0.0))


def paris(text: str) -> float:
    """Unix seconds of a local time such as 2026-03-18 10:30."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()


ORIGIN = paris("2026-03-01 00:00")


def daily(
    mean: float = 1.0,
    origin: float = ORIGIN,
    compression: float = 1.0,
    *,
    week: Week = ALWAYS,
    shape: ProfileShape = "daily",
) -> Profile:
    return Profile((mean,), (week,), origin, shape=shape, compression=compression)


def rate(profile: Profile, *times: float) -> NDArray[np.floating]:
    return profile.rates(np.array(times))[:, 0]


def between(profile: Profile, start: float, end: float) -> float:
    return float(profile.integrals(np.array([start]), np.array([end]))[0, 0])


def of_hour(text: str) -> float:
    """Mean weight of the hour that begins at a local time."""
    start = paris(text)
    return between(daily(), start, start + HOUR) / HOUR


def of_day(text: str, country: str = "FR") -> float:
    """Events of a local day, in hours of the mean rate."""
    start = datetime.fromisoformat(text)
    end = start + timedelta(days=1)
    profile = Profile((1.0,), (ALWAYS,), ORIGIN, country)
    return between(profile, paris(f"{start}"), paris(f"{end}")) / HOUR


def summed(profile: Profile, start: float, end: float, pieces: int) -> float:
    """The integral by Simpson's rule: exact where no piece lies across a full hour."""
    edges = np.linspace(start, end, pieces + 1)
    rates, middles = rate(profile, *edges), rate(profile, *((edges[:-1] + edges[1:]) / 2))
    return float((rates[:-1] + 4.0 * middles + rates[1:]).sum()) / 6.0 * (end - start) / pieces


@pytest.mark.parametrize(
    ("moment", "hourly", "weekday"),
    [
        ("2026-03-18 10:00", 1.60, 1.10),  # a Wednesday morning
        ("2026-03-16 00:00", 0.25, 1.10),  # Monday's first hour
        ("2026-03-21 12:00", 1.20, 0.85),  # Saturday's lunch
        ("2026-03-22 23:00", 0.60, 0.75),  # Sunday's last hour
        ("2026-07-15 17:00", 1.65, 1.10),  # summer time
    ],
)
def test_an_hour_has_the_weight_of_the_local_hour_and_day(
    moment: str, hourly: float, weekday: float
) -> None:
    assert of_hour(moment) == pytest.approx(hourly / MEAN_HOUR * weekday)


def test_a_day_has_the_sum_of_its_weights() -> None:
    assert of_day("2026-03-17") == pytest.approx(24 * 1.07)


@pytest.mark.parametrize("monday", ["2026-03-09", "2026-06-15", "2026-11-16"])
@pytest.mark.parametrize("week", [ALWAYS, OFFICE], ids=["always", "office"])
def test_weights_average_1_over_a_plain_week(week: Week, monday: str) -> None:
    start = paris(f"{monday} 00:00")

    assert between(daily(week=week), start, start + 7 * DAY) == pytest.approx(7 * DAY)


def _most_change(profile: Profile, day: str, seconds: float) -> float:
    """The largest relative change from one moment of a day to `seconds` later."""
    times = paris(f"{day} 00:00") + np.arange(0.0, DAY + 1.0, seconds)
    rates = rate(profile, *times)
    return float(np.abs(np.diff(rates) / rates[:-1]).max())


@pytest.mark.parametrize(
    "day",
    [
        *("2026-03-16", "2026-03-21", "2026-03-29", "2026-10-25"),
        *("2026-03-05", "2026-04-30", "2026-07-13"),  # before the end of paydays, before a holiday
    ],
)
def test_a_minute_is_within_three_percent_of_the_one_before(day: str) -> None:
    """Stairs of an hour each more than double at seven o'clock."""
    assert _most_change(daily(), day, 60.0) < 0.03


def test_there_is_no_jump_in_a_second() -> None:
    assert _most_change(daily(), "2026-03-16", 1.0) < 0.001


def test_the_hours_before_and_after_a_change_lead_to_it() -> None:
    six, seven, eight = rate(daily(), *(paris(f"2026-03-16 0{hour}:30") for hour in (6, 7, 8)))

    assert six < rate(daily(), paris("2026-03-16 07:00"))[0] < seven
    assert seven < rate(daily(), paris("2026-03-16 08:00"))[0] < eight


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-17 18:00", "2026-03-18 09:00"),
        ("2026-03-21 18:00", "2026-03-23 09:00"),  # over Sunday
        ("2026-07-13 18:00", "2026-07-15 09:00"),  # over the National Day, a Tuesday
        ("2026-12-24 18:00", "2026-12-26 09:00"),
    ],
)
def test_who_is_closed_gets_nothing_at_all(start: str, end: str) -> None:
    times = np.linspace(paris(start), paris(end), 5000)

    assert rate(daily(week=OFFICE), *times).max() == 0.0
    assert between(daily(week=OFFICE), times[0], times[-1]) == 0.0


@pytest.mark.parametrize("moment", ["2026-03-17 09:01", "2026-03-17 17:59", "2026-07-13 12:00"])
def test_who_is_open_gets_something(moment: str) -> None:
    assert rate(daily(week=OFFICE), paris(moment))[0] > 0.0


def test_a_holiday_is_like_a_sunday() -> None:
    assert of_day("2026-07-14") == pytest.approx(of_day("2026-07-19"), rel=1e-3)


def test_a_holiday_of_another_country_is_a_working_day() -> None:
    assert of_day("2026-07-14", country="DE") == pytest.approx(24 * 1.07, rel=1e-3)
    assert of_day("2026-10-03", country="DE") < of_day("2026-10-03")


@pytest.mark.parametrize("day", [1, 2, 3, 4, 5])
def test_the_first_five_days_of_a_month_are_a_tenth_stronger(day: int) -> None:
    assert of_hour(f"2026-06-0{day} 10:00") == pytest.approx(
        1.1 * of_hour(f"2026-06-{day + 14} 10:00")
    )


@pytest.mark.parametrize("moment", ["2026-07-06 00:00", "2026-06-30 23:00"])
def test_the_days_around_payday_are_not_stronger(moment: str) -> None:
    later = datetime.fromisoformat(moment) + timedelta(days=7)

    assert of_hour(moment) == pytest.approx(of_hour(f"{later:%Y-%m-%d %H:%M}"))


def test_payday_begins_at_midnight_in_paris_and_not_in_greenwich() -> None:
    assert of_hour("2026-07-01 00:00") == pytest.approx(1.1 * of_hour("2026-07-08 00:00"))


@pytest.mark.parametrize(
    ("day", "n_hours", "extra"), [("2026-03-29", 23, -HOURS[2]), ("2026-10-25", 25, HOURS[2])]
)
def test_two_o_clock_is_missing_or_there_twice_when_clocks_change(
    day: str, n_hours: int, extra: float
) -> None:
    start, end = datetime.fromisoformat(day), datetime.fromisoformat(day) + timedelta(days=1)

    assert paris(f"{end}") - paris(f"{start}") == n_hours * HOUR
    assert of_day(day) == pytest.approx((sum(HOURS) + extra) / MEAN_HOUR * 0.75)


@pytest.mark.parametrize(
    ("changed", "plain"),
    [
        ("2026-03-29 01:00", "2026-03-15 01:00"),
        ("2026-03-29 03:00", "2026-03-15 03:00"),
        ("2026-10-25 02:00", "2026-10-18 02:00"),
        ("2026-10-25 03:00", "2026-10-18 03:00"),
    ],
)
def test_the_hours_of_the_clock_keep_their_weight_across_a_change(changed: str, plain: str) -> None:
    assert of_hour(changed) == pytest.approx(of_hour(plain))


@pytest.mark.parametrize("shape", ["flat", "daily"])
@pytest.mark.parametrize("compression", [1.0, 60.0])
@pytest.mark.parametrize("origin", [ORIGIN, paris("2026-03-28 20:00"), paris("2026-10-24 20:00")])
def test_the_integral_is_the_sum_of_the_rate(
    shape: ProfileShape, compression: float, origin: float
) -> None:
    profile = daily(3.0, origin, compression, shape=shape)
    start, end = origin + 60.0, origin + 60.0 + 2 * DAY / compression

    assert between(profile, start, end) == pytest.approx(summed(profile, start, end, 48 * 60))


def test_the_integral_follows_the_rate_from_an_origin_within_an_hour() -> None:
    start = ORIGIN + 1234.0
    profile = daily(3.0, start)

    assert between(profile, start, start + DAY) == pytest.approx(
        summed(profile, start, start + DAY, 24 * 60)
    )


def test_the_numeric_oracle_would_see_an_hour_left_out() -> None:
    assert between(daily(), ORIGIN, ORIGIN + DAY) != pytest.approx(
        summed(daily(), ORIGIN, ORIGIN + DAY - HOUR, 23 * 60)
    )


def test_parts_have_their_own_means_and_weeks() -> None:
    both = Profile((2.0, 5.0), (ALWAYS, OFFICE), ORIGIN)
    starts = ORIGIN + np.arange(100) * HOUR

    together = both.integrals(starts, starts + 900.0)

    for i, (mean, week) in enumerate(zip(both.means, both.weeks, strict=True)):
        alone = daily(mean, week=week).integrals(starts, starts + 900.0)
        assert_array_equal(together[:, i], alone[:, 0])


days = st.floats(0.0, 20.0)
weeks = st.sampled_from([ALWAYS, OFFICE])


@given(
    week=weeks,
    origin=st.floats(1.7e9, 1.9e9),
    compression=st.floats(1.0, 1000.0),
    edges=st.lists(days, min_size=3, max_size=3).map(sorted),
)
def test_integrals_of_neighbouring_spans_add_up(
    week: Week, origin: float, compression: float, edges: list[float]
) -> None:
    profile = daily(2.0, origin, compression, week=week)
    start, middle, end = (origin + edge * DAY / compression for edge in edges)

    apart = between(profile, start, middle) + between(profile, middle, end)

    # times are Unix seconds in double precision, a quarter of a microsecond apart
    assert between(profile, start, end) == pytest.approx(apart, rel=1e-9, abs=1e-5)


@given(week=weeks, origin=st.floats(1.7e9, 1.9e9), compression=st.floats(1.0, 1000.0), at=days)
def test_neither_the_rate_nor_its_integral_is_ever_negative(
    week: Week, origin: float, compression: float, at: float
) -> None:
    profile, start = daily(1.0, origin, compression, week=week), origin + at * DAY / compression

    assert rate(profile, start)[0] >= 0.0
    assert between(profile, start, start + 0.001) >= 0.0


@given(st.floats(1.0, 1000.0), st.lists(days, min_size=1), weeks)
def test_neither_depends_on_how_ticks_are_cut(
    compression: float, begins: list[float], week: Week
) -> None:
    profile = daily(20.0, compression=compression, week=week)
    starts = ORIGIN + np.array(begins) * DAY / compression

    assert_array_equal(rate(profile, *starts), [rate(profile, s)[0] for s in starts])
    assert_array_equal(
        profile.integrals(starts, starts + 15.0)[:, 0],
        [between(profile, s, s + 15.0) for s in starts],
    )


@pytest.mark.parametrize("compression", [2.0, 60.0, 1440.0])
def test_compression_moves_the_shape_and_leaves_the_rate(compression: float) -> None:
    halves = np.arange(1000) * HOUR / 2.0

    fast = rate(daily(20.0, compression=compression), *(ORIGIN + halves / compression))

    assert_allclose(fast, rate(daily(20.0), *(ORIGIN + halves)), rtol=1e-4)


@pytest.mark.parametrize("compression", [2.0, 60.0, 1440.0])
def test_compression_divides_the_events_of_a_scenario_day(compression: float) -> None:
    fast, slow = daily(20.0, compression=compression), daily(20.0)

    assert between(fast, ORIGIN, ORIGIN + DAY / compression) == pytest.approx(
        between(slow, ORIGIN, ORIGIN + DAY) / compression, rel=1e-7
    )


def test_a_flat_rate_is_its_mean_whatever_the_compression() -> None:
    profile = daily(2.5, compression=60.0, shape="flat")

    assert_array_equal(rate(profile, *(ORIGIN + np.arange(100) * 900.0)), 2.5)
    assert between(profile, ORIGIN, ORIGIN + 40.0) == 100.0


def test_no_times_have_no_rates() -> None:
    assert daily().rates(np.zeros(0)).shape == (0, 1)
