"""How large a population stability index is by chance alone, and which queries are one."""

import math
import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from simulator.promql.shapes import Shape, essence, metrics_in

__all__ = ["DriftSample", "chi_square_exceeded", "is_psi", "psi_exceeded"]

_STEPS: Final = 200
_NAMED: Final = re.compile(r"(?:.*[_:])?(?:psi|population_stability(?:_index)?)(?:[_:].*)?")
_KEEPING: Final = frozenset({"max", "min", "unless", "and", "or", "topk", "bottomk", ">"})


@dataclass(frozen=True, slots=True)
class DriftSample:
    """What a drift score is computed of: applications looked at, bins, and the reference.

    `per_week` is how many applications come in a week.
    """

    applications: int = 2_000
    bins: int = 10
    reference: int = 100_000
    per_week: float = 100_000.0
    is_assumed: bool = True

    @property
    def windows_per_week(self) -> float:
        """How many samples that share no application a week has; more than one."""
        return max(self.per_week / self.applications, 1.0 + 1e-9)

    @property
    def once_a_week(self) -> float:
        """The PSI that a healthy population exceeds once a week.

        >>> round(DriftSample(reference=10**9).once_a_week, 4)
        0.0098
        """
        return psi_exceeded(
            self.applications, self.reference, self.bins, one_in=self.windows_per_week
        )


def is_psi(shape: Shape, known: AbstractSet[str]) -> bool:
    """Whether the values of a query are those of a PSI, as they are exported.

    `known` are metrics that are one, whatever they are called.

    >>> from simulator.promql.parsing import parsed
    >>> from simulator.promql.shapes import shape_of
    >>> [is_psi(shape_of(parsed(one)), {"drift"}) for one in ("max(drift)", "a_psi", "rate(b[5m])")]
    [True, True, False]
    """
    shape = essence(shape)
    while shape.kind in {"aggregation", "operator"}:
        if shape.name not in _KEEPING:
            return False
        shape = shape.parts[0] if shape.kind == "operator" else shape.parts[-1]
    names = set(metrics_in(shape)) if shape.kind == "metric" else set()
    return bool(names) and all(one in known or _NAMED.fullmatch(one) for one in names)


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
