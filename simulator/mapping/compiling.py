"""A mapping bound to a scenario: families, and where the values of their series come from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.mapping.edges import rebucketed
from simulator.mapping.folding import folded, summed
from simulator.mapping.forms import FORMS
from simulator.mapping.forms.context import Context
from simulator.mapping.labels import Grouped, dimensions_of, grouped
from simulator.mapping.model import Mapping, Metric, Source
from simulator.mapping.node import Node, without_sizes
from simulator.measures.measure import Histogram, Values
from simulator.measures.seen import Seen
from simulator.metrics.families import Family, Kind
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import Signal
from simulator.simulation.arrays import Bools
from simulator.simulation.causes import STAGES

__all__ = ["Bound", "bound_metrics"]

_KINDS: dict[str, Kind] = {"count": "counter", "histogram": "histogram", "state": "gauge"}


@dataclass(frozen=True)
class Bound:
    """A family of one run, and the values of its series, in their order.

    `values` (ticks, series) of a tick alone where they are counts, which are then added up; a
    histogram's (ticks, series, buckets).
    """

    family: Family
    is_counted: bool
    values: Callable[[Seen], Values]
    signal: Signal | None


def bound_metrics(mapping: Mapping, scenario: Scenario) -> tuple[Bound, ...]:
    """All metrics of a mapping, in its order."""
    return tuple(_bound(name, metric, scenario) for name, metric in mapping.metrics.items())


def _bound(name: str, metric: Metric, scenario: Scenario) -> Bound:
    node = _node(metric, dimensions_of(metric), name, scenario)
    series = grouped(metric, node, scenario)
    kind = metric.type or _KINDS[node.kind]
    node = node if kind == "histogram" else without_sizes(node)
    family = Family(
        name=name,
        kind=kind,
        job=metric.job or node.component,
        component=node.component,
        help=metric.help or node.help,
        labels=series.names,
        series=series.series,
        unit=node.unit,
        edges=(metric.edges or node.edges) if kind == "histogram" else (),
    )
    values = _values(metric, node, series)
    if family.edges != node.edges and kind == "histogram":
        values = _regrouped(values, node.edges, family.edges)
    return Bound(family, node.kind != "state", values, node.signal)


def _node(source: Source, dimensions: Iterable[str], metric: str, scenario: Scenario) -> Node:
    def inside(one: Source, asked: Iterable[str]) -> Node:
        return _node(one, asked, metric, scenario)

    return FORMS[source.forms[0]](source, Context(metric, scenario, tuple(dimensions), inside))


def _regrouped(
    values: Callable[[Seen], Values], kernel: Sequence[float], edges: Sequence[float]
) -> Callable[[Seen], Values]:
    regroup = rebucketed(kernel, edges)

    def regrouped(seen: Seen) -> Values:
        found = values(seen)
        return regroup(found) if isinstance(found, Histogram) else found

    return regrouped


def _values(metric: Metric, node: Node, series: Grouped) -> Callable[[Seen], Values]:
    if not series.rows:
        return lambda seen: np.zeros((seen.trace.grid.count, 0))
    if node.kind != "state":
        return lambda seen: summed(node.values(seen), series.rows)
    fold = metric.fold or node.folds[0]
    is_folded = any(len(rows) > 1 for rows in series.rows)
    if fold == "production" and is_folded and "version" in node.dimensions:
        return lambda seen: folded(
            _plain(node.values(seen)), series.rows, fold, _in_production(node, seen)
        )
    return lambda seen: folded(_plain(node.values(seen)), series.rows, fold)


def _plain(values: Values) -> np.ndarray:
    return np.asarray(values)


def _in_production(node: Node, seen: Seen) -> Bools | None:
    """Whose version is in production, shape (ticks, rows)."""
    at = node.dimensions.index("version")
    column = [seen.scenario.versions.index(row[at]) for row in node.rows]
    return np.asarray(seen.trace.causes.stages[:, column] == STAGES.index("production"))
