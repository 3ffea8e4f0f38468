"""What a metric family is, and how its samples are read from a Trace."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from simulator.scenario.model import Scenario
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.trace import Trace

__all__ = ["Buckets", "Family", "Kind", "Labels", "Layout", "Part"]

Kind: TypeAlias = Literal["counter", "gauge", "histogram"]
#: Values of a family's labels, in the order of its label names.
Labels: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """The sizes and names that decide which series there are: fixed for a run."""

    scenario: Scenario
    versions: tuple[str, ...]


@dataclass(frozen=True)
class Buckets:
    """A histogram's observations: per bucket, not cumulated, and their sum.

    `counts` (ticks, series, edges + 1) since the start of the run; `sums` of seconds or points
    (ticks, series).
    """

    counts: Ints
    sums: Floats


class Part(NamedTuple):
    """One sample of a label set: the end of its name, and the upper edge of its bucket if any."""

    suffix: str
    edge: float | None = None


@dataclass(frozen=True)
class Family:
    """One metric, declared once.

    `series` lists the label values of its series for a layout; `values` gives their values, shape
    (ticks, series) in the same order, `nan` where a series is absent; a histogram has `edges` and
    gives Buckets.
    """

    name: str
    kind: Kind
    job: str
    help: str
    labels: tuple[str, ...]
    series: Callable[[Layout], Sequence[Labels]]
    values: Callable[[Trace], Floats | Ints | Buckets]
    unit: str = ""
    edges: tuple[float, ...] = field(default=(), repr=False)

    def rows(self, trace: Trace) -> Floats:
        """Values of all series, shape (ticks, series).

        Raises:
            TypeError: the family is a histogram.
        """
        values = self.values(trace)
        if isinstance(values, Buckets):
            raise TypeError(f"{self.name} is a histogram; read its buckets")
        return np.asarray(values, dtype=np.float64).reshape(trace.grid.count, -1)

    def buckets(self, trace: Trace) -> Buckets:
        """Buckets of all series.

        Raises:
            TypeError: the family is not a histogram.
        """
        values = self.values(trace)
        if not isinstance(values, Buckets):
            raise TypeError(f"{self.name} is a {self.kind}; read its rows")
        return values

    @property
    def parts(self) -> tuple[Part, ...]:
        """The samples of each label set: one, or a histogram's buckets, count and sum."""
        if self.kind != "histogram":
            return (Part(""),)
        buckets = (Part("_bucket", edge) for edge in (*self.edges, math.inf))
        return (*buckets, Part("_count"), Part("_sum"))

    def samples(self, trace: Trace) -> tuple[Floats | Ints, ...]:
        """All that is exposed, live and in histories: the values of the parts of each series.

        Arrays of shape (ticks, series, parts), which have the parts in their order between them;
        whole numbers are apart from others. `nan` where there is no sample.
        """
        found = self._all_samples(trace)
        if trace.exposure.is_whole:
            return found
        answering = trace.exposure.answering(self.job)
        if answering.all():
            return found  # whole numbers stay whole
        return tuple(np.where(answering[:, np.newaxis, np.newaxis], one, np.nan) for one in found)

    def _all_samples(self, trace: Trace) -> tuple[Floats | Ints, ...]:
        values = self.values(trace)
        if isinstance(values, Buckets):
            counts = np.cumsum(values.counts, axis=2)
            return counts, counts[:, :, -1:], values.sums[:, :, np.newaxis].astype(np.float64)
        return (_plain(values).reshape(trace.grid.count, -1, 1),)


def _plain(values: Floats | Ints) -> Floats | Ints:
    """Whole numbers stay whole, so that counts are written without a fraction."""
    return values.astype(np.float64) if values.dtype.kind == "f" else values.astype(np.int64)
