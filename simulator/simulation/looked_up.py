"""What a feature store knows of an applicant: the features that were not sent.

They are drawn as they are among today's applicants with the values that were sent: the copula's
normals x of the sent ones are known, or known to lie in an interval where many normals give one
value, and the others follow from them. With x = L e, L the Cholesky factor of the correlations and
e independent standard normals, one forward pass through L gives an applicant: e is solved for where
x is known, drawn from its interval where only that is, and free elsewhere.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from operator import mul
from statistics import NormalDist
from typing import Final, NamedTuple, cast

import numpy as np

from simulator.scenario.vocabulary import FEATURES
from simulator.seeding import plain_generator
from simulator.simulation.applicants import correlation_matrix, feature_values
from simulator.simulation.change import Alternatives
from simulator.simulation.pool import NORMALS

__all__ = ["FeatureStore"]

_STANDARD: Final = NormalDist()
_FURTHEST: Final = float(NORMALS[-1])
_PER_DEVIATION: Final = round(1.0 / float(NORMALS[1] - NORMALS[0]))
_COLUMNS: Final = tuple(range(len(FEATURES)))
_MOST_KNOWN: Final = 65_536  # customers whose draws are kept at hand


class _Interval(NamedTuple):
    """Normals that give a value; of a continuous feature both ends are the same."""

    low: float
    high: float


class FeatureStore:
    """Completes applicants; for one customer always with the same draws.

    Args:
        seed: of the scenario.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._drawn = lru_cache(maxsize=_MOST_KNOWN)(self._draws)

    def completed(
        self, customer: str, sent: Sequence[float | None], applicants: Alternatives
    ) -> tuple[float, ...]:
        """The features of a customer, those that were sent as they are.

        Args:
            customer: who it is.
            sent: in the model's order; None for what was not sent.
            applicants: the populations that apply at the moment, with their shares.
        """
        if None not in sent:
            return tuple(cast("Sequence[float]", sent))
        which, ranks = self._drawn(customer)
        known = [None if v is None else _normals_of(i, v) for i, v in enumerate(sent)]
        shifts = _population(which, known, applicants)
        order, factor = _factor(tuple(map(_kind, known)))
        free: list[float] = []
        found = [0.0] * len(order)
        for column, row in zip(order, factor, strict=True):
            mean, spread = sum(map(mul, row, free)), row[len(free)]
            shift, at = shifts[column], known[column]
            if at is None:
                free.append(_STANDARD.inv_cdf(ranks[column]))
                found[column] = _value(column, mean + spread * free[-1] + shift)
            else:
                free.append(_within(at, ranks[column], mean + shift, spread))
                found[column] = sent[column]  # type: ignore[assignment]  # it was sent
        return tuple(found)

    def _draws(self, customer: str) -> tuple[float, tuple[float, ...]]:
        """Which population somebody is of, and the rank of each feature, all from 0 to 1."""
        rng = plain_generator(self._seed, f"customer {customer}")
        return rng.random(), tuple(rng.uniform(1e-9, 1.0 - 1e-9) for _ in _COLUMNS)


def _kind(at: _Interval | None) -> int:
    """0 where the normal is known, 1 where an interval of it is, 2 where nothing is."""
    return 2 if at is None else int(at.low < at.high)


@lru_cache(maxsize=1024)
def _factor(kinds: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[tuple[float, ...], ...]]:
    """Columns in the order of what is known of them, and the Cholesky factor in that order."""
    order = sorted(_COLUMNS, key=kinds.__getitem__)
    matrix = np.linalg.cholesky(correlation_matrix()[np.ix_(order, order)])
    return tuple(order), tuple(tuple(row[: i + 1]) for i, row in enumerate(matrix.tolist()))


def _within(at: _Interval, rank: float, mean: float, spread: float) -> float:
    """The free normal e of x = mean + spread e, which lies in an interval."""
    low, high = (at.low - mean) / spread, (at.high - mean) / spread
    if low == high:
        return low
    below, above = _STANDARD.cdf(low), _STANDARD.cdf(high)
    share = below + rank * (above - below)
    if not 0.0 < share < 1.0:  # further out than a float tells: the end that is nearer
        return min(max(0.0, low), high)
    return min(max(_STANDARD.inv_cdf(share), low), high)


def _population(
    which: float, known: Sequence[_Interval | None], applicants: Alternatives
) -> tuple[float, ...]:
    """The shifts of the population that somebody is of, which is likelier where the sent fit it."""
    if len(applicants) == 1:
        return applicants[0][1].shifts
    likely = [share * _likelihood(known, change.shifts) for share, change in applicants]
    if not any(likely):  # nobody is like that in any of them
        likely = [share for share, _ in applicants]
    up_to = list(accumulate(likely))
    found = bisect_right(up_to, which * up_to[-1])
    return applicants[min(found, len(applicants) - 1)][1].shifts


def _likelihood(known: Sequence[_Interval | None], shifts: Sequence[float]) -> float:
    """Of what was sent in a population, up to a factor that all of them have."""
    order, factor = _factor(tuple(map(_kind, known)))
    free: list[float] = []
    likelihood = 1.0
    for column, row in zip(order, factor, strict=True):
        at = known[column]
        if at is None:
            break
        mean, spread = sum(map(mul, row, free)) + shifts[column], row[len(free)]
        free.append(_within(at, 0.5, mean, spread))
        if at.low == at.high:
            likelihood *= _STANDARD.pdf(free[-1])
        else:
            ends = (at.high - mean) / spread, (at.low - mean) / spread
            likelihood *= _STANDARD.cdf(ends[0]) - _STANDARD.cdf(ends[1])
    return likelihood


@lru_cache(maxsize=len(FEATURES))
def _table(column: int) -> list[float]:
    """A feature's values at each of NORMALS, which rise."""
    values: list[float] = feature_values(column, NORMALS).tolist()
    return values


def _value(column: int, normal: float) -> float:
    """The value at a normal, which lies on the grid then."""
    limited = min(max(normal, -_FURTHEST), _FURTHEST)
    return _table(column)[round((limited + _FURTHEST) * _PER_DEVIATION)]


def _normals_of(column: int, value: float) -> _Interval:
    """The normals that give a value; at the end of the grid for what nobody has."""
    table = _table(column)
    first, after = bisect_left(table, value), bisect_right(table, value)
    half = 0.5 if after - first > 1 else 0.0
    if after == first:  # between two points
        first, after = max(first - 1, 0), min(first, len(table) - 1) + 1
        low, high = table[first], table[after - 1]
        part = (value - low) / (high - low) if high > low else 0.0
        at = _normal(first + min(max(part, 0.0), 1.0))
        return _Interval(at, at)
    low = -np.inf if half and first == 0 else _normal(first - half)
    high = np.inf if half and after == len(table) else _normal(after - 1 + half)
    return _Interval(low, high)


def _normal(point: float) -> float:
    return point / _PER_DEVIATION - _FURTHEST
