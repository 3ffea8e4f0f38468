"""Samples at the times at which they are scraped, where that is later than their tick."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.metrics.openmetrics import FamilyColumns
from simulator.tsdb.blocks import Samples

__all__ = ["is_scraped", "scraped_late"]


def is_scraped(families: Sequence[FamilyColumns], n_ticks: int) -> NDArray[np.bool_]:
    """Of which ticks scrapes are made, shape (series, ticks): the families' columns in their order.

    >>> from simulator.metrics.openmetrics import Column, SeriesColumns
    >>> up = SeriesColumns((("job", "api"),), (Column("", "", np.array([1.0, 2.0])),))
    >>> is_scraped([FamilyColumns("up", "gauge", "Is it?", (up,), np.array([np.nan, 4.0]))], 2)
    array([[False,  True]])
    """
    rows = [
        np.broadcast_to(_is_made(family, n_ticks), (_n_columns(family), n_ticks))
        for family in families
    ]
    return np.concatenate(rows)


def scraped_late(found: Samples, families: Sequence[FamilyColumns]) -> Samples:
    """The samples of families at the times that their `late_seconds` say.

    What no scrape is made of is left out.

    Args:
        found: the samples of the families' columns, in their order, at the ends of ticks.
        families: whose samples these are.

    >>> from simulator.metrics.openmetrics import Column, SeriesColumns
    >>> up = SeriesColumns((("job", "api"),), (Column("", "", np.array([1.0, 2.0])),))
    >>> family = FamilyColumns("up", "gauge", "Is it?", (up,), np.array([np.nan, 4.0]))
    >>> at = np.array([15_000, 30_000])
    >>> ticks = Samples([{"__name__": "up"}], at, np.array([[1.0, 2.0]]), np.ones((1, 2)) == 1)
    >>> late = scraped_late(ticks, [family])
    >>> late.times_ms.tolist(), late.is_present.tolist()
    ([15000, 30000, 34000], [[False, False, True]])
    """
    parts = list(_parts(families, found.times_ms))
    if all(times is found.times_ms for _, times, _ in parts):
        return found
    all_times = np.unique(np.concatenate([found.times_ms, *(t[made] for _, t, made in parts)]))
    values = np.full((len(found.labels), len(all_times)), np.nan)
    is_present = np.zeros(values.shape, dtype=np.bool_)
    for rows, times, made in parts:
        columns = np.searchsorted(all_times, times[made])
        values[rows, columns] = found.values[rows, made]
        is_present[rows, columns] = found.is_present[rows, made]
    return Samples(found.labels, all_times, values, is_present)


def _parts(
    families: Sequence[FamilyColumns], times_ms: NDArray[np.int64]
) -> Iterator[tuple[slice, NDArray[np.int64], NDArray[np.bool_]]]:
    """Of each family its rows, when its ticks are scraped, and at which of them one is made."""
    first = 0
    for family in families:
        rows = slice(first, first + _n_columns(family))
        first = rows.stop
        made = _is_made(family, len(times_ms))
        if family.late_seconds is None:
            yield rows, times_ms, made
        else:
            seconds = np.where(made, family.late_seconds, 0.0)
            yield rows, times_ms + np.rint(seconds * 1000.0).astype(np.int64), made


def _n_columns(family: FamilyColumns) -> int:
    return sum(len(series.columns) for series in family.series)


def _is_made(family: FamilyColumns, n_ticks: int) -> NDArray[np.bool_]:
    """Of which ticks its scrapes are made."""
    late = family.late_seconds
    return np.ones(n_ticks, dtype=np.bool_) if late is None else ~np.isnan(late)
