"""Request rates by the calendar: hours, weekdays, holidays, paydays, changed clocks, in Paris."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.rate_profiles import (
    ALWAYS,
    DAY,
    HOUR,
    HOURS,
    MEAN_HOUR,
    OFFICE,
    between,
    daily,
    of_day,
    of_hour,
    paris,
    rate,
)

if TYPE_CHECKING:
    from simulator.timeline.week import Week


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
