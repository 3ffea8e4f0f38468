"""Panels whose time range does not slide with now: what is asked, and what each moment sees."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.grafana.bound_panels import BoundPanel, QueryOptions
from simulator.grafana.calendars import Calendar
from simulator.grafana.frames import Series
from simulator.grafana.model import Panel
from simulator.grafana.parsing import dashboard_from
from simulator.grafana.time_ranges import TimeRange, ViewedRange
from simulator.observation.asked_at_moments import asked_at_moments
from simulator.observation.asked_over_time import replayed
from simulator.observation.over_time import values_over_time
from simulator.observation.replay import Moments, Replayed

if TYPE_CHECKING:
    from simulator.observation.prometheus import Prometheus

PARIS = ZoneInfo("Europe/Paris")
HOUR, DAY = 3600.0, 86_400.0


def paris(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()


class Recorded:
    """A Prometheus whose one series shows the range in its query, else the time in hours."""

    def __init__(self, since: float = 0.0) -> None:
        self.since = since
        self.asked: list[tuple[str, float, float]] = []

    def query(self, expr: str, *, at: float) -> tuple[Series, ...]:
        return self.query_range(expr, start=at, end=at, step_seconds=1.0)

    def query_range(
        self, expr: str, *, start: float, end: float, step_seconds: float
    ) -> tuple[Series, ...]:
        self.asked.append((expr, start, end))
        count = int((end - start) / step_seconds + 1e-6) + 1
        times = start + np.arange(count, dtype=np.float64) * step_seconds
        times = times[times >= self.since]
        found = re.search(r"\[(\d+)s\]", expr)
        hours = times / HOUR
        values = np.full_like(hours, float(found[1])) if found else hours
        return (Series({}, times, values),) if len(times) else ()


def panel(kind: str = "stat", expr: str = "increase(a[$__range])", **keys: object) -> Panel:
    target = {"refId": "A", "expr": expr, "instant": kind == "stat", **keys}
    return dashboard_from({"panels": [{"type": kind, "targets": [target]}]}).panels[0]


def opened(time_range: TimeRange, of: Panel) -> BoundPanel:
    viewed = ViewedRange(time_range, Calendar.of("Europe/Paris", week_start="monday"))
    return BoundPanel(of, QueryOptions(paris("2026-01-06T12:00"), viewed))


def asked(
    time_range: TimeRange, of: Panel, moments: Moments, since: float = 0.0
) -> tuple[list[Replayed], Recorded]:
    recorded = Recorded(since)
    found = replayed(
        opened(time_range, of), of.targets[0], cast("Prometheus", recorded), moments=moments
    )
    return list(found), recorded


def values(answers: Sequence[Replayed], moment: float) -> list[float]:
    return [float(v) for one in answers for s in one.until(moment) for v in s.values]


def test_today_begins_anew_at_the_midnight_of_the_dashboard() -> None:
    moments = Moments(paris("2026-01-05T22:00"), paris("2026-01-06T02:00"), HOUR)
    answers, _ = asked(TimeRange("now/d"), panel(), moments)
    hours = [[value / HOUR for value in values(answers, t)] for t in moments.times.tolist()]
    assert hours == [[22.0], [23.0], [], [1.0], [2.0]]  # nothing can be asked about no time


@pytest.mark.parametrize(("date", "hours"), [("2026-03-29", 13.0), ("2026-10-25", 15.0)])
def test_today_is_as_long_as_the_clocks_say(date: str, hours: float) -> None:
    at_two = paris(f"{date}T14:00")
    answers, _ = asked(TimeRange("now/d"), panel(), Moments(at_two, at_two + HOUR, HOUR))
    assert values(answers, at_two) == [hours * HOUR]


def test_yesterday_is_asked_once_a_day() -> None:
    moments = Moments(paris("2026-01-06T00:00"), paris("2026-01-07T23:00"), HOUR)
    answers, recorded = asked(TimeRange("now-1d/d", "now-1d/d"), panel(expr="a"), moments)
    assert [end for _, _, end in recorded.asked] == pytest.approx(
        [paris("2026-01-05T23:59:59.999"), paris("2026-01-06T23:59:59.999")]
    )
    assert values(answers, paris("2026-01-07T15:00")) == pytest.approx(
        [paris("2026-01-06T23:59:59.999") / HOUR]
    )


def test_there_is_no_yesterday_in_a_history_of_today() -> None:
    midnight = paris("2026-01-06T00:00")
    moments = Moments(midnight, midnight + 20 * HOUR, HOUR)
    for kind in ("stat", "timeseries"):
        of = panel(kind, "a")
        answers, _ = asked(TimeRange("now-1d/d", "now-1d/d"), of, moments, since=midnight)
        assert not any(one.answer.series for one in answers)


def test_a_query_without_the_range_in_its_text_is_asked_in_one_go() -> None:
    moments = Moments(paris("2026-01-05T12:00"), paris("2026-01-06T12:00"), 60.0)
    answers, recorded = asked(TimeRange("now/d"), panel(expr="a"), moments)
    assert recorded.asked == [("a", moments.first, moments.last)]
    assert values(answers, moments.last) == [moments.last / HOUR]


def test_a_plot_of_today_shows_what_came_in_while_it_was_looked_at() -> None:
    moments = Moments(paris("2026-01-06T10:00"), paris("2026-01-06T12:00"), 15.0)
    of = panel("timeseries", "a")
    answers, _ = asked(TimeRange("now/d"), of, moments)
    (field,) = values_over_time(of, answers, moments).fields
    (series,) = field.series
    assert (series.times[0], series.times[-1]) == (moments.first, moments.last)


def test_a_plot_of_yesterday_shows_all_of_it() -> None:
    moments = Moments(paris("2026-01-06T10:00"), paris("2026-01-06T12:00"), 15.0)
    of = panel("timeseries", "a")
    answers, _ = asked(TimeRange("now-1d/d", "now-1d/d"), of, moments)
    (field,) = values_over_time(of, answers, moments).fields
    times = field.series[0].times
    assert times[0] == paris("2026-01-05T00:00")
    assert paris("2026-01-05T23:55") < times[-1] < paris("2026-01-06T00:00")


def test_a_range_query_that_is_reduced_sees_its_own_day() -> None:
    moments = Moments(paris("2026-01-05T23:00"), paris("2026-01-06T01:00"), HOUR)
    of = panel("stat", "a", instant=False, range=True)
    answers, _ = asked(TimeRange("now/d"), of, moments)
    firsts = [values(answers, t)[0] for t in moments.times.tolist()]
    midnights = [paris("2026-01-05T00:00"), *[paris("2026-01-06T00:00")] * 2]
    assert firsts == pytest.approx([t / HOUR for t in midnights])


@given(
    every=st.sampled_from([15.0, 60.0, 300.0]),
    behind=st.sampled_from([0, 60, 3600, 86_400]),
    span=st.sampled_from([300, 3600, 21_600]),
    is_instant=st.booleans(),
)
def test_both_ways_of_asking_see_the_same(
    every: float, behind: int, span: int, *, is_instant: bool
) -> None:
    moments = Moments(paris("2026-01-06T10:00"), paris("2026-01-06T10:30"), every)
    of = panel("stat", "a", instant=is_instant, range=not is_instant)
    bound = opened(TimeRange(f"now-{(behind + span) // 60}m", f"now-{behind // 60}m"), of)
    prometheus = cast("Prometheus", Recorded())
    quick = list(replayed(bound, of.targets[0], prometheus, moments=moments))
    slow = list(asked_at_moments(bound, of.targets[0], prometheus, moments))
    for moment in moments.times.tolist():
        assert values(quick, moment) == values(slow, moment)
