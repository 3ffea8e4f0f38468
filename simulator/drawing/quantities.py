"""Counts, durations and moments in words, the same on every page."""

import math
from datetime import UTC, datetime
from typing import Final

from simulator.timeline.durations import format_duration

__all__ = ["clock_text", "counted", "duration_text", "moment_text"]

_MINUTE: Final = 60.0
_HOUR: Final = 3600.0
_DAY: Final = 86400.0


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "episode"), counted(0, "episode")
    ('1 episode', '0 episodes')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def duration_text(seconds: float) -> str:
    """A duration by its two largest units.

    >>> [duration_text(s) for s in (0.0, 42.4, 754.0, 80_552.0, 200_000.0)]
    ['0s', '42s', '12m34s', '22h23m', '2d8h']
    """
    if not math.isfinite(seconds):
        return "?"
    unit = _HOUR if seconds >= _DAY else _MINUTE if seconds >= _HOUR else 1.0
    rounded = round(seconds / unit) * unit
    return format_duration(rounded if rounded or not seconds else seconds)


def clock_text(at: float, start: float, end: float) -> str:
    """A moment in UTC: with its day where the span has several, to the second where short.

    >>> clock_text(1767225600.0, 1767225000.0, 1767225900.0)
    '00:00:00'
    """
    moment = datetime.fromtimestamp(at, UTC)
    span = end - start
    text = f"{moment:%H:%M:%S}" if span < 2 * _HOUR else f"{moment:%H:%M}"
    return text if span <= _DAY else f"{moment.day} {moment:%b} {text}"


def moment_text(at: float) -> str:
    """A moment in UTC with its date, to the second where it is not a whole minute.

    >>> moment_text(1767225600.0), moment_text(1767225601.0)
    ('1 Jan 2026 00:00', '1 Jan 2026 00:00:01')
    """
    moment = datetime.fromtimestamp(at, UTC)
    clock = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    return f"{moment.day} {moment:%b %Y} {clock}"
