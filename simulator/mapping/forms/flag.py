"""0 or 1, as a state compares."""

from dataclasses import replace

import numpy as np

from simulator.mapping.forms.comparing import holds
from simulator.mapping.forms.context import Context
from simulator.mapping.node import NOT_SUMMED, Node
from simulator.mapping.sources import Flag, Source
from simulator.measures.measure import Values
from simulator.measures.seen import Seen

__all__ = ["flag"]


def flag(source: Source, context: Context) -> Node:
    """Of each series of a state."""
    said: Flag = source.said
    of = context.series_of(said.of, "flag of")

    def values(seen: Seen) -> Values:
        found = holds(said, np.asarray(of.values(seen)))
        return found if said.absent is None else np.where(np.isnan(found), said.absent, found)

    said_help = f"Whether it is so, 1 or 0: {of.help}"
    return replace(of, values=values, unit="", help=said_help, folds=NOT_SUMMED)
