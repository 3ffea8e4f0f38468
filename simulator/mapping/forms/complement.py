"""1 less a share."""

from dataclasses import replace

import numpy as np

from simulator.mapping.forms.context import Context
from simulator.mapping.node import Node
from simulator.mapping.sources import Source

__all__ = ["complement"]


def complement(source: Source, context: Context) -> Node:
    """Of each series of a state."""
    of = context.series_of(source.said, "complement")
    return replace(
        of, values=lambda seen: 1.0 - np.asarray(of.values(seen)), help=f"1 less: {of.help}"
    )
