"""Independent days of a scenario: when they begin, what is before them, how they differ."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from simulator.runtime.days import BEFORE_SECONDS, independent_days
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun

ERRORS = load_scenario("errors")  # 3h, with one episode from 30m to 2h
DAY, HOUR = 86400.0, 3600.0


def days(count: int = 3, duration: float = DAY, step: float = 30.0) -> tuple[TimedRun, ...]:
    return independent_days(ERRORS, count=count, duration=duration, step=step)


def midnight(day: TimedRun, duration: float = DAY) -> datetime:
    return datetime.fromtimestamp(day.end - duration, UTC)


def test_they_are_from_a_midnight_on_the_first_one_s_a_monday() -> None:
    assert [f"{midnight(day):%a %H:%M:%S}" for day in days()] == [
        "Mon 00:00:00",
        "Wed 00:00:00",
        "Fri 00:00:00",
    ]


def test_a_week_of_them_has_every_weekday() -> None:
    assert {midnight(day).weekday() for day in days(7)} == set(range(7))


def test_each_has_the_next_seed_and_is_the_same_scenario_otherwise() -> None:
    assert [day.scenario.seed for day in days()] == [ERRORS.seed + n for n in range(3)]
    first, *others = (day.scenario.model_copy(update={"seed": 0}) for day in days())
    assert others == [first, first]


def test_the_same_days_are_given_again_and_more_of_them_begin_the_same_way() -> None:
    assert days(3) == days(3) == days(5)[:3]


@pytest.mark.parametrize("duration", [600.0, 22 * HOUR, DAY - BEFORE_SECONDS, DAY, 40 * HOUR])
def test_no_query_sees_two_of_them(duration: float) -> None:
    for before, after in pairwise(days(4, duration)):
        assert after.start - before.end >= 2 * HOUR
        assert after.start - before.end < DAY + 2 * HOUR


@pytest.mark.parametrize(("compression", "step"), [(1.0, 30.0), (1.0, 7.0), (60.0, 30.0)])
def test_each_runs_quietly_in_whole_steps_for_20_minutes_before_its_midnight(
    compression: float, step: float
) -> None:
    scenario = ERRORS.compressed(compression)
    for day in independent_days(scenario, count=2, duration=scenario.duration, step=step):
        start_of_day = day.end - scenario.duration
        lead_in = start_of_day - day.start
        assert BEFORE_SECONDS / compression <= lead_in < BEFORE_SECONDS / compression + step
        assert lead_in % step == 0.0
        (episode,) = day.episodes
        assert episode.start - start_of_day == scenario.episodes[0].start
        assert day.scenario.duration == day.end - day.start


def test_a_longer_duration_adds_quiet_time_at_the_end() -> None:
    for day in days(2, duration=DAY):
        (episode,) = day.episodes
        assert episode.start == midnight(day).timestamp() + 0.5 * HOUR
        assert episode.end == midnight(day).timestamp() + 2 * HOUR
        assert day.end - episode.end == 22 * HOUR
        assert day.scenario.duration == day.end - day.start


def test_a_shorter_duration_cuts_what_begins_or_ends_later() -> None:
    (cut,) = days(1, duration=HOUR)[0].episodes
    assert cut.end == days(1, duration=HOUR)[0].end
    assert days(1, duration=0.5 * HOUR)[0].episodes == ()
