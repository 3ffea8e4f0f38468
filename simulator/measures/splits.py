"""Finer than it was drawn: counts told apart along one more dimension."""

from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.seeding import Draws
from simulator.simulation.arrays import Floats, Ints, summable

__all__ = ["joint", "shared_out"]

#: Beyond so many numpy draws no hypergeometric numbers.
_MOST_DRAWN: Final = 10**9 - 1


def joint(draws: Draws, name: str, rows: Ints, columns: Ints) -> Ints:
    """Tables at random whose margins are given, and which are otherwise independent.

    The multivariate hypergeometric distribution: who is in which row says nothing about the column.

    Args:
        draws: of the ticks.
        name: of the draw.
        rows: how many there are in each row, shape (ticks, rows).
        columns: how many in each column, shape (ticks, columns), as many in all.

    Returns:
        Counts, shape (ticks, rows, columns).

    >>> from simulator.seeding import Streams
    >>> rows, columns = np.array([[3, 1]]), np.array([[2, 0, 2]])
    >>> table = joint(Streams(1).over(0, 1), "x", rows, columns)
    >>> table.sum(axis=2).tolist(), table.sum(axis=1).tolist()
    ([[3, 1]], [[2, 0, 2]])
    """
    return draws(name, _tables, rows, columns)


def shared_out(totals: Floats, weights: Floats) -> Floats:
    """Times shared out by weight, to the bit: what is given away adds up to what there was.

    Args:
        totals: in units of 2^-20 s, as `summable` makes them, shape (...).
        weights: shape (..., parts); where all are 0 the last part has everything.

    >>> shared_out(np.array([1.0]), np.array([[1.0, 2.0, 0.0]])).sum()
    np.float64(1.0)
    """
    whole = summable(totals)[..., np.newaxis]
    up_to = np.cumsum(weights, axis=-1)
    share = np.divide(up_to, up_to[..., -1:], out=np.zeros_like(up_to), where=up_to[..., -1:] > 0)
    given = summable(whole * share)
    given[..., -1:] = whole
    return np.diff(given, axis=-1, prepend=0.0)


def _tables(generator: Generator, rows: Ints, columns: Ints) -> Ints:
    found = np.zeros((len(rows), rows.shape[1], columns.shape[1]), dtype=np.int64)
    for table, of_rows, of_columns in zip(found, rows, columns, strict=True):
        _fill(generator, table, of_rows, of_columns.copy())
    return found


def _fill(generator: Generator, table: Ints, rows: Ints, left: Ints) -> None:
    """One table, row by row; what is `left` of the columns goes to the last row that has any."""
    (filled,) = np.nonzero(rows)
    for row in filled[:-1].tolist():
        table[row] = _taken(generator, left, int(rows[row]))
        left -= table[row]
    if len(filled):
        table[filled[-1]] = left


def _taken(generator: Generator, left: Ints, count: int) -> Ints:
    """How many of each colour are among `count` that are taken from an urn."""
    if left.sum() <= _MOST_DRAWN:
        return np.asarray(generator.multivariate_hypergeometric(left, count, method="marginals"))
    return _nearly(left, count)


def _nearly(left: Ints, count: int) -> Ints:
    """The expected counts in whole numbers: of so many, chance is no more than a thousandth.

    >>> _nearly(np.array([3_000_000_000, 1]), 1_000_000_000).tolist()
    [1000000000, 0]
    """
    exact = left * (count / float(left.sum()))
    taken = np.minimum(np.floor(exact).astype(np.int64), left)
    for index in np.argsort(taken - exact, kind="stable").tolist():
        taken[index] += min(count - int(taken.sum()), int(left[index] - taken[index]), 1)
    short = count - int(taken.sum())
    if short:
        room = int(np.argmax(left - taken))
        taken[room] += short
    return taken
