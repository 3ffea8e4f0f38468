"""When the servers of the object store were last back, each with a process of its own."""

from collections.abc import Sequence

import numpy as np

from simulator.simulation.arrays import Bools, Floats
from simulator.timeline.grid import Grid

__all__ = ["ReturningServers"]


class ReturningServers:
    """Carries from tick to tick which of `n_servers` are up, and when they were last back."""

    def __init__(self, n_servers: int) -> None:
        self._is_up = np.ones(n_servers, dtype=np.bool_)
        self._returned = np.zeros(n_servers)
        self._until = 0.0

    @property
    def latest(self) -> Floats:
        """When servers were last back, shape (servers,); for one that is down, as late as now."""
        return np.where(self._is_up, self._returned, self._until)

    def start_from(self, returned: Sequence[float]) -> None:
        """Goes on with all servers up; of more than there were before, the others never left."""
        known = returned[: len(self._returned)]
        self._returned[: len(known)] = known

    def returned(self, is_up: Bools, grid: Grid) -> Floats:
        """Unix seconds at which each was last back, 0 for never; at the beginning of a tick.

        Args:
            is_up: which of them are, shape (ticks, servers), as what is returned.
            grid: these ticks.
        """
        before = np.concatenate([self._is_up[np.newaxis], is_up[:-1]])
        back = np.where(is_up & ~before, grid.starts[:, np.newaxis], 0.0)
        returned = np.maximum.accumulate(np.concatenate([self._returned[np.newaxis], back]))[1:]
        self._is_up, self._returned, self._until = is_up[-1], returned[-1], float(grid.ends[-1])
        return np.asarray(returned)
