"""One source divided by another."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from simulator.mapping.forms.context import Context
from simulator.mapping.forms.latest import latest
from simulator.mapping.node import NOT_SUMMED, Node, without_sizes
from simulator.mapping.sources import Ratio, Source
from simulator.measures.measure import Values
from simulator.measures.seen import Seen
from simulator.simulation.arrays import Floats, Ints

__all__ = ["ratio"]


def ratio(source: Source, context: Context) -> Node:
    """Of each series of what is divided; `nan` where there is nothing to divide by."""
    said: Ratio = source.said
    within = context.labels if said.within is None else {n: context.labels[n] for n in said.within}
    of = without_sizes(context.series_of(said.of, "ratio of"))
    to = without_sizes(context.series_of(said.to, "ratio to", within))
    of_values = _numbers(of, f"{context.metric} ratio of", said.over)
    to_values = _numbers(to, f"{context.metric} ratio to", said.over)
    has, column = _divided_by(of, to)

    def values(seen: Seen) -> Values:
        top, bottom = of_values(seen), to_values(seen)
        found = np.full(top.shape, np.nan)
        under = bottom[:, column]
        np.divide(top[:, has], under, out=under, where=under != 0.0)
        found[:, has] = np.where(bottom[:, column] != 0.0, under, np.nan)
        return found

    said_help = f"Divided by what follows: {of.help} {to.help}"
    return replace(of, kind="state", values=values, unit="ratio", help=said_help, folds=NOT_SUMMED)


def _numbers(node: Node, name: str, over: float) -> Callable[[Seen], Floats]:
    if node.kind == "count":
        return lambda seen: latest(seen, name, node.values(seen), over).counts
    return lambda seen: np.asarray(node.values(seen), dtype=np.float64)


def _divided_by(of: Node, to: Node) -> tuple[Ints, Ints]:
    """The series that have something to be divided by, and which it is."""
    columns = {row: column for column, row in enumerate(to.rows)}
    places = [of.labels.index(name) for name in to.labels]
    found = [(i, columns.get(_of_labels(row, places))) for i, row in enumerate(of.rows)]
    pairs = [(index, column) for index, column in found if column is not None]
    has, column = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return has, column


def _of_labels(row: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    return tuple(row[place] for place in places)
