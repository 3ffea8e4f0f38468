"""Numbers that a person would type."""

import math
from collections.abc import Iterator
from typing import Final

__all__ = ["neighbours", "shortest_between", "two_digits"]

_DIGITS: Final = 2
_MOST_DIGITS: Final = 16


def two_digits(value: float) -> float:
    """The value with two significant digits.

    >>> [two_digits(v) for v in (0.12345, 1234.0, -0.0996, 0.0)]
    [0.12, 1200.0, -0.1, 0.0]
    """
    return float(f"{value:.{_DIGITS - 1}e}")


def neighbours(value: float) -> Iterator[float]:
    """The numbers of two significant digits around a value, the nearest first.

    >>> list(neighbours(0.126))
    [0.13, 0.12, 0.14]
    """
    nearest = two_digits(value)
    if nearest == 0.0 or not math.isfinite(nearest):
        yield nearest
        return
    step = 10.0 ** (math.floor(math.log10(abs(nearest))) - _DIGITS + 1)
    yield from sorted(
        (two_digits(nearest + n * step) for n in (-1, 0, 1)), key=lambda v: abs(v - value)
    )


def shortest_between(low: float, high: float) -> float:
    """The number with the fewest digits above `low` and up to `high`, as near the middle as can be.

    >>> shortest_between(0.998, 0.9998), shortest_between(101.2, 101.9), shortest_between(1.0, 1.0)
    (0.999, 101.6, 1.0)
    """
    middle = low + (high - low) / 2.0
    typed = (float(f"{middle:.{digits}e}") for digits in range(_MOST_DIGITS))
    return next((value for value in typed if low < value <= high), high)
