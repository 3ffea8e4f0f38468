"""The latest tick of a Trace as prometheus_client metric families and exposition text."""

from collections.abc import Iterable, Iterator

import numpy as np
from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from simulator.metrics.catalog import CATALOG
from simulator.metrics.families import Family, Layout
from simulator.metrics.self_monitoring import TRUTH
from simulator.simulation.trace import Trace

__all__ = ["FamiliesCollector", "exposition", "families"]


def families(trace: Trace, layout: Layout, job: str | None = None) -> Iterator[Metric]:
    """The metric families of a job (or of the whole platform) at the trace's last tick."""
    for family in CATALOG if job is None else (*CATALOG, *TRUTH):
        if job is None or family.job == job:
            yield _metric(family, trace, layout)


class FamiliesCollector(Collector):
    """Hands ready-made families to a registry."""

    def __init__(self, ready: Iterable[Metric]) -> None:
        self._ready = list(ready)

    def collect(self) -> Iterable[Metric]:
        """The families, in the order given."""
        return self._ready


def exposition(ready: Iterable[Metric]) -> bytes:
    r"""Families in Prometheus's text format 0.0.4.

    >>> exposition([GaugeMetricFamily("up", "Whether it is up.", value=1)])
    b'# HELP up Whether it is up.\n# TYPE up gauge\nup 1.0\n'
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(FamiliesCollector(ready))
    return generate_latest(registry)


def _metric(family: Family, trace: Trace, layout: Layout) -> Metric:
    series = family.series(layout)
    if family.kind == "histogram":
        return _histogram(family, series, trace)
    metric = (
        CounterMetricFamily(family.name.removesuffix("_total"), family.help, labels=family.labels)
        if family.kind == "counter"
        else GaugeMetricFamily(family.name, family.help, labels=family.labels)
    )
    for labels, value in zip(series, family.rows(trace)[-1].tolist(), strict=True):
        if not np.isnan(value):
            metric.add_metric(labels, value)
    return metric


def _histogram(
    family: Family, series: Iterable[tuple[str, ...]], trace: Trace
) -> HistogramMetricFamily:
    buckets = family.buckets(trace)
    metric = HistogramMetricFamily(family.name, family.help, labels=family.labels)
    edges = [str(edge) for edge in family.edges] + ["+Inf"]
    cumulative = np.cumsum(buckets.counts[-1], axis=-1).tolist()
    for labels, counts, total in zip(series, cumulative, buckets.sums[-1].tolist(), strict=True):
        metric.add_metric(labels, list(zip(edges, counts, strict=True)), sum_value=total)
    return metric
