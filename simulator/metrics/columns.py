"""A Trace as columns: the samples of every series at every tick."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.metrics.catalog import CATALOG
from simulator.metrics.families import Buckets, Family, Labels, Layout
from simulator.metrics.openmetrics import Column, FamilyColumns, Pairs, SeriesColumns
from simulator.metrics.self_monitoring import TRUTH
from simulator.simulation.trace import Trace

__all__ = ["trace_columns"]


def trace_columns(trace: Trace, layout: Layout, *, instance: str) -> list[FamilyColumns]:
    """All families of the platform, and the truth about episodes, at all ticks of the trace.

    Labels are those that live series get through the Pushgateway: the metric's own, `job` and
    `instance`. Bounds of buckets are written as Go writes numbers, "1" and not "1.0": so does the
    Pushgateway, and another text would be another series.
    """
    return [
        FamilyColumns(
            family.name, family.kind, family.help, tuple(_series(family, trace, layout, instance))
        )
        for family in (*CATALOG, *TRUTH)
    ]


def _series(family: Family, trace: Trace, layout: Layout, instance: str) -> Iterator[SeriesColumns]:
    values = family.values(trace)
    for index, label_values in enumerate(family.series(layout)):
        labels = _labels(family, label_values, instance)
        if isinstance(values, Buckets):
            yield SeriesColumns(labels, tuple(_histogram(values, index, family.edges)))
        else:
            rows = np.asarray(values).reshape(trace.grid.count, -1)
            yield SeriesColumns(labels, (Column("", "", _plain(rows[:, index])),))


def _plain(values: NDArray[np.generic]) -> NDArray[np.int64] | NDArray[np.float64]:
    """Whole numbers stay whole, so that counts are written without a fraction."""
    return values.astype(np.float64) if values.dtype.kind == "f" else values.astype(np.int64)


def _labels(family: Family, values: Labels, instance: str) -> Pairs:
    labels = dict(zip(family.labels, values, strict=True))
    return tuple(sorted({"job": family.job, "instance": instance, **labels}.items()))


def _histogram(buckets: Buckets, index: int, edges: Sequence[float]) -> Iterator[Column]:
    cumulative = np.cumsum(buckets.counts[:, index], axis=1)
    for column, edge in enumerate([*(f"{edge:.15g}" for edge in edges), "+Inf"]):
        yield Column("_bucket", edge, cumulative[:, column])
    yield Column("_sum", "", _plain(buckets.sums[:, index]))
    yield Column("_count", "", cumulative[:, -1])
