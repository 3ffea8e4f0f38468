"""What is of no version of the model, among what is told apart by version."""

from dataclasses import replace
from typing import Final

import numpy as np

from simulator.mapping.node import Node, Row, some_rows
from simulator.measures.dimensions import NONE
from simulator.measures.measure import Histogram, Numbers, Values
from simulator.measures.seen import Seen
from simulator.simulation.causes import STAGES

__all__ = ["DROP", "PRODUCTION", "of_some_version"]

#: Counted with the version that is in production.
PRODUCTION: Final = "production"
#: Left out.
DROP: Final = "drop"
_VERSION: Final = "version"


def of_some_version(node: Node, how: str) -> Node:
    """The node with what is of no version counted elsewhere, left out, or as it is."""
    at = node.dimensions.index(_VERSION)
    if how == DROP:
        return some_rows(node, np.flatnonzero([row[at] != NONE for row in node.rows]))
    return _in_production(node, at) if how == PRODUCTION else node


def _in_production(node: Node, at: int) -> Node:
    """Each row of no version goes where, but for the version, it is the same."""
    versions = dict.fromkeys(row[at] for row in node.rows if row[at] != NONE)
    rows = dict.fromkeys(
        one
        for row in node.rows
        for one in ([row] if row[at] != NONE else [_with(row, at, v) for v in versions])
    )
    place = {row: i for i, row in enumerate(rows)}
    own = [i for i, row in enumerate(node.rows) if row[at] != NONE]
    into = [place[node.rows[i]] for i in own]
    moves = [
        (i, [place[_with(row, at, v)] for v in versions])
        for i, row in enumerate(node.rows)
        if row[at] == NONE
    ]

    def moved(values: Numbers, seen: Seen) -> Numbers:
        found = np.zeros((len(values), len(rows), *values.shape[2:]), dtype=values.dtype)
        found[:, into] = values[:, own]
        columns = [seen.scenario.versions.index(version) for version in versions]
        is_production = seen.trace.causes.stages[:, columns] == STAGES.index("production")
        weights = is_production.reshape(*is_production.shape, *(1,) * (values.ndim - 2))
        for row, targets in moves:
            found[:, targets] += values[:, row, np.newaxis] * weights
        return found

    def of(seen: Seen) -> Values:
        values = node.values(seen)
        if isinstance(values, Histogram):
            return Histogram(moved(values.counts, seen), moved(values.sums, seen))
        return moved(values, seen)

    return replace(node, rows=tuple(rows), values=of)


def _with(row: Row, at: int, version: str) -> Row:
    return (*row[:at], version, *row[at + 1 :])
