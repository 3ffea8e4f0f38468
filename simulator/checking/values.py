"""Numbers and times in messages."""

from simulator.timeline.durations import format_duration

__all__ = ["duration", "number"]


def number(value: float) -> str:
    """A number as short as it can be written without another value.

    >>> number(0.97), number(10000.0), number(1e9), number(0.1 * 3)
    ('0.97', '10000', '1000000000', '0.3')
    """
    short = f"{value:.10g}"
    return short if float(short) == value else f"{value:.6g}"


def duration(seconds: float) -> str:
    """A time such as 5m.

    >>> duration(300.0)
    '5m'
    """
    return format_duration(seconds)
