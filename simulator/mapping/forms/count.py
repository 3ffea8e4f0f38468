"""How many there are of which a state is so."""

from dataclasses import replace

import numpy as np

from simulator.mapping.forms.comparing import holds
from simulator.mapping.forms.context import Context
from simulator.mapping.node import Node
from simulator.mapping.series import series_of
from simulator.mapping.sources import CountedRows, Source

__all__ = ["count"]


def count(source: Source, context: Context) -> Node:
    """Of each series: how many of its rows; `nan` where none of them has a state."""
    said: CountedRows = source.said
    # no metric has labels of these names: they have a blank in them
    apart = {f"{name} counted": name for name in said.by}
    of = context.series_of(said.of, "count of", {**context.labels, **apart})
    kept = [at for at, name in enumerate(of.labels) if name not in apart]
    states = replace(
        of,
        labels=tuple(of.labels[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in of.rows),
        values=lambda seen: holds(said, np.asarray(of.values(seen))),
        unit="",
        help=f"Of how many it is so: {of.help}",
    )
    return series_of(states, context.labels, "sum", context.scenario)
