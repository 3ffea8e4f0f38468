"""How Prometheus writes bounds of buckets and quantiles in labels."""

import math
from typing import Final

__all__ = ["spelled"]

_SMALLEST_PLAIN: Final = 1e-4
_LARGEST_PLAIN: Final = 1e6


def spelled(value: float) -> str:
    """A bound as Prometheus 3 writes it whatever an exporter does (model/labels/float.go).

    >>> [spelled(one) for one in (1, 0.25, 100_000, 1_000_000, 2.5e6, 0.00001, math.inf)]
    ['1.0', '0.25', '100000.0', '1e+06', '2.5e+06', '1e-05', '+Inf']
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    # strconv's 'g' with the shortest precision writes an exponent below 1e-4 and from 1e6 on
    if value and not _SMALLEST_PLAIN <= abs(value) < _LARGEST_PLAIN:
        return _exponential(value)
    return repr(float(value))


def _exponential(value: float) -> str:
    """With the fewest digits that read back as the same number."""
    texts = (f"{value:.{places}e}" for places in range(18))
    return next(text for text in texts if float(text) == value)
