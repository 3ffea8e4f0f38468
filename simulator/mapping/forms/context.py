"""What a form is made with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from simulator.mapping.model import Source
from simulator.mapping.node import Node
from simulator.scenario.model import Scenario

__all__ = ["Context", "Form"]


@dataclass(frozen=True)
class Context:
    """Where a form stands: in which metric, of which run, and what it is told apart by.

    `dimensions` are those that the metric's labels name; `node_of` gives the values of a source
    inside, told apart by the dimensions given.
    """

    metric: str
    scenario: Scenario
    dimensions: tuple[str, ...]
    node_of: Callable[[Source, Iterable[str]], Node]


#: Makes a node of what a source says.
Form: TypeAlias = Callable[[Source, Context], Node]
