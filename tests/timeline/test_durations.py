"""Durations as people write them: what they mean, how they are written back, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.timeline.durations import format_duration, parse_duration

MILLISECONDS_PER_UNIT = {
    "ms": 1,
    "s": 1_000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
}
LONGEST_MILLISECONDS = 3660 * MILLISECONDS_PER_UNIT["d"]

milliseconds = st.integers(0, LONGEST_MILLISECONDS)
part = st.tuples(st.integers(0, 80), st.sampled_from(sorted(MILLISECONDS_PER_UNIT)))


@given(milliseconds)
def test_what_is_written_is_read_back_to_the_millisecond(n: int) -> None:
    assert round(parse_duration(format_duration(n / 1000)) * 1000) == n


@given(milliseconds)
def test_writing_what_was_read_changes_nothing(n: int) -> None:
    text = format_duration(n / 1000)

    assert format_duration(parse_duration(text)) == text


@given(st.lists(part, min_size=1, max_size=6))
def test_parts_add_up(parts: list[tuple[int, str]]) -> None:
    text = "".join(f"{count}{unit}" for count, unit in parts)
    expected = sum(count * MILLISECONDS_PER_UNIT[unit] for count, unit in parts)

    assert parse_duration(text) == pytest.approx(expected / 1000, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0s", 0.0),
        ("1ms", 0.001),
        ("1s", 1.0),
        ("1m", 60.0),
        ("1h", 3600.0),
        ("1d", 86400.0),
        ("1w", 604800.0),
        ("90s", 90.0),
        ("1h30m", 5400.0),
        ("1.5h", 5400.0),
        ("1m500ms", 60.5),
        ("007s", 7.0),
    ],
)
def test_a_spelling_means_so_many_seconds(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0s"),
        (0.001, "1ms"),
        (0.999, "999ms"),
        (1.0, "1s"),
        (59.999, "59s999ms"),
        (60.0, "1m"),
        (3600.0, "1h"),
        (86399.0, "23h59m59s"),
        (86400.0, "1d"),
        (604800.0, "7d"),
        (5400.0, "1h30m"),
        (0.0004, "0s"),
        (0.0006, "1ms"),
    ],
)
def test_seconds_are_written_in_their_largest_units(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "5",
        "s",
        "5 m",
        "1h 30m",
        " 5m",
        "5m ",
        "5m\n",
        "-5m",
        "+5m",
        "5.m",
        ".5m",
        "1.5.5m",
        "1,5h",
        "1e3s",
        "1_000s",
        "0x10s",
        "5M",
        "5S",
        "5min",
        "5sec",
        "5us",
        "5y",
        "1h30",
        "30m1",
        "m5",
        "inf",
        "nan",
        "infs",
        "1:30",
        "PT5M",
        "5m;",
        "5m5",
    ],
)
def test_anything_else_is_refused_with_the_text_and_examples(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration such as 90s, 5m") as refusal:
        parse_duration(text)

    assert repr(text) in str(refusal.value)


@pytest.mark.parametrize("text", ["٥m", "５m", "5.٥s"])  # noqa: RUF001 - these digits are the point
def test_digits_of_other_scripts_are_refused(text: str) -> None:
    # the JSON Schema's `\d` takes 0 to 9 only, and so must the reader
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


def test_ten_years_are_the_longest() -> None:
    assert parse_duration("3660d") == 3660 * 86400.0


@pytest.mark.parametrize("text", ["3660d1ms", "3661d", "523w", "1" + "0" * 400 + "s"])
def test_more_than_ten_years_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is longer than ten years"):
        parse_duration(text)
