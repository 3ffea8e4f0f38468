"""Rows of a node as series: labelled, and folded where labels do not tell them apart."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from simulator.mapping.folding import Groups, folded, summed
from simulator.mapping.labels import Grouped, Labels, grouped
from simulator.mapping.node import Node, taken
from simulator.measures.measure import Fold, Histogram, Numbers, Values
from simulator.measures.seen import Seen
from simulator.scenario.model import Scenario
from simulator.simulation.arrays import Bools, Ints
from simulator.simulation.causes import STAGES

__all__ = ["series_of", "with_constants"]


def series_of(node: Node, labels: Labels, fold: Fold | None, scenario: Scenario) -> Node:
    """A node whose rows are told apart by labels alone."""
    groups = grouped(labels, node, scenario)
    return replace(
        node,
        dimensions=(),
        labels=groups.names,
        rows=groups.series,
        values=_values(node, groups, fold),
    )


def with_constants(node: Node, constants: Mapping[str, str]) -> Node:
    """The same with labels that are alike in all rows."""
    texts = tuple(constants.values())
    rows = tuple((*row, *texts) for row in node.rows)
    return replace(node, labels=(*node.labels, *constants), rows=rows)


def _values(node: Node, groups: Grouped, asked: Fold | None) -> Callable[[Seen], Values]:
    if not groups.rows:
        return _none(node)
    together = Groups.of(groups.rows)
    if together.are_single:
        return _picked(node, together.rows)
    if node.kind != "state":
        return lambda seen: summed(node.values(seen), together)
    fold = asked or node.folds[0]
    if fold == "production" and "version" in node.dimensions:
        return lambda seen: folded(
            _plain(node.values(seen)), together, fold, _in_production(node, seen)
        )
    return lambda seen: folded(_plain(node.values(seen)), together, fold)


def _picked(node: Node, rows: Ints) -> Callable[[Seen], Values]:
    """The values of rows of which none is folded: whole numbers stay whole."""
    if np.array_equal(rows, np.arange(len(node.rows))):
        return node.values
    return lambda seen: taken(node.values(seen), rows)


def _none(node: Node) -> Callable[[Seen], Values]:
    """The values of no series."""

    def values(seen: Seen) -> Values:
        n_ticks = seen.trace.grid.count
        found = np.zeros((n_ticks, 0))
        if node.kind != "histogram":
            return found
        return Histogram(np.zeros((n_ticks, 0, len(node.edges) + 1), dtype=np.int64), found)

    return values


def _plain(values: Values) -> Numbers:
    return np.asarray(values)


def _in_production(node: Node, seen: Seen) -> Bools:
    """Whose version is in production, shape (ticks, rows)."""
    at = node.dimensions.index("version")
    column: Ints = np.array([seen.scenario.versions.index(row[at]) for row in node.rows])
    return np.asarray(seen.trace.causes.stages[:, column] == STAGES.index("production"))
