"""Some of the rows of a node: those that a filter lets through."""

from collections.abc import Iterable, Mapping

import numpy as np

from simulator.mapping.node import Node, some_rows
from simulator.mapping.properties import base_of, property_of
from simulator.mapping.sources import Filter
from simulator.scenario.model import Scenario

__all__ = ["filtered"]


def filtered(
    node: Node, where: Mapping[str, str | tuple[str, ...] | Filter], scenario: Scenario
) -> Node:
    """The rows whose values along each dimension are as `where` has them."""
    if not where:
        return node
    wanted = [
        (node.dimensions.index(base_of(dimension)), frozenset(_passing(dimension, said, scenario)))
        for dimension, said in where.items()
    ]
    is_kept = [all(row[at] in some for at, some in wanted) for row in node.rows]
    return some_rows(node, np.flatnonzero(is_kept))


def _passing(
    dimension: str, said: str | tuple[str, ...] | Filter, scenario: Scenario
) -> Iterable[str]:
    """The values of the base dimension that are let through."""
    if not isinstance(said, Filter):
        said = Filter(only=(said,) if isinstance(said, str) else said)
    for base, value in property_of(dimension, scenario).items():
        is_one = said.only is None or value in said.only
        if is_one and (said.without is None or value not in said.without):
            yield base
