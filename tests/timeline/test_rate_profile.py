"""Request rates: how they move from moment to moment, and their integral."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from simulator.timeline.profile import Profile, ProfileShape
from tests.support.rate_profiles import (
    ALWAYS,
    DAY,
    HOUR,
    OFFICE,
    ORIGIN,
    between,
    daily,
    paris,
    rate,
)

if TYPE_CHECKING:
    from simulator.timeline.week import Week


def summed(profile: Profile, start: float, end: float, pieces: int) -> float:
    """The integral by Simpson's rule: exact where no piece lies across a full hour."""
    edges = np.linspace(start, end, pieces + 1)
    rates, middles = rate(profile, *edges), rate(profile, *((edges[:-1] + edges[1:]) / 2))
    return float((rates[:-1] + 4.0 * middles + rates[1:]).sum()) / 6.0 * (end - start) / pieces


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
