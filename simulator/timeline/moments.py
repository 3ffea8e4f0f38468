"""Moments as people write them: `now`, `now-6h`, `2026-11-24T10:00:00Z`, or unix seconds."""

import math
import re
from datetime import UTC, datetime
from typing import Final

from simulator.quoting import quoted
from simulator.timeline.durations import parse_duration

__all__ = ["LAST_MOMENT", "parse_date", "parse_moment"]

#: The end of the year 9999, in unix seconds: later ones have no date.
LAST_MOMENT: Final = 253_402_300_799.0

_LONG_NUMBER: Final = re.compile(r"[0-9]{9,}(\.[0-9]*)?")  # longer than 20260101


def parse_moment(text: str, *, now: float) -> float:
    """Unix seconds of a moment; one without an offset is in UTC.

    Raises:
        ValueError: it is none.

    >>> parse_moment("2026-01-01T01:00:00+01:00", now=0.0), parse_moment("2026-01-01", now=0.0)
    (1767225600.0, 1767225600.0)
    >>> parse_moment("now-1h30m", now=10_000.0), parse_moment("1767225600", now=0.0)
    (4600.0, 1767225600.0)
    """
    if text == "now":
        return now
    if text.startswith("now-"):
        return now - parse_duration(text.removeprefix("now-"))
    if _LONG_NUMBER.fullmatch(text):  # in which Python finds a date, and a time after any digit
        return _unix_seconds(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _unix_seconds(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def parse_date(text: str) -> float:
    """Unix seconds of the midnight in UTC that a day of the years 2000 to 2099 begins with.

    Raises:
        ValueError: it is no such day.

    >>> parse_date("2026-03-29")
    1774742400.0
    """
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        day = None
    if day is None or day.year // 100 != 20:  # noqa: PLR2004 - the century
        raise ValueError(f"{quoted(text)} is no day of this century, such as 2026-03-29")
    return day.timestamp()


def _unix_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        raise ValueError(
            f"{quoted(text)} is no moment such as now, now-6h, 2026-01-01T00:00:00Z or 1767225600"
        )
    return seconds
