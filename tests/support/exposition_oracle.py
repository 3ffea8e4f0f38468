"""Families as prometheus_client's own objects, and the text that it writes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    UnknownMetricFamily,
)
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prometheus_client.core import Metric

    from simulator.metrics.families import FamilySamples


class Ready(Collector):
    """Hands ready-made families to a registry."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def clients_text(metrics: Iterable[Metric]) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Ready(metrics))
    # it has no counters but those whose names end in _total; nothing else here is untyped
    return generate_latest(registry).replace(b" untyped\n", b" counter\n")


def clients_metrics(samples: Sequence[FamilySamples]) -> list[Metric]:
    """The families and their samples at the last tick."""
    return [_metric(one) for one in samples]


def _metric(samples: FamilySamples) -> Metric:
    family, blocks = samples
    if family.kind == "histogram":
        return _histogram(samples)
    metric: CounterMetricFamily | GaugeMetricFamily | UnknownMetricFamily
    if family.kind != "counter":
        metric = GaugeMetricFamily(family.name, family.help, labels=family.labels)
    elif family.name.endswith("_total"):
        name = family.name.removesuffix("_total")
        metric = CounterMetricFamily(name, family.help, labels=family.labels)
    else:
        metric = UnknownMetricFamily(family.name, family.help, labels=family.labels)
    (values,) = blocks
    for labels, value in zip(family.series, values[-1, :, 0].tolist(), strict=True):
        if not np.isnan(value):
            metric.add_metric(labels, value)
    return metric


def _histogram(samples: FamilySamples) -> HistogramMetricFamily:
    family, (buckets, _, sums) = samples
    metric = HistogramMetricFamily(family.name, family.help, labels=family.labels)
    edges = [str(edge) for edge in family.edges] + ["+Inf"]
    for labels, counts, total in zip(
        family.series, buckets[-1].tolist(), sums[-1, :, 0].tolist(), strict=True
    ):
        metric.add_metric(labels, list(zip(edges, counts, strict=True)), sum_value=total)
    return metric
