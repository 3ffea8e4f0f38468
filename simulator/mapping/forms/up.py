"""Whether a part of the platform answers."""

import numpy as np

from simulator.mapping.forms.context import Context
from simulator.mapping.node import Node
from simulator.mapping.sources import Source
from simulator.measures.seen import Seen
from simulator.simulation.arrays import Ints

__all__ = ["up"]


def up(source: Source, context: Context) -> Node:
    """1 or 0; of no part of the platform, and thus there when none is."""
    component = context.component or next(iter(source.jobs))

    def values(seen: Seen) -> Ints:
        return seen.trace.exposure.answering(component).astype(np.int64)[:, np.newaxis]

    return Node(
        kind="state",
        component=None,
        dimensions=(),
        rows=((),),
        values=values,
        help="1 while it answers, 0 while it does not.",
        folds=("min",),
    )
