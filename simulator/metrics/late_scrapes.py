"""Samples at the times at which they are scraped, where that is later than their tick."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.metrics.openmetrics import FamilyColumns
from simulator.tsdb.blocks import STALE, Samples

__all__ = ["scraped_late"]


def scraped_late(found: Samples, families: Sequence[FamilyColumns]) -> Samples:
    """The samples of families at the times that their `late_seconds` say.

    What no scrape is made of is left out; a staleness mark of such a tick is made by the next
    scrape, unless the series is back by then.

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
        of_values, of_present = found.values[rows].copy(), found.is_present[rows].copy()
        _hand_on_marks(of_values, of_present, made)
        columns = np.searchsorted(all_times, times[made])
        values[rows, columns] = of_values[:, made]
        is_present[rows, columns] = of_present[:, made]
    return Samples(found.labels, all_times, values, is_present)


def _parts(
    families: Sequence[FamilyColumns], times_ms: NDArray[np.int64]
) -> Iterator[tuple[slice, NDArray[np.int64], NDArray[np.bool_]]]:
    """Of each family its rows, when its ticks are scraped, and at which of them one is made."""
    first = 0
    for family in families:
        rows = slice(first, first + sum(len(series.columns) for series in family.series))
        first = rows.stop
        late = family.late_seconds
        if late is None:
            yield rows, times_ms, np.ones(len(times_ms), dtype=np.bool_)
        else:
            made = ~np.isnan(late)
            seconds = np.where(made, late, 0.0)
            yield rows, times_ms + np.rint(seconds * 1000.0).astype(np.int64), made


def _hand_on_marks(
    values: NDArray[np.float64], is_present: NDArray[np.bool_], made: NDArray[np.bool_]
) -> None:
    """Staleness marks of ticks without a scrape go to the next tick, in place."""
    for tick in np.flatnonzero(~made[:-1]).tolist():
        is_mark = values[:, tick].view(np.uint64) == STALE.view(np.uint64)
        moving = is_present[:, tick] & is_mark & ~is_present[:, tick + 1]
        values[moving, tick + 1] = values[moving, tick]
        is_present[moving, tick + 1] = True
