"""Time ranges, compared with answers of Grafana's own library (@grafana/data 13.2.2)."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import DashboardError
from simulator.grafana.calendars import Calendar
from simulator.grafana.time_ranges import Span, TimeRange

PARIS = Calendar.of("Europe/Paris", week_start="monday")
MONDAY = datetime(2026, 1, 5, 11, 20, 33, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86_400.0


def seen(
    start: str, end: str = "now", *, calendar: Calendar = PARIS, now: float = MONDAY
) -> list[str]:
    return [local(t, calendar) for t in TimeRange(start, end).at(now, calendar)]


def local(seconds: float, calendar: Calendar = PARIS) -> str:
    return datetime.fromtimestamp(seconds, calendar.zone).strftime("%m-%d %H:%M:%S")


def differences() -> Iterator[tuple[object, ...]]:
    """Rows whose milliseconds are not Grafana's; None is what it cannot read."""
    rows = json.loads(Path(__file__).with_name("time_range_answers.json").read_text())
    assert len(rows) > 400
    for text, is_end, zone, fiscal, week, now, wanted in rows:
        calendar = Calendar.of(zone, week_start=week, fiscal_start=fiscal)
        both = TimeRange("now", text) if is_end else TimeRange(text, "now")
        try:
            found = round(both.at(now / 1000, calendar)[is_end] * 1000)
        except DashboardError:
            found = None
        if found != wanted:
            yield text, is_end, zone, fiscal, week, now, wanted, found


def test_moments_are_those_of_grafana() -> None:
    assert list(differences()) == []


def test_today_is_that_of_the_dashboard() -> None:
    assert seen("now/d") == ["01-05 00:00:00", "01-05 12:20:33"]
    assert seen("now-1d/d", "now-1d/d") == ["01-04 00:00:00", "01-04 23:59:59"]
    assert seen("now/w", "now/w") == ["01-05 00:00:00", "01-11 23:59:59"]


@pytest.mark.parametrize(("date", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_days_are_as_long_as_the_clocks_say(date: str, hours: int) -> None:
    noon = datetime.fromisoformat(f"{date}T12:00").replace(tzinfo=ZoneInfo("Europe/Paris"))
    start, end = TimeRange("now/d", "now/d").at(noon.timestamp(), PARIS)
    assert round(end - start) == hours * HOUR


@pytest.mark.parametrize("timezone", ["", "browser"])
def test_a_browser_decides_where_the_dashboard_does_not(timezone: str) -> None:
    tokyo = Calendar.of(timezone, viewer=ZoneInfo("Asia/Tokyo"))
    assert seen("now/d", calendar=tokyo)[0] == "01-05 00:00:00"
    assert seen("2026-01-05T00:00:00", calendar=tokyo)[0] == "01-05 00:00:00"


def test_a_delay_is_for_ranges_that_end_now() -> None:
    assert TimeRange("now-1h", "now", "2m").at(MONDAY, PARIS) == (MONDAY - HOUR, MONDAY - 120.0)
    assert TimeRange("now-1h", "now-1m", "2m").at(MONDAY, PARIS)[1] == MONDAY - 60.0


def overridden(time_from: str, time_shift: str = "", *, of: TimeRange | None = None) -> Span:
    start, end = (of or TimeRange()).overridden(time_from, time_shift, MONDAY, PARIS)
    return MONDAY - start, MONDAY - end


@pytest.mark.parametrize(
    ("time_from", "time_shift", "wanted"),
    [
        ("1h", "", (HOUR, 0.0)),
        ("now-2h", "", (2 * HOUR, 0.0)),
        ("now/d", "", (44_433.0, 0.0)),  # so far
        ("1d/d", "", (DAY + 44_433.0, 0.0)),
        ("+2h", "", (0.0, -2 * HOUR)),
        ("", "1d", (DAY + 6 * HOUR, DAY)),
        ("", "1d/d", (DAY + 44_433.0, 44_433.0 + 0.001)),  # both ends are rounded
        ("1h", "30m", (1.5 * HOUR, 0.5 * HOUR)),
        ("soon", "30m", (6 * HOUR, 0.0)),  # an invalid one ends it
        ("1h", "now-1d", (HOUR, 0.0)),  # a shift is no time
        ("1h", "+1h", (HOUR, 0.0)),
        ("now/h", "", (6 * HOUR, 0.0)),  # not among the ranges so far
    ],
)
def test_a_panel_has_a_range_of_its_own(
    time_from: str, time_shift: str, wanted: tuple[float, float]
) -> None:
    assert overridden(time_from, time_shift) == pytest.approx(wanted, abs=1e-4)


def test_a_range_of_two_dates_is_not_replaced() -> None:
    dates = TimeRange("2026-01-05T00:00:00Z", "2026-01-05T06:00:00Z")
    assert overridden("1h", of=dates) == overridden("", of=dates)


@pytest.mark.parametrize("text", ["yesterday", "now-1x", "now/2d", "now-", "1767612033000", ""])
def test_what_grafana_cannot_read_is_refused_in_words(text: str) -> None:
    with pytest.raises(DashboardError, match="time range"):
        TimeRange(text).at(MONDAY, PARIS)


@pytest.mark.parametrize(
    "zone", ["default", "utc", "UTC", "Mars/Olympus", "../../etc/passwd", "Europe", "\0"]
)
def test_an_unknown_zone_is_utc_as_moment_takes_it(zone: str) -> None:
    assert Calendar.of(zone, viewer=ZoneInfo("Asia/Tokyo")).zone == UTC


def test_zones_are_known_in_any_case() -> None:
    assert Calendar.of("europe/PARIS").zone == ZoneInfo("Europe/Paris")


@given(text=st.text(alphabet="now-+/|:0123456789dMwyfQhTZ. ", max_size=24), is_end=st.booleans())
def test_no_text_is_a_traceback(*, text: str, is_end: bool) -> None:
    with suppress(DashboardError):  # it says why
        TimeRange("now" if is_end else text, text if is_end else "now").at(MONDAY, PARIS)
