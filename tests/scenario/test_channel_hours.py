"""The hours of channels: each has its own, and together they are an ordinary lender's week."""

import numpy as np
import pytest

from simulator.scenario.channel_hours import CHANNEL_WEEKS
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import CHANNELS
from tests.support.scenario_builders import MONDAY, scenario

DAY, HOUR = 86400.0, 3600.0
PLAIN = MONDAY + 7 * DAY  # there is a holiday in the week of MONDAY
BRANCH = CHANNELS.index("branch")


@pytest.fixture(scope="module")
def plan() -> Scenario:
    return scenario(traffic={"profile": "daily", "requests_per_second": 1.0})


def by_hour(plan: Scenario, origin: float, hours: int) -> np.ndarray:
    """Mean requests a second, shape (hours, channels)."""
    starts = origin + np.arange(hours) * HOUR
    return plan.profile(origin).integrals(starts, starts + HOUR) / HOUR


def test_every_channel_has_a_week_of_its_own() -> None:
    assert set(CHANNEL_WEEKS) == set(CHANNELS)
    assert len({week.hours for week in CHANNEL_WEEKS.values()}) == len(CHANNELS)


def test_a_week_has_the_rate_of_the_scenario(plan: Scenario) -> None:
    assert by_hour(plan, PLAIN, 168).sum(axis=1).mean() == pytest.approx(1.0)


def test_a_channel_has_the_requests_of_its_weight_over_a_week(plan: Scenario) -> None:
    # six in a hundred requests are batches, which partners send
    assert by_hour(plan, PLAIN, 168).mean(axis=0) == pytest.approx(
        [0.45 * 0.94, 0.35 * 0.94, 0.15 * 0.94 + 0.06, 0.05 * 0.94]
    )


def test_days_of_the_week_differ_as_the_weights_say(plan: Scenario) -> None:
    daily = by_hour(plan, PLAIN, 168).sum(axis=1).reshape(7, 24).mean(axis=1)
    assert daily == pytest.approx([1.09, 1.06, 1.08, 1.06, 1.06, 0.91, 0.73], abs=0.006)


def test_branches_are_open_from_nine_to_six_from_monday_to_saturday(plan: Scenario) -> None:
    is_open = by_hour(plan, PLAIN, 168)[:, BRANCH].reshape(7, 24) > 0.0
    assert is_open[:6, 9:18].all()
    assert is_open.sum() == 6 * 9


@pytest.mark.parametrize("channel", ["web", "mobile", "partner"])
def test_other_channels_never_sleep(plan: Scenario, channel: str) -> None:
    assert by_hour(plan, PLAIN, 168)[:, CHANNELS.index(channel)].min() > 0.0


def test_on_a_public_holiday_branches_are_closed_and_the_rest_is_like_a_sunday(
    plan: Scenario,
) -> None:
    armistice, sunday = by_hour(plan, MONDAY + 2 * DAY, 24), by_hour(plan, MONDAY + 6 * DAY, 24)
    assert armistice[:, BRANCH].max() == 0.0
    assert armistice == pytest.approx(sunday, rel=1e-9)


def test_a_holiday_is_the_scenario_s_country_s() -> None:
    germany = scenario(traffic={"profile": "daily", "country": "DE"})
    assert by_hour(germany, MONDAY + 2 * DAY, 24)[:, BRANCH].max() > 0.0


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("Europe/Paris", 9.0),
        ("Europe/London", 10.0),
        ("America/New_York", 15.0),
        ("Asia/Kolkata", 4.5),  # half an hour off
        ("Asia/Tokyo", 1.0),
    ],
)
def test_branches_open_at_nine_on_the_clocks_of_the_scenario(zone: str, hour: float) -> None:
    """In hours after midnight in Paris on a Tuesday."""
    plan = scenario(traffic={"profile": "daily", "time_zone": zone})
    tuesday = PLAIN + DAY
    minutes = tuesday + np.arange(-120, 24 * 60) * 60.0  # 30 s before and after opening
    branch = plan.profile(minutes[0]).rates(minutes + 30.0)[:, BRANCH] > 0.0
    opens = np.flatnonzero(~branch[:-1] & branch[1:])
    assert (minutes[opens[0] + 1] - tuesday) / HOUR == pytest.approx(hour)


def test_a_day_of_a_changed_clock_is_shorter_where_the_clock_is() -> None:
    """8 March 2026, when New York has 23 hours and Paris 24."""
    new_york = scenario(traffic={"profile": "daily", "time_zone": "America/New_York"})
    at = 1_772_946_000.0  # midnight there
    hours = by_hour(new_york, at, 23)
    plain = by_hour(new_york, at + 14 * DAY - HOUR, 24)  # midnight, two weeks later
    assert hours == pytest.approx(np.delete(plain, 2, axis=0), rel=1e-9)


def test_the_evening_is_the_phone_s_and_the_morning_the_partner_s(plan: Scenario) -> None:
    hours = by_hour(plan, PLAIN, 24)
    busiest = {c: int(hours[:, i].argmax()) for i, c in enumerate(CHANNELS)}
    assert busiest["mobile"] > 18
    assert busiest["partner"] < 18
    assert busiest["branch"] < 18


def test_the_busiest_hour_is_eighteen_times_the_quietest(plan: Scenario) -> None:
    total = by_hour(plan, PLAIN, 24).sum(axis=1)
    assert total.max() / total.min() == pytest.approx(18.0, abs=0.1)
