"""Which signal a query is about: that of the measures which feed the metrics it reads."""

import re
from collections.abc import Mapping as MappingOf
from typing import Final, TypeAlias

from simulator.mapping.kinds import measures_in
from simulator.mapping.model import Mapping, Metric
from simulator.measures.catalogue import MEASURES
from simulator.promql.selectors import selectors
from simulator.scenario.vocabulary import SIGNALS, Signal

__all__ = ["Signals", "measures_of", "signal_of", "signals_of"]

#: The signal that each metric tells of, by its name.
Signals: TypeAlias = MappingOf[str, Signal]

_OF_HISTOGRAM: Final = re.compile("(_bucket|_sum|_count)$")


def signals_of(mapping: Mapping) -> Signals:
    """The signal of each metric that tells of one."""
    found = {name: _signal(metric) for name, metric in mapping.metrics.items()}
    return {name: signal for name, signal in found.items() if signal is not None}


def _signal(metric: Metric) -> Signal | None:
    """That of the first measure in it that has one."""
    signals = (MEASURES[name].signal for name in measures_in(metric))
    return next((signal for signal in signals if signal is not None), None)


def measures_of(signal: str) -> frozenset[str]:
    """The names of the measures that tell of a signal.

    >>> sorted(measures_of("drift"))
    ['drift_js', 'drift_ks', 'psi']
    """
    return frozenset(m.name for m in MEASURES.values() if m.signal == signal)


def signal_of(query: str, signals: Signals) -> Signal | None:
    """The signal that a PromQL query is about; None where it reads no metric of any.

    >>> from simulator.mapping.loading import default_mapping
    >>> signals = signals_of(default_mapping())
    >>> signal_of("histogram_quantile(0.95, rate(ml_prediction_duration_bucket[5m]))", signals)
    'prediction-latency'
    >>> signal_of("up", signals) is None
    True
    """
    metrics = {one.metric for one in selectors(query)}
    families = metrics | {_OF_HISTOGRAM.sub("", metric) for metric in metrics}
    found = {signals[family] for family in families if family in signals}
    return next((signal for signal in SIGNALS if signal in found), None)
