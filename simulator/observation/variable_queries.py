"""What a Prometheus answers to the query of a dashboard variable.

Forms of packages/grafana-prometheus/src/metric_find_query.ts.
"""

import re
from collections.abc import Mapping
from typing import Final

from simulator.grafana.frames import Series
from simulator.observation.prometheus import Prometheus
from simulator.promql.parsing import gives_a_scalar

__all__ = ["label_asked_for", "variable_answers"]

_LABEL_VALUES: Final = re.compile(
    r"label_values\(\s*(?:(.+),\s*)?([a-zA-Z_$][a-zA-Z0-9_]*)\s*\)\s*", re.DOTALL
)
_LABEL_NAMES: Final = re.compile(r"label_names\((.*)\)\s*", re.DOTALL)
_METRICS: Final = re.compile(r"metrics\((.+)\)\s*", re.DOTALL)
_QUERY_RESULT: Final = re.compile(r"query_result\((.+)\)\s*", re.DOTALL)
_EMPTY: Final = frozenset({"", "label_values()", "metrics()", "query_result()"})
_NAME: Final = "__name__"


def variable_answers(
    query: str, prometheus: Prometheus, *, start: float, end: float
) -> tuple[str, ...]:
    """The texts that a query with its variables replaced gives, in Prometheus's order.

    Times are unix seconds.

    Raises:
        PrometheusError: the query is refused, or nothing answers.
    """
    query = query.strip()
    if query in _EMPTY:
        return ()
    if found := _LABEL_VALUES.fullmatch(query):
        match = (found[1] or "").strip()
        selector = "" if match.replace(" ", "") == "{}" else match
        return prometheus.label_values(found[2], match=selector, start=start, end=end)
    if found := _LABEL_NAMES.fullmatch(query):
        selector = f'{{__name__=~".*{found[1]}.*"}}' if found[1].strip() else ""
        names = prometheus.label_names(match=selector, start=start, end=end)
        return tuple(name for name in names if name != _NAME) if selector else names
    if found := _METRICS.fullmatch(query):
        selector = f'{{__name__=~"{found[1]}"}}'
        return prometheus.label_values(_NAME, match=selector, start=start, end=end)
    if found := _QUERY_RESULT.fullmatch(query):
        is_scalar = gives_a_scalar(found[1])
        results = prometheus.query(found[1], at=end)
        return tuple(_told(one, is_scalar=is_scalar) for one in results)
    return tuple(map(_written, prometheus.series(query, start=start, end=end)))


def label_asked_for(query: str) -> tuple[str, str] | None:
    """The selector and the label of `label_values(...)`; None of another query.

    >>> label_asked_for('label_values(up{job="a"}, pod)'), label_asked_for("label_values(pod)")
    (('up{job="a"}', 'pod'), ('', 'pod'))
    """
    found = _LABEL_VALUES.fullmatch(query.strip())
    return ((found[1] or "").strip(), found[2]) if found else None


def _told(series: Series, *, is_scalar: bool) -> str:
    """A series of an instant query as text: name, labels, value, milliseconds."""
    number = repr(float(series.values[-1])).removesuffix(".0")
    return number if is_scalar else f"{_written(series.labels)} {number} {_milliseconds(series)}"


def _milliseconds(series: Series) -> str:
    return f"{series.times[-1] * 1000:.0f}"


def _written(labels: Mapping[str, str]) -> str:
    inside = ",".join(f'{key}="{one}"' for key, one in labels.items() if key != _NAME)
    return f"{labels.get(_NAME, '')}{{{inside}}}"
