"""Other numbers in place of a threshold, and other times in place of a hold."""

import math
from collections.abc import Sequence
from typing import Final

__all__ = ["other_holds", "other_thresholds", "written"]

_FACTORS: Final = (0.5, 0.9, 1.1, 2.0)
_MINUTE: Final = 60.0


def other_thresholds(value: float) -> Sequence[float]:
    """Half of it, a tenth less and more, twice as much; whole numbers stay whole.

    >>> other_thresholds(0.8), other_thresholds(1.0), other_thresholds(0.0)
    ([0.4, 0.72, 0.88, 1.6], [0.0, 2.0], [-1.0, 1.0])
    """
    if not math.isfinite(value):
        return []
    if value == int(value):
        found = {
            float(math.floor(value * f) if f < 1.0 else math.ceil(value * f)) for f in _FACTORS
        }
        found |= {value - 1.0, value + 1.0} if abs(value) <= 1.0 else set()
    else:
        found = {float(f"{value * factor:.12g}") for factor in _FACTORS}
    return sorted(found - {value})


def other_holds(seconds: float) -> Sequence[float]:
    """None at all, and seconds or hours in place of minutes, as they are mistaken.

    >>> other_holds(300.0), other_holds(0.0)
    ([0.0, 5.0, 18000.0], [300.0, 3600.0])
    """
    if seconds == 0.0:
        return [5 * _MINUTE, 60 * _MINUTE]
    return [0.0, seconds / _MINUTE, seconds * _MINUTE]


def written(value: float) -> str:
    """A number as short as it reads back.

    >>> written(10000.0), written(0.72), written(-1.0)
    ('10000', '0.72', '-1')
    """
    return f"{value:.12g}"
