"""A run cut where Prometheus's blocks end, so that each window makes one block."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.metrics.columns import trace_columns
from simulator.metrics.families import Layout
from simulator.metrics.openmetrics import FamilyColumns
from simulator.scenario.truth import Truth
from simulator.simulation.engine import Simulation
from simulator.simulation.handover import Handover

__all__ = ["BLOCK_SECONDS", "Run", "Window", "tick_count", "window_counts"]

BLOCK_SECONDS = 7200.0
"""What a block of Prometheus spans, and at whose multiples in unix time it begins and ends."""

_ROUNDING = 1e-6  # of a tick: what float arithmetic on unix seconds leaves


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The samples of a run within one block; `times` in unix seconds, shape (ticks,)."""

    families: list[FamilyColumns]
    times: NDArray[np.float64]


def tick_count(truth: Truth) -> int:
    """How many whole ticks a run has.

    Raises:
        ValueError: not even one.
    """
    count = math.floor((truth.end - truth.start) / truth.step + _ROUNDING)
    if count < 1:
        raise ValueError(f"{truth.end - truth.start:g} s hold no tick of {truth.step:g} s")
    return count


def window_counts(truth: Truth) -> list[int]:
    """Ticks per window; one that ends where a block ends is in the next.

    >>> from simulator.scenario.loading import load_scenario
    >>> window_counts(Truth(load_scenario("calm"), 7170.0, 7245.0, 15.0, "simulator"))
    [1, 4]
    """
    ends = truth.start + np.arange(1, tick_count(truth) + 1) * truth.step
    blocks = np.floor(ends / BLOCK_SECONDS + _ROUNDING * truth.step / BLOCK_SECONDS)
    return [int(count) for count in np.unique(blocks, return_counts=True)[1]]


class Run:
    """A run that is simulated window by window."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self._simulation = Simulation(truth.scenario, origin=truth.start, step=truth.step)

    def windows(self) -> Iterator[Window]:
        """The windows, one after the other."""
        layout = Layout(self.truth.scenario, self._simulation.versions)
        for count in window_counts(self.truth):
            trace = self._simulation.advance(count)
            columns = trace_columns(trace, layout, instance=self.truth.instance)
            yield Window(columns, np.asarray(trace.grid.ends, dtype=np.float64))

    def handover(self) -> Handover:
        """What it leaves to the run after it, once all windows are simulated."""
        return self._simulation.handover()
