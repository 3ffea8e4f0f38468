"""How large a population stability index is by chance alone."""

import math
from typing import Final

__all__ = ["chi_square_exceeded", "psi_exceeded"]

_STEPS: Final = 200


def psi_exceeded(current: int, reference: int, bins: int, *, one_in: float) -> float:
    """The PSI that one healthy comparison in `one_in` exceeds.

    Without drift PSI is about chi2(B - 1) * (1/N + 1/M), for N current and M reference values in B
    bins: B. Yurdakul, "Statistical Properties of Population Stability Index", Western Michigan
    University, 2018; B. Yurdakul and J. Naranjo, Journal of Risk Model Validation 14(4), 2020.

    >>> round(psi_exceeded(2_000, 10**9, 10, one_in=50), 4)
    0.0098
    """
    at = chi_square_exceeded(1.0 / one_in, bins - 1)
    return at * (1.0 / current + 1.0 / reference)


def chi_square_exceeded(probability: float, degrees: int) -> float:
    """The value that a chi-square variable exceeds with a probability between 0 and 1.

    >>> round(chi_square_exceeded(0.05, 9), 3), round(chi_square_exceeded(0.05, 4), 3)
    (16.919, 9.488)
    """
    low, high = 0.0, 1.0
    while _survival(high, degrees) > probability:
        low, high = high, 2.0 * high
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if _survival(middle, degrees) > probability else (low, middle)
    return high


def _survival(value: float, degrees: int) -> float:
    """P(X > value) as a finite sum (Abramowitz and Stegun, 26.4.4 and 26.4.5)."""
    half = value / 2.0
    if degrees % 2:
        total, term = math.erfc(math.sqrt(half)), 2.0 * math.sqrt(half / math.pi)
        orders = [k + 0.5 for k in range(1, (degrees - 1) // 2 + 1)]
        sums = 0.0
        for order in orders:
            sums += term
            term *= half / order
        return total + math.exp(-half) * sums
    sums, term = 0.0, 1.0
    for order in range(1, degrees // 2 + 1):
        sums += term
        term *= half / order
    return math.exp(-half) * sums
