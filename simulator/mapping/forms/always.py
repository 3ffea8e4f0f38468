"""A value that never changes."""

from itertools import product

import numpy as np

from simulator.mapping.forms.context import Context
from simulator.mapping.node import Node
from simulator.mapping.properties import base_of
from simulator.mapping.sources import Always, Source
from simulator.measures.dimensions import DIMENSIONS

__all__ = ["always"]


def always(source: Source, context: Context) -> Node:
    """One row for each value of the dimensions that labels name."""
    said: Always = source.said
    bases = tuple(dict.fromkeys(base_of(d) for d in context.dimensions))
    rows = tuple(product(*(DIMENSIONS[d].values(context.scenario) for d in bases)))
    return Node(
        kind="state",
        component=said.component,
        dimensions=bases,
        rows=rows,
        help="A value that never changes.",
        values=lambda seen: np.full((seen.trace.grid.count, len(rows)), said.value),
    )
