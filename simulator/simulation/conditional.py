"""Normals that are not known, drawn given those that are.

Given the known ones the rest are normal, with means `A x` and the factor L of what remains. One
forward pass through L gives an applicant: e is drawn from its interval where one is known, and free
elsewhere.
"""

from collections.abc import Iterator, Sequence
from operator import mul
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np

from simulator.scenario.vocabulary import FEATURES
from simulator.simulation.applicants import correlation_matrix
from simulator.simulation.known_normals import Interval, Rest, rest_of, value_of

__all__ = ["Known", "drawn_rest", "likelihood", "noise"]

_STANDARD: Final = NormalDist()


class Known(NamedTuple):
    """What was sent: columns as bits, with their normals, and those that lie in an interval."""

    is_exact: int
    is_within: int
    exact: Sequence[float]
    intervals: Sequence[Interval]


def noise(ranks: Sequence[float], rest: Rest) -> tuple[float, ...]:
    """What free normals of these ranks, by column, add to the means of the rest."""
    free: list[float] = []
    found = []
    for column, _, row in rest.rows:
        free.append(_STANDARD.inv_cdf(ranks[column]))
        found.append(sum(map(mul, row, free)))
    return tuple(found)


def drawn_rest(
    known: Known, ranks: Sequence[float], shifts: Sequence[float]
) -> Iterator[tuple[int, float]]:
    """The columns of which nothing was sent, each with its value.

    Args:
        known: what was sent.
        ranks: of what is drawn, from 0 to 1, by column.
        shifts: of the population, in standard deviations, by column.
    """
    exact = _without(known, shifts)
    free: list[float] = []
    for number, (column, means, row) in enumerate(rest_of(*known[:2]).rows):
        mean = sum(map(mul, means, exact)) + sum(map(mul, row, free)) + shifts[column]
        if number < len(known.intervals):
            free.append(_within(known.intervals[number], ranks[column], mean, row[-1]))
        else:
            free.append(_STANDARD.inv_cdf(ranks[column]))
            yield column, value_of(column, mean + row[-1] * free[-1])


def likelihood(known: Known, shifts: Sequence[float]) -> float:
    """Of what was sent in a population, up to a factor that all of them have."""
    exact = np.array(_without(known, shifts))
    columns = _columns(known.is_exact)
    of_exact = correlation_matrix()[np.ix_(columns, columns)]
    found = float(np.exp(-0.5 * exact @ np.linalg.solve(of_exact, exact))) if columns else 1.0
    free: list[float] = []
    rows = rest_of(*known[:2]).rows
    for at, (column, means, row) in zip(known.intervals, rows, strict=False):
        mean = sum(map(mul, means, exact)) + sum(map(mul, row, free)) + shifts[column]
        free.append(_within(at, 0.5, mean, row[-1]))
        ends = (at.high - mean) / row[-1], (at.low - mean) / row[-1]
        found *= _STANDARD.cdf(ends[0]) - _STANDARD.cdf(ends[1])
    return found


def _without(known: Known, shifts: Sequence[float]) -> list[float]:
    """The known normals as they would be without the population's shifts."""
    columns = _columns(known.is_exact)
    return [x - shifts[column] for x, column in zip(known.exact, columns, strict=True)]


def _columns(bits: int) -> list[int]:
    return [column for column in range(len(FEATURES)) if bits >> column & 1]


def _within(at: Interval, rank: float, mean: float, spread: float) -> float:
    """The free normal e of x = mean + spread e, which lies in an interval."""
    low, high = (at.low - mean) / spread, (at.high - mean) / spread
    below, above = _STANDARD.cdf(low), _STANDARD.cdf(high)
    share = below + rank * (above - below)
    if not 0.0 < share < 1.0:  # further out than a float tells: the end that is nearer
        return min(max(0.0, low), high)
    return min(max(_STANDARD.inv_cdf(share), low), high)
