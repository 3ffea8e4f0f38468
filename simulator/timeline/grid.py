"""The tick grid: evenly spaced spans of time, counted from a fixed start."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Grid"]


@dataclass(frozen=True)
class Grid:
    """`count` ticks from tick number `first` on; tick k spans [origin + k step, + step).

    Every time is computed from the tick number and the origin, never by adding steps, so a tick
    has the same times however a run is cut into pieces.

    >>> Grid(origin=100.0, step=15.0, first=2, count=2).ends
    array([145., 160.])
    """

    origin: float
    step: float
    first: int
    count: int

    @property
    def ticks(self) -> NDArray[np.int64]:
        """Tick numbers, shape (ticks,)."""
        return np.arange(self.first, self.first + self.count, dtype=np.int64)

    @property
    def starts(self) -> NDArray[np.floating]:
        """Unix seconds at which the ticks begin, shape (ticks,)."""
        return self.origin + self.ticks * self.step

    @property
    def ends(self) -> NDArray[np.floating]:
        """Unix seconds at which the ticks end and are measured, shape (ticks,)."""
        return self.origin + (self.ticks + 1) * self.step

    @property
    def elapsed(self) -> NDArray[np.floating]:
        """Seconds from the origin to the middle of each tick, shape (ticks,)."""
        return (self.ticks + 0.5) * self.step
