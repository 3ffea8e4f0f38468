"""Intervals of shares, rates and quantiles from days whose incidents have much in common.

All from the same three steps: how far each day is from what it would be at the estimate
(linearised, as for ratios of sums over clusters), how many independent cases would vary as much
(the effective number; L. Kish, Survey Sampling, 1965), and an interval for so many cases, with
Student's t for as few days (E. L. Korn and B. I. Graubard, 1998).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from simulator.tuning.judging.ranking import Floats

__all__ = [
    "FEWEST_DAYS",
    "UNKNOWN",
    "Interval",
    "Spread",
    "mean_interval",
    "rate_interval",
    "share_interval",
]

Interval = tuple[float, float]

#: Of fewer days nobody knows how much they differ.
FEWEST_DAYS: Final = 5
UNKNOWN: Final[Interval] = (math.nan, math.nan)
_MOST_TOLD: Final = 2.0  # a case that is right in part tells more than one that is or is not
_TAIL: Final = 0.975
_Z: Final = float(special.ndtri(_TAIL))


@dataclass(frozen=True, slots=True)
class Spread:
    """How much an estimate would vary if other days had come.

    `variance` is the estimate's; it is known as well as from `freedom` + 1 of `n_days` days.
    """

    variance: float
    freedom: int
    n_days: int

    @classmethod
    def of(cls, apart: Floats, kinds: Floats | None = None) -> "Spread":
        """From by how much each day moves the estimate, shape (days,).

        Days of one of the `kinds` are compared with each other: as many of each are chosen.

        >>> Spread.of(np.array([1.0, -1.0, 6.0, 4.0]), np.array([0.0, 0.0, 1.0, 1.0]))
        Spread(variance=8.0, freedom=2, n_days=4)
        """
        given = np.zeros(len(apart)) if kinds is None else kinds
        variance, freedom = 0.0, 0
        for kind in np.unique(given):
            some = apart[given == kind]
            n = len(some)
            centre = some.mean() if n > 1 else 0.0
            variance += n / max(n - 1, 1) * float(np.square(some - centre).sum())
            freedom += n - 1
        return cls(variance, freedom, len(apart))

    @property
    def is_known(self) -> bool:
        """Whether there are enough days."""
        return self.n_days >= FEWEST_DAYS and self.freedom > 0

    @property
    def t(self) -> float:
        """Student's 97.5 % quantile."""
        return float(special.stdtrit(self.freedom, _TAIL))


def share_interval(share: float, spread: Spread, cases: float) -> Interval:
    """The 95 % interval of a share: Wilson's, for the effective number of cases.

    Args:
        share: the estimate, 0 to 1.
        spread: of the estimate.
        cases: how many there were, which is the effective number where days tell nothing.

    >>> apart = np.array([0.02, -0.02, 0.01, -0.01, 0.0])
    >>> low, high = share_interval(0.9, Spread.of(apart), 50.0)
    >>> round(low, 2), round(high, 2)
    (0.76, 0.96)
    """
    if not spread.is_known or math.isnan(share) or not cases:
        return UNKNOWN
    of_one = share * (1.0 - share)
    if not spread.variance > 0.0 < of_one:
        return _wilson(share, cases, _Z)
    return _wilson(share, min(of_one / spread.variance, _MOST_TOLD * cases), spread.t)


def rate_interval(rate: float, spread: Spread, *, days: float, weight: float) -> Interval:
    """The 95 % interval of a count a day: Jeffreys', of as many events as vary so much.

    Args:
        rate: the estimate, per day.
        spread: of the estimate.
        days: how long was judged.
        weight: how many events one that was seen stands for, in the mean.

    >>> none = Spread.of(np.zeros(5))
    >>> [round(end, 2) for end in rate_interval(0.0, none, days=5.0, weight=1.0)]
    [0.0, 0.5]
    """
    if not spread.is_known or math.isnan(rate):
        return UNKNOWN
    if rate <= 0.0:
        return 0.0, weight * _events(0.0, _TAIL) / days
    least = weight * rate / days  # Poisson's
    number = rate**2 / max(spread.variance, least)
    low, high = (_events(number, share) for share in (1.0 - _TAIL, _TAIL))
    return low * rate / number, high * rate / number


def mean_interval(mean: float, spread: Spread, cases: float) -> Interval:
    """The 95 % interval of a mean that is never below 0: studentised.

    Where no day moves it, it may still be other than 0 once in as many cases.
    """
    if not spread.is_known or math.isnan(mean):
        return UNKNOWN
    beyond = spread.t * math.sqrt(spread.variance)
    if mean == 0.0:
        beyond = _events(0.0, _TAIL) / cases
    return max(mean - beyond, 0.0), mean + beyond


def _wilson(share: float, number: float, z: float) -> Interval:
    """E. B. Wilson, 1927."""
    part = z * z / number
    middle = (share + part / 2.0) / (1.0 + part)
    beyond = z / (1.0 + part) * math.sqrt(share * (1.0 - share) / number + part / (4.0 * number))
    return max(middle - beyond, 0.0), min(middle + beyond, 1.0)


def _events(number: float, share: float) -> float:
    """Jeffreys' quantile of a count of which so many were seen."""
    return float(special.gammaincinv(number + 0.5, share))
