"""Scored applications by one of the applicant's attributes."""

from collections.abc import Sequence
from itertools import pairwise, product

from simulator.mapping.filtering import filtered
from simulator.mapping.forms.context import Context
from simulator.mapping.node import Node
from simulator.mapping.properties import base_of
from simulator.mapping.sources import Attribute, Source
from simulator.measures.attributes import ScoredByAttribute
from simulator.measures.catalogue import MEASURES
from simulator.measures.dimensions import DIMENSIONS
from simulator.measures.measure import Values
from simulator.measures.seen import Seen

__all__ = ["attribute"]


def attribute(source: Source, context: Context) -> Node:
    """Applications of each tick by range of the attribute, which is a label of its own."""
    said: Attribute = source.said
    scored = MEASURES["scored"]
    asked = tuple(dict.fromkeys(base_of(d) for d in (*context.dimensions, *source.where)))
    counts = ScoredByAttribute(context.scenario, said.feature, said.edges)
    ranges = said.names or _names(said.edges)

    def values(seen: Seen) -> Values:
        found = counts.of(seen, asked)
        return found.reshape(len(found), -1)

    of_dimensions = [DIMENSIONS[d].values(context.scenario) for d in asked]
    node = Node(
        kind="count",
        component=scored.component,
        dimensions=asked,
        labels=(said.label or said.feature,),
        rows=tuple(product(*of_dimensions, ranges)),
        values=values,
        help=f"Applications that got a score, by {said.feature}.",
    )
    return filtered(node, source.where, context.scenario)


def _names(edges: Sequence[float]) -> tuple[str, ...]:
    """What ranges are called, each with its upper bound.

    >>> _names([25.0, 35.5])
    ('<=25', '25-35.5', '>35.5')
    """
    between = (f"{low:g}-{high:g}" for low, high in pairwise(edges))
    return (f"<={edges[0]:g}", *between, f">{edges[-1]:g}")
