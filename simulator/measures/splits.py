"""Finer than it was drawn: counts told apart along one more dimension."""

from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.seeding import Draws
from simulator.simulation.arrays import Floats, Ints, summable

__all__ = ["joint", "parted", "shared_out", "tables"]

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


def parted(draws: Draws, name: str, rows: Ints, taken: Ints) -> Ints:
    """How many of each row are among some that are taken at random from all of them.

    The multivariate hypergeometric distribution, as one hypergeometric draw after the other, each
    from a stream of its own.

    Args:
        draws: of the ticks.
        name: of the draw.
        rows: how many there are of each, shape (ticks, ..., rows).
        taken: how many are taken, shape (ticks, ...), no more than there are.

    Returns:
        Counts, shape as `rows`.

    >>> from simulator.seeding import Streams
    >>> found = parted(Streams(1).over(0, 1), "x", np.array([[3, 0, 2]]), np.array([4]))
    >>> int(found.sum()), bool((found <= [3, 0, 2]).all())
    (4, True)
    """
    found = np.zeros_like(rows)
    rest, left = rows.sum(axis=-1), taken
    for row in range(rows.shape[-1] - 1):
        rest = rest - rows[..., row]
        found[..., row] = _of_row(draws, f"{name}.{row}", rows[..., row], rest, left)
        left = left - found[..., row]
    found[..., -1] = left
    return found


def _of_row(draws: Draws, name: str, of_row: Ints, others: Ints, taken: Ints) -> Ints:
    """How many are of the row, drawn where it is open; where it is not, numpy draws nothing."""
    is_open = (of_row > 0) & (others > 0) & (taken > 0)
    certain = np.where(others > 0, 0, taken)
    if not is_open.any():  # as in most live ticks
        return certain
    drawn = draws(name, _among, *(np.where(is_open, n, 0) for n in (of_row, others, taken)))
    return np.where(is_open, drawn, certain)


def _among(generator: Generator, of_row: Ints, others: Ints, taken: Ints) -> Ints:
    """How many are of the row; beyond what numpy draws, the expected number."""
    is_many = of_row + others > _MOST_DRAWN
    if not is_many.any():
        return generator.hypergeometric(of_row, others, taken)
    drawn = generator.hypergeometric(*(np.where(is_many, 0, n) for n in (of_row, others, taken)))
    expected = np.rint(taken * (of_row / np.maximum(of_row + others, 1))).astype(np.int64)
    within = np.clip(expected, np.maximum(taken - others, 0), np.minimum(of_row, taken))
    return np.where(is_many, within, drawn)


def tables(draws: Draws, name: str, rows: Ints, columns: Ints) -> Ints:
    """As `joint`, for many small tables in each tick at once.

    Each cell has a stream of its own, which costs less where there are more tables than cells.

    Args:
        draws: of the ticks.
        name: of the draw.
        rows: shape (ticks, ..., rows).
        columns: shape (ticks, ..., columns), as many in all.

    Returns:
        Counts, shape (ticks, ..., rows, columns).

    >>> from simulator.seeding import Streams
    >>> rows, columns = np.array([[[3, 1]]]), np.array([[[2, 0, 2]]])
    >>> table = tables(Streams(1).over(0, 1), "x", rows, columns)
    >>> table.sum(axis=3).tolist(), table.sum(axis=2).tolist()
    ([[[3, 1]]], [[[2, 0, 2]]])
    """
    found = np.zeros((*rows.shape, columns.shape[-1]), dtype=np.int64)
    left = rows
    for column in range(columns.shape[-1] - 1):
        found[..., column] = parted(draws, f"{name}.{column}", left, columns[..., column])
        left = left - found[..., column]
    found[..., -1] = left
    return found
