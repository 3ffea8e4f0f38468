"""What a metric family is, and what its samples are."""

import math
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from simulator.scenario.vocabulary import Job
from simulator.simulation.arrays import Floats, Ints

__all__ = ["Blocks", "Family", "FamilySamples", "Kind", "Labels", "Part"]

Kind: TypeAlias = Literal["counter", "gauge", "histogram", "summary"]
#: Values of a family's labels, in the order of its label names.
Labels: TypeAlias = tuple[str, ...]
#: Arrays of shape (ticks, series, parts), which have the parts of a family in their order between
#: them; whole numbers are apart from others. `nan` where there is no sample.
Blocks: TypeAlias = tuple[Floats | Ints, ...]


class Part(NamedTuple):
    """One sample of a label set: the end of its name, and the upper edge of its bucket if any."""

    suffix: str
    edge: float | None = None


@dataclass(frozen=True)
class Family:
    """One metric of a run: its name, and the label values of its series.

    `component` is the part of the platform that has it, and with whose restarts and gaps it goes;
    None of what the simulator says of itself, and of what is there whatever answers. `job` is the
    label; where `is_of_several` parts of the platform, each has a family of that name, and series
    show their job wherever they stand.
    """

    name: str
    kind: Kind
    job: str
    help: str
    labels: tuple[str, ...] = ()
    series: tuple[Labels, ...] = ((),)
    component: Job | None = None
    unit: str = ""
    edges: tuple[float, ...] = field(default=(), repr=False)
    is_of_several: bool = False

    @property
    def key(self) -> str:
        """What tells it from all other families of a run."""
        return f"{self.name} of {self.job}" if self.is_of_several else self.name

    @property
    def has_sizes(self) -> bool:
        """Whether it counts events that have a size, which are added up, too."""
        return self.kind in {"histogram", "summary"}

    @property
    def parts(self) -> tuple[Part, ...]:
        """The samples of each label set: one, or a histogram's buckets, count and sum.

        A summary is one without buckets; it has no quantiles.
        """
        if not self.has_sizes:
            return (Part(""),)
        if self.kind == "summary":
            return (Part("_count"), Part("_sum"))
        buckets = (Part("_bucket", edge) for edge in (*self.edges, math.inf))
        return (*buckets, Part("_count"), Part("_sum"))


class FamilySamples(NamedTuple):
    """All that is exposed of a family, live and in histories, in some ticks."""

    family: Family
    blocks: Blocks
