"""How large events of the latest time are on average."""

from dataclasses import replace

import numpy as np

from simulator.mapping.forms.context import Context
from simulator.mapping.forms.latest import latest
from simulator.mapping.node import NOT_SUMMED, Node
from simulator.mapping.sources import Mean, Source
from simulator.measures.measure import Histogram, Values
from simulator.measures.seen import Seen
from simulator.simulation.arrays import summable

__all__ = ["mean"]


def mean(source: Source, context: Context) -> Node:
    """Of each series of a histogram; `nan` where there were no events."""
    said: Mean = source.said
    of = context.series_of(said.of, "mean of")

    def values(seen: Seen) -> Values:
        found = of.values(seen)
        if not isinstance(found, Histogram):
            raise TypeError(f"{context.metric} has no sizes")
        name = f"{context.metric} mean"
        n = latest(seen, f"{name} count", found.counts.sum(axis=-1), said.over).counts
        sums = latest(seen, f"{name} sum", summable(found.sums), said.over).counts
        return np.divide(sums, n, out=np.full(n.shape, np.nan), where=n > 0.0)

    said_help = f"Mean of the latest: {of.help}"
    return replace(of, kind="state", values=values, edges=(), help=said_help, folds=NOT_SUMMED)
