"""Splits whose margins are given: exact sums, and otherwise as an urn gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulator.measures.splits import joint
from simulator.seeding import Streams
from tests.support.tolerances import assert_shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

counts = st.lists(st.integers(0, 10**9), min_size=1, max_size=5)


def split(rows: list[int], columns: list[int], *, seed: int = 1) -> NDArray[np.int64]:
    draws = Streams(seed).over(0, 1)
    return np.asarray(joint(draws, "x", np.array([rows]), np.array([columns]))[0])


@given(counts, counts, st.integers(0, 100))
def test_both_margins_are_kept(rows: list[int], columns: list[int], seed: int) -> None:
    more = sum(columns) - sum(rows)
    rows, columns = [*rows, max(more, 0)], [*columns, max(-more, 0)]
    table = split(rows, columns, seed=seed)

    assert table.min() >= 0
    assert table.sum(axis=1).tolist() == rows
    assert table.sum(axis=0).tolist() == columns


@given(st.integers(1, 10**6), st.lists(st.integers(0, 10**6), min_size=1, max_size=4))
def test_of_one_row_it_is_the_columns(seed: int, columns: list[int]) -> None:
    assert split([sum(columns)], columns, seed=seed).tolist() == [columns]


N: Final = 20_000
ROWS: Final = (6, 3, 3)
COLUMNS: Final = (5, 7)


def corners() -> NDArray[np.int64]:
    """How often the first cell is 0, 1...: of many tables with the same margins."""
    tables = joint(
        Streams(3).over(0, N), "x", np.tile(np.array(ROWS), (N, 1)), np.tile(COLUMNS, (N, 1))
    )
    return np.bincount(tables[:, 0, 0], minlength=COLUMNS[0] + 1)


def test_a_cell_is_distributed_as_an_urn_gives_it() -> None:
    urn = stats.hypergeom(sum(COLUMNS), COLUMNS[0], ROWS[0])
    assert_shares(corners(), urn.pmf(np.arange(COLUMNS[0] + 1)))


def test_a_cell_drawn_from_shares_alone_would_be_told_apart() -> None:
    shares = stats.binom(ROWS[0], COLUMNS[0] / sum(COLUMNS)).pmf(np.arange(COLUMNS[0] + 1))
    with pytest.raises(AssertionError):
        assert_shares(corners(), shares / shares.sum())


def test_later_rows_are_split_alike_whatever_their_place() -> None:
    """Two rows of the same size have the same distribution, the last one too."""
    tables = joint(
        Streams(4).over(0, N), "x", np.tile(np.array(ROWS), (N, 1)), np.tile(COLUMNS, (N, 1))
    )
    urn = stats.hypergeom(sum(COLUMNS), COLUMNS[0], ROWS[1])
    for row in (1, 2):
        found = np.bincount(tables[:, row, 0], minlength=ROWS[row] + 1)
        assert_shares(found, urn.pmf(np.arange(ROWS[row] + 1)))


def test_of_more_than_numpy_draws_each_cell_is_what_is_to_be_expected() -> None:
    table = split([3 * 10**9, 10**9], [2 * 10**9, 2 * 10**9])
    np.testing.assert_allclose(table, [[1.5e9, 1.5e9], [0.5e9, 0.5e9]], rtol=1e-3)
