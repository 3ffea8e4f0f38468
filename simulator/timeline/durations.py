"""Durations as people write them: `90s`, `5m`, `1h30m`, `7d`."""

import math
import re

from simulator.quoting import quoted

__all__ = ["format_duration", "parse_duration"]

_SECONDS_PER_UNIT = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_WHOLE = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|[smhdw]))+")
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|[smhdw])")
_LONGEST_SECONDS = 10 * 366 * 86400.0


def parse_duration(text: str) -> float:
    """Seconds of a duration such as `1h30m`.

    Raises:
        ValueError: for anything else, and for more than ten years.

    >>> parse_duration("1h30m"), parse_duration("250ms")
    (5400.0, 0.25)
    """
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{quoted(text)} is not a duration such as 90s, 5m, 1h30m or 7d")
    seconds = math.fsum(float(n) * _SECONDS_PER_UNIT[unit] for n, unit in _PART.findall(text))
    if seconds > _LONGEST_SECONDS:
        raise ValueError(f"{quoted(text)} is longer than ten years")
    return seconds


def format_duration(seconds: float) -> str:
    """A duration spelled out, largest unit first, to the millisecond.

    >>> format_duration(5400.0), format_duration(0.25), format_duration(0.0)
    ('1h30m', '250ms', '0s')
    """
    rest = round(seconds * 1000)
    spelled = ""
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, rest = divmod(rest, size)
        spelled += f"{count}{unit}" if count else ""
    return spelled or "0s"
