"""Columns of samples as the matrix that blocks are written from."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.metrics.openmetrics import FamilyColumns
from simulator.tsdb.blocks import Samples

__all__ = ["samples"]


def samples(families: Sequence[FamilyColumns], times: NDArray[np.float64]) -> Samples:
    """The samples of all series; `times` are unix seconds, shape (ticks,).

    Whole numbers past 2^53 are rounded as Go rounds them when it reads text, and times to
    milliseconds, which is what a Prometheus keeps.

    >>> from simulator.metrics.openmetrics import Column, SeriesColumns
    >>> up = SeriesColumns((("job", "api"),), (Column("", "", np.array([1.0, np.nan])),))
    >>> found = samples([FamilyColumns("up", "gauge", "Is it?", (up,))], np.array([15.0, 30.0]))
    >>> found.labels, found.times_ms.tolist(), found.is_present.tolist()
    (({'__name__': 'up', 'job': 'api'},), [15000, 30000], [[True, False]])
    """
    labels, columns = zip(*_columns(families), strict=True)
    values = np.array(columns, dtype=np.float64)
    return Samples(labels, np.rint(times * 1000.0).astype(np.int64), values, ~np.isnan(values))


def _columns(
    families: Sequence[FamilyColumns],
) -> Iterator[tuple[dict[str, str], NDArray[np.int64] | NDArray[np.float64]]]:
    for family in families:
        for series in family.series:
            for column in series.columns:
                labels = {"__name__": family.name + column.suffix, **dict(series.labels)}
                yield {**labels, "le": column.le} if column.le else labels, column.values
