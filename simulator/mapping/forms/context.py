"""What a form is made with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from simulator.mapping.labels import Labels, dimensions_of
from simulator.mapping.node import Node
from simulator.mapping.series import series_of
from simulator.mapping.sources import Source
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import Job

__all__ = ["Context", "Form"]


@dataclass(frozen=True)
class Context:
    """Where a form stands: in which metric, of which run, and what it is told apart by.

    `metric` is its name, and inside a form that and the place, so that nothing else remembers by
    that name; `labels` what is told apart, `edges` those of buckets where a metric has its own;
    `make` makes the node of a source. `component` is the part of the platform that it is of, where
    it is made for several.
    """

    metric: str
    scenario: Scenario
    labels: Labels
    edges: tuple[float, ...] | None
    make: Callable[[Source, "Context"], Node]
    component: Job | None = None

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that the labels name."""
        return dimensions_of(self.labels)

    def node_of(self, source: Source, dimensions: Iterable[str]) -> Node:
        """The values of a source inside, told apart by these dimensions."""
        return self.make(source, replace(self, labels={d: d for d in dimensions}))

    def series_of(self, source: Source, place: str, labels: Labels | None = None) -> Node:
        """The series of a source inside, of the metric's labels or of others.

        What does not add up, such as a ratio, is of series and not of rows.
        """
        of = self.labels if labels is None else labels
        inside = replace(self, metric=f"{self.metric} {place}", labels=of)
        return series_of(self.make(source, inside), of, source.fold, self.scenario)


#: Makes a node of what a source says.
Form: TypeAlias = Callable[[Source, Context], Node]
