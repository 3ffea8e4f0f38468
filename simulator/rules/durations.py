"""Durations as Prometheus takes them in rule files."""

import re
from typing import Final

from simulator.quoting import quoted

__all__ = ["prometheus_seconds"]

_UNITS: Final = (
    ("y", 365 * 86400.0),
    ("w", 7 * 86400.0),
    ("d", 86400.0),
    ("h", 3600.0),
    ("m", 60.0),
    ("s", 1.0),
    ("ms", 0.001),
)
_DURATION: Final = re.compile("".join(f"(?:([0-9]{{1,15}}){unit})?" for unit, _ in _UNITS))


def prometheus_seconds(text: str) -> float:
    """Seconds of a duration: whole numbers with units, from years to milliseconds, or 0.

    A year is 365 days (prometheus/common, model/time.go, ParseDuration).

    Raises:
        ValueError: it is none.

    >>> [prometheus_seconds(one) for one in ("1h30m", "0", "1y", "250ms")]
    [5400.0, 0.0, 31536000.0, 0.25]
    """
    found = _DURATION.fullmatch(text)
    if text == "0":
        return 0.0
    if not text or found is None:
        raise ValueError(f"{quoted(text)} is not a duration such as 90s, 5m, 1h30m or 1d")
    parts = zip(found.groups(), _UNITS, strict=True)
    return sum(int(count) * seconds for count, (_, seconds) in parts if count)
