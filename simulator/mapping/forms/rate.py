"""Events in so long, as a gauge."""

from dataclasses import replace

import numpy as np

from simulator.mapping.forms.context import Context
from simulator.mapping.forms.latest import latest
from simulator.mapping.node import Node, without_sizes
from simulator.mapping.sources import Rate, Source
from simulator.measures.measure import Values
from simulator.measures.seen import Seen

__all__ = ["rate"]


def rate(source: Source, context: Context) -> Node:
    """Of each series of what is counted, over the ticks of the latest time."""
    said: Rate = source.said
    of = without_sizes(context.series_of(said.of, "rate of"))

    def values(seen: Seen) -> Values:
        found = latest(seen, f"{context.metric} rate", of.values(seen), said.over)
        seconds = found.n_ticks[:, np.newaxis] * seen.trace.grid.step
        return found.counts / seconds * said.per

    said_help = f"In {said.per:g} seconds: {of.help}"
    return replace(of, kind="state", values=values, unit="", help=said_help)
