"""Kafka's offsets as a counter: by how much they rose."""

from itertools import product
from typing import Final

import numpy as np

from simulator.mapping.component_sources import OFFSET_DIMENSIONS, Offsets
from simulator.mapping.filtering import filtered
from simulator.mapping.forms.context import Context
from simulator.mapping.node import Node
from simulator.mapping.sources import Source
from simulator.measures.dimensions import DIMENSIONS
from simulator.measures.kafka import of_topics
from simulator.measures.seen import Seen
from simulator.simulation.arrays import Ints

__all__ = ["offsets"]

_HELP: Final = {
    "log-end": "Messages written to the topic.",
    "committed": "Messages that consumer groups have committed.",
}


def offsets(source: Source, context: Context) -> Node:
    """Messages of each tick. Offsets are those of Kafka, without what an exporter gets wrong."""
    spec: Offsets = source.said
    name = f"{context.metric} offsets"
    dimensions = OFFSET_DIMENSIONS[spec.of]

    def values(seen: Seen) -> Ints:
        offset = "log_end" if spec.of == "log-end" else "committed"
        found = of_topics(seen.trace.by_topic(), dimensions, lambda t: getattr(t.topic, offset))
        found = np.nan_to_num(found).astype(np.int64)  # of a partition that a topic has not, none
        return seen.once(name, lambda _: _rises(found.reshape(len(found), -1), name, seen))

    node = Node(
        kind="count",
        component=spec.components,
        dimensions=dimensions,
        rows=tuple(product(*(DIMENSIONS[d].values(context.scenario) for d in dimensions))),
        values=values,
        help=_HELP[spec.of],
    )
    return filtered(node, source.where, context.scenario)


def _rises(found: Ints, name: str, seen: Seen) -> Ints:
    """By how much offsets are above those of the tick before, same shape (ticks, rows)."""
    before = seen.remembered(name, np.zeros(found.shape[1]))
    seen.memory[name] = found[-1].astype(np.float64)
    rises = np.diff(found, axis=0, prepend=before.astype(np.int64)[np.newaxis])
    return np.maximum(rises, 0)
