"""A run cut where Prometheus's blocks end, so that each window makes one block."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.mapping.export import Export
from simulator.mapping.loading import default_mapping
from simulator.mapping.model import Mapping
from simulator.metrics.columns import Bound, plain_bound, trace_columns
from simulator.metrics.openmetrics import FamilyColumns, Pairs
from simulator.scenario.timed_run import TimedRun
from simulator.simulation.engine import Simulation
from simulator.simulation.handover import Handover
from simulator.tsdb.blocks import BLOCK_MS

__all__ = ["BLOCK_SECONDS", "Run", "Series", "Window", "tick_count", "window_counts"]

BLOCK_SECONDS = 3 * BLOCK_MS / 1000.0
"""What a block spans, and at whose multiples in unix time it begins and ends: six hours.

A Prometheus merges its own of two hours into such blocks first. Each block costs some ms whatever
is in it, to write and to read.
"""

Series: TypeAlias = tuple[str, Pairs, str]
"""The name of a sample, its labels, and the bound of its bucket or ""."""

_MOST_TICKS = 2400
"""What a window holds at most, however short the ticks are, so that memory stays bounded."""

_HALF_MILLISECOND = 0.0005  # Prometheus keeps milliseconds; float arithmetic is well within one


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The samples of a run within one block; `times` in unix seconds, shape (ticks,)."""

    families: list[FamilyColumns]
    times: NDArray[np.float64]


def tick_count(timed: TimedRun) -> int:
    """How many whole ticks a run has.

    Raises:
        ValueError: not even one.
    """
    count = math.floor((timed.end - timed.start + _HALF_MILLISECOND) / timed.step)
    if count < 1:
        raise ValueError(f"{timed.end - timed.start:g} s hold no tick of {timed.step:g} s")
    return count


def window_counts(timed: TimedRun) -> list[int]:
    """Ticks per window; one that ends where a block ends is in the next.

    A block's time with very many ticks is cut further, into blocks that follow each other.

    >>> from simulator.scenario.loading import load_scenario
    >>> calm = load_scenario("calm")
    >>> window_counts(TimedRun(calm, 21570.0, 21645.0, 15.0, "simulator"))
    [1, 4]
    >>> window_counts(TimedRun(calm, 0.0, 7199.0, 1.0, "simulator"))
    [2400, 2400, 2399]
    """
    ends = timed.start + np.arange(1, tick_count(timed) + 1) * timed.step
    blocks = (ends + _HALF_MILLISECOND) // BLOCK_SECONDS
    return [part for n in np.unique(blocks, return_counts=True)[1] for part in _parts(int(n))]


def _parts(count: int) -> Iterator[int]:
    """The count cut into parts of at most so many."""
    for taken in range(0, count, _MOST_TICKS):
        yield min(count - taken, _MOST_TICKS)


class Run:
    """A run that is simulated window by window; `series` are those that had samples so far."""

    def __init__(
        self, timed: TimedRun, *, mapping: Mapping | None = None, bound: Bound = plain_bound
    ) -> None:
        self.timed = timed
        self.export = Export(mapping or default_mapping(), timed.scenario)
        self._bound = bound
        self.series: set[Series] = set()
        self._simulation = Simulation(timed.scenario, origin=timed.start, step=timed.step)

    def windows(self) -> Iterator[Window]:
        """The windows, one after the other."""
        for count in window_counts(self.timed):
            trace = self._simulation.advance(count)
            columns = trace_columns(
                trace,
                self.export.samples(trace),
                instance=self.timed.instance,
                bound=self._bound,
            )
            self.series.update(_present(columns))
            yield Window(columns, np.asarray(trace.grid.ends, dtype=np.float64))

    def handover(self) -> Handover:
        """What it leaves to the run after it, once all windows are simulated."""
        return self._simulation.handover()


def _present(families: list[FamilyColumns]) -> Iterator[Series]:
    """The series that have a sample."""
    for family in families:
        for series in family.series:
            for column in series.columns:
                if not np.isnan(column.values).all():
                    yield family.name + column.suffix, series.labels, column.le
