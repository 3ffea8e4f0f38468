"""Several sources as one metric."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from simulator.mapping.forms.context import Context
from simulator.mapping.node import Node, Row
from simulator.mapping.series import with_constants
from simulator.mapping.sources import Part, Source
from simulator.measures.measure import Histogram, Values
from simulator.measures.seen import Seen

__all__ = ["union"]


def union(source: Source, context: Context) -> Node:
    """The series of all parts, each with the labels that any has: one it does not have is empty."""
    parts: tuple[Part, ...] = source.said
    nodes = [_labelled(part, context, f"union {index}") for index, part in enumerate(parts)]
    labels = tuple(dict.fromkeys(name for node in nodes for name in node.labels))
    return replace(
        nodes[0],
        labels=labels,
        rows=tuple(row for node in nodes for row in _rows(node, labels)),
        values=_together(nodes),
        is_whole=all(node.is_whole for node in nodes),
        signal=next((node.signal for node in nodes if node.signal is not None), None),
        notes=tuple(dict.fromkeys(note for node in nodes for note in node.notes)),
    )


def _labelled(part: Part, context: Context, place: str) -> Node:
    labels = {**context.labels, **part.labels}
    fixed = {name: said for name, said in labels.items() if name not in part.constant}
    return with_constants(context.series_of(part, place, fixed), part.constant)


def _rows(node: Node, labels: Sequence[str]) -> list[Row]:
    has = [dict(zip(node.labels, row, strict=True)) for row in node.rows]
    return [tuple(one.get(name, "") for name in labels) for one in has]


def _together(nodes: Sequence[Node]) -> Callable[[Seen], Values]:
    def values(seen: Seen) -> Values:
        found = [node.values(seen) for node in nodes]
        if all(isinstance(one, Histogram) for one in found):
            counts, sums = zip(*found, strict=True)
            return Histogram(np.concatenate(counts, axis=1), np.concatenate(sums, axis=1))
        return np.concatenate(found, axis=1)

    return values
