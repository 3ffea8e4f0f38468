"""Normals that are not known, drawn given those that are.

Given the known ones, x, the rest are normal: `A x + L e`, with the factor L of what remains of the
covariances and independent e. One forward pass gives an applicant: e is drawn from its interval
where one is known, and free elsewhere.
"""

from collections.abc import Sequence
from operator import mul
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np

from simulator.scenario.vocabulary import FEATURES
from simulator.simulation.applicants import correlation_matrix
from simulator.simulation.known_normals import Interval, rest_of

__all__ = ["Known", "likelihood", "unshifted", "within"]

_STANDARD: Final = NormalDist()


class Known(NamedTuple):
    """What was sent: columns as bits, with their normals, and those that lie in an interval."""

    is_exact: int
    is_within: int
    exact: Sequence[float]
    intervals: Sequence[Interval]


def likelihood(known: Known, shifts: Sequence[float]) -> float:
    """Of what was sent in a population, up to a factor that all of them have."""
    normals = unshifted(known, shifts)
    exact = np.array(normals)
    columns = _columns(known.is_exact)
    of_exact = correlation_matrix()[np.ix_(columns, columns)]
    found = float(np.exp(-0.5 * exact @ np.linalg.solve(of_exact, exact))) if columns else 1.0
    rows = rest_of(known.is_exact, known.is_within)
    for at, (column, weights, spread) in zip(known.intervals, rows, strict=False):
        mean = sum(map(mul, weights, normals), shifts[column])
        normals.append(within(at, 0.5, mean, spread))
        ends = (at.high - mean) / spread, (at.low - mean) / spread
        found *= _STANDARD.cdf(ends[0]) - _STANDARD.cdf(ends[1])
    return found


def unshifted(known: Known, shifts: Sequence[float]) -> list[float]:
    """The known normals as they would be without the population's shifts, by column."""
    columns = _columns(known.is_exact)
    return [x - shifts[column] for x, column in zip(known.exact, columns, strict=True)]


def within(at: Interval, rank: float, mean: float, spread: float) -> float:
    """The free normal e of x = mean + spread e, which lies in an interval."""
    low, high = (at.low - mean) / spread, (at.high - mean) / spread
    below, above = _STANDARD.cdf(low), _STANDARD.cdf(high)
    share = below + rank * (above - below)
    if not 0.0 < share < 1.0:  # further out than a float tells: the end that is nearer
        return min(max(0.0, low), high)
    return min(max(_STANDARD.inv_cdf(share), low), high)


def _columns(bits: int) -> list[int]:
    return [column for column in range(len(FEATURES)) if bits >> column & 1]
