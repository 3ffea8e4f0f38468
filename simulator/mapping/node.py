"""Values of some rows, tick by tick, with what tells the rows apart: what forms are made of."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

import numpy as np

from simulator.measures.measure import Fold, Histogram, MeasureKind, Values
from simulator.measures.seen import Seen
from simulator.scenario.vocabulary import Job, Signal
from simulator.simulation.arrays import Ints

__all__ = ["NOT_SUMMED", "Node", "Row", "some_rows", "taken", "without_sizes"]

#: The value of each of a node's dimensions, and then of each of its labels.
Row: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Node:
    """Values (ticks, rows) of a count or state, or a histogram's (ticks, rows, buckets).

    `rows` says what each row is of, along the `dimensions`, and what is written in the `labels`
    that it has by itself; of no version of the model `no_version` is written. A state may be `nan`,
    and is folded by one of `folds`: the first, unless another is asked for. What is counted may
    not be `is_whole`. Without a `component` it is there whatever answers. `notes` are what is not
    quite as it was asked for, in words.
    """

    kind: MeasureKind
    component: Job | None
    dimensions: tuple[str, ...]
    rows: tuple[Row, ...]
    values: Callable[[Seen], Values] = field(repr=False)
    help: str = ""
    unit: str = ""
    edges: tuple[float, ...] = ()
    folds: tuple[Fold, ...] = ("max",)
    signal: Signal | None = None
    is_whole: bool = True
    labels: tuple[str, ...] = ()
    no_version: str = ""
    notes: tuple[str, ...] = ()


#: How values become one that do not add up, such as shares.
NOT_SUMMED: Final[tuple[Fold, ...]] = ("max", "min", "mean")


def taken(values: Values, rows: Ints) -> Values:
    """Some of the rows, in this order."""
    if isinstance(values, Histogram):
        return Histogram(values.counts[:, rows], values.sums[:, rows])
    return np.asarray(values[:, rows])


def some_rows(node: Node, rows: Ints) -> Node:
    """The node with some of its rows, in this order."""
    return replace(
        node,
        rows=tuple(node.rows[row] for row in rows.tolist()),
        values=lambda seen: taken(node.values(seen), rows),
    )


def without_sizes(node: Node) -> Node:
    """How many events there are, where a node says how large they are, too."""
    if node.kind != "histogram":
        return node

    def counts(seen: Seen) -> Values:
        found = node.values(seen)
        return found.counts.sum(axis=2) if isinstance(found, Histogram) else found

    return replace(node, kind="count", values=counts, unit="", edges=())
