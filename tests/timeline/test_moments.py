"""Moments as people write them: what they mean, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.timeline.durations import format_duration
from simulator.timeline.moments import parse_moment

NOW = 1_800_000_000.25

moments = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30))  # noqa: DTZ001 - made aware
offsets = st.integers(-14 * 60, 14 * 60).map(lambda n: timezone(timedelta(minutes=n)))


def test_now_is_now_to_the_last_digit() -> None:
    assert parse_moment("now", now=NOW) == NOW


@given(st.integers(0, 10**9))
def test_a_duration_before_now_is_that_long_ago(milliseconds: int) -> None:
    ago = milliseconds / 1000

    assert parse_moment(f"now-{format_duration(ago)}", now=NOW) == pytest.approx(NOW - ago)


@given(moments, offsets)
def test_a_time_with_an_offset_is_that_instant(moment: datetime, offset: timezone) -> None:
    aware = moment.replace(tzinfo=offset)

    assert parse_moment(aware.isoformat(), now=NOW) == aware.timestamp()


@given(moments)
def test_a_time_without_an_offset_is_in_utc(moment: datetime) -> None:
    assert parse_moment(moment.isoformat(), now=NOW) == moment.replace(tzinfo=UTC).timestamp()


@given(st.floats(0.0, 2.5e11))
def test_a_number_is_unix_seconds(seconds: float) -> None:
    text = f"{seconds:.3f}"

    assert parse_moment(text, now=NOW) == float(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-11-24", 1_795_478_400.0),
        ("2026-11-24T10:00", 1_795_514_400.0),
        ("2026-11-24T10:00:00Z", 1_795_514_400.0),
        ("2026-11-24 11:00:00+01:00", 1_795_514_400.0),
        ("2026-11-24T10:00:00.5Z", 1_795_514_400.5),
        ("1795514400", 1_795_514_400.0),
        ("1e3", 1_000.0),
        ("20261124", 1_795_478_400.0),
        ("22231231200.000", 22_231_231_200.0),
    ],
)
def test_a_spelling_means_this_moment(text: str, seconds: float) -> None:
    assert parse_moment(text, now=NOW) == seconds


@pytest.mark.parametrize(
    "text", ["", "soon", "nowish", "now+1h", "2026-13-01", "2026-02-30", "inf", "nan", "12:00"]
)
def test_anything_else_is_refused_with_the_text_and_examples(text: str) -> None:
    with pytest.raises(ValueError, match="is no moment such as now, now-6h") as refusal:
        parse_moment(text, now=NOW)

    assert repr(text) in str(refusal.value)


@pytest.mark.parametrize("text", ["now-", "now-5", "now-soon", "now- 5m", "now--5m"])
def test_what_follows_now_is_a_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration such as 90s"):
        parse_moment(text, now=NOW)
