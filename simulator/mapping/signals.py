"""Which signal a query is about: that of the measures which feed the metrics it reads."""

import re
from collections.abc import Mapping as MappingOf
from typing import Final

from simulator.mapping.loading import default_mapping
from simulator.mapping.model import Mapping
from simulator.measures.catalogue import MEASURES
from simulator.promql.selectors import selectors
from simulator.scenario.vocabulary import SIGNALS, Signal

__all__ = ["signal_of", "signals_of"]

_OF_HISTOGRAM: Final = re.compile("(_bucket|_sum|_count)$")


def signals_of(mapping: Mapping) -> dict[str, Signal]:
    """The signal of each metric that tells of one."""
    found = {
        name: MEASURES[metric.measure or ""].signal for name, metric in mapping.metrics.items()
    }
    return {name: signal for name, signal in found.items() if signal is not None}


def signal_of(query: str, signals: MappingOf[str, Signal] | None = None) -> Signal | None:
    """The signal that a PromQL query is about; None where it reads no family of any.

    >>> signal_of("histogram_quantile(0.95, rate(ml_prediction_duration_bucket[5m]))")
    'prediction-latency'
    >>> signal_of("up") is None
    True
    """
    known = signals_of(default_mapping()) if signals is None else signals
    metrics = {one.metric for one in selectors(query)}
    families = metrics | {_OF_HISTOGRAM.sub("", metric) for metric in metrics}
    found = {known[family] for family in families if family in known}
    return next((signal for signal in SIGNALS if signal in found), None)
