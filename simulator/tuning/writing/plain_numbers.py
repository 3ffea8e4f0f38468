"""Numbers and durations as a person would type them, in JSON, PromQL and rule files."""

import math
from decimal import Decimal
from typing import Final

__all__ = ["plain_duration", "plain_number"]

_UNITS: Final = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1))


def plain_number(value: float) -> str:
    """The fewest digits that read back as the value, without an exponent.

    Raises:
        ValueError: it is not finite, which neither JSON nor a threshold can be.

    >>> [plain_number(v) for v in (10000.0, 0.64, 1.2e-5, 1e21, -2.5, -0.0)]
    ['10000', '0.64', '0.000012', '1000000000000000000000', '-2.5', '0']
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a finite number")
    if value == 0.0:
        return "0"
    return f"{Decimal(repr(float(value))):f}".removesuffix(".0")


def plain_duration(seconds: float) -> str:
    """One number and the largest unit that gives a whole one, to the millisecond.

    Raises:
        ValueError: it is negative or not finite.

    >>> [plain_duration(s) for s in (300.0, 90.0, 3600.0, 0.0, 0.5, 86400.0, 129600.0)]
    ['5m', '90s', '1h', '0s', '500ms', '1d', '36h']
    """
    if not (math.isfinite(seconds) and seconds >= 0.0):
        raise ValueError(f"{seconds} is not a duration")
    milliseconds = round(seconds * 1000)
    if milliseconds == 0:
        return "0s"
    unit, size = next(pair for pair in _UNITS if milliseconds % pair[1] == 0)
    return f"{milliseconds // size}{unit}"
