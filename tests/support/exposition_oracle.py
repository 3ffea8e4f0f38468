"""Families as prometheus_client's own objects, and the text that it writes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from simulator.metrics.catalog import CATALOG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client.core import Metric

    from simulator.metrics.families import Family, Layout
    from simulator.simulation.trace import Trace


class Ready(Collector):
    """Hands ready-made families to a registry."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def clients_text(metrics: Iterable[Metric]) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Ready(metrics))
    return generate_latest(registry)


def clients_metrics(trace: Trace, layout: Layout) -> list[Metric]:
    """The catalog's families at the trace's last tick."""
    return [_metric(family, trace, layout) for family in CATALOG]


def _metric(family: Family, trace: Trace, layout: Layout) -> Metric:
    if family.kind == "histogram":
        return _histogram(family, trace, layout)
    metric = (
        CounterMetricFamily(family.name.removesuffix("_total"), family.help, labels=family.labels)
        if family.kind == "counter"
        else GaugeMetricFamily(family.name, family.help, labels=family.labels)
    )
    for labels, value in zip(family.series(layout), family.rows(trace)[-1].tolist(), strict=True):
        if not np.isnan(value):
            metric.add_metric(labels, value)
    return metric


def _histogram(family: Family, trace: Trace, layout: Layout) -> HistogramMetricFamily:
    buckets = family.buckets(trace)
    metric = HistogramMetricFamily(family.name, family.help, labels=family.labels)
    edges = [str(edge) for edge in family.edges] + ["+Inf"]
    cumulative = np.cumsum(buckets.counts[-1], axis=-1).tolist()
    for labels, counts, total in zip(
        family.series(layout), cumulative, buckets.sums[-1].tolist(), strict=True
    ):
        metric.add_metric(labels, list(zip(edges, counts, strict=True)), sum_value=total)
    return metric
