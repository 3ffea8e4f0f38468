"""What is known of an applicant's normals by what was sent, and of the others by these."""

from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from simulator.scenario.vocabulary import FEATURES
from simulator.simulation.applicants import correlation_matrix, feature_values
from simulator.simulation.pool import NORMALS

__all__ = ["Interval", "Rest", "normal_of", "rest_of", "value_of"]

_FURTHEST: Final = float(NORMALS[-1])
_PER_DEVIATION: Final = round(1.0 / float(NORMALS[1] - NORMALS[0]))
_LAST: Final = len(NORMALS) - 1
_MIDDLE: Final = _FURTHEST * _PER_DEVIATION + 0.5
_COLUMNS: Final = range(len(FEATURES))
#: Each feature's values at each of NORMALS, which rise.
_TABLES: Final[tuple[list[float], ...]] = tuple(
    feature_values(column, NORMALS).tolist() for column in _COLUMNS
)


class Interval(NamedTuple):
    """Normals that give one value."""

    low: float
    high: float


class Rest(NamedTuple):
    """A normal that is not known: its weights on the known ones and on the draws up to its own.

    `spread` is the last of the weights, that of its own draw.
    """

    column: int
    weights: tuple[float, ...]
    spread: float


@lru_cache(maxsize=4096)
def rest_of(is_exact: int, is_within: int) -> tuple[Rest, ...]:
    """The rest where some columns are known, and others to be in an interval; columns are bits.

    Those that lie in an interval come first.

    >>> [one.column for one in rest_of(0b11, 0b1000)][:3]
    [3, 2, 4]
    """
    exact = [column for column in _COLUMNS if is_exact >> column & 1]
    others = [column for column in _COLUMNS if not is_exact >> column & 1]
    others.sort(key=lambda column: not is_within >> column & 1)
    if not others:
        return ()
    of_all = correlation_matrix()
    across = of_all[np.ix_(others, exact)]
    means = np.linalg.solve(of_all[np.ix_(exact, exact)], across.T).T
    remains = of_all[np.ix_(others, others)] - means @ across.T
    factor = np.linalg.cholesky(remains).tolist()
    return tuple(
        Rest(column, (*of_known, *row[: i + 1]), row[i])
        for i, (column, of_known, row) in enumerate(
            zip(others, means.tolist(), factor, strict=True)
        )
    )


def value_of(column: int, normal: float) -> float:
    """A feature's value at a normal, which lies on the grid then."""
    at = int(normal * _PER_DEVIATION + _MIDDLE) if normal > -_FURTHEST else 0
    table = _TABLES[column]
    return table[at] if at < _LAST else table[_LAST]


def normal_of(column: int, value: float) -> float | Interval:
    """The normal, or the normals, that give a value; at the end of the grid for what nobody has."""
    table = _TABLES[column]
    first = bisect_left(table, value)
    if 0 < first <= _LAST:
        above = table[first]
        if above != value:  # between two points
            below = table[first - 1]
            return (first - 1 + (value - below) / (above - below)) / _PER_DEVIATION - _FURTHEST
    after = bisect_right(table, value)
    if after - first <= 1:
        return min(first, _LAST) / _PER_DEVIATION - _FURTHEST
    low = -np.inf if first == 0 else (first - 0.5) / _PER_DEVIATION - _FURTHEST
    high = np.inf if after > _LAST else (after - 0.5) / _PER_DEVIATION - _FURTHEST
    return Interval(low, high)
