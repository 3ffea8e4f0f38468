"""Sliding windows that hold the latest so many applications, whatever the traffic."""

from dataclasses import dataclass

import numpy as np

from simulator.simulation.arrays import Ints

__all__ = ["CountWindow", "Windows"]


@dataclass(frozen=True)
class Windows:
    """A window after each of some ticks, as places among running counts.

    `newest` has the place before these ticks first.
    """

    running: Ints
    newest: Ints
    oldest: Ints

    @property
    def counts(self) -> Ints:
        """Counts in the window after each tick, shape (ticks, cells)."""
        return np.asarray(self.running[self.newest[1:]] - self.running[self.oldest])

    @property
    def entered(self) -> Ints:
        """Counts that came into the window in each tick, shape (ticks, cells)."""
        return np.diff(self.running[self.newest], axis=0)


class CountWindow:
    """Counts per cell over the latest ticks that together hold at least `size` applications.

    The platform ran before the simulation starts, so the window begins full of `before`.

    Args:
        size: applications the window holds; ticks are never split, so it may hold more.
        before: counts per cell of the time before the start, shape (cells,).
        delay_ticks: ticks until an application enters the window (labels arrive late).
    """

    def __init__(self, size: int, before: Ints, delay_ticks: int = 0) -> None:
        self._size = size
        self._delay = delay_ticks
        self._behind = np.stack([np.zeros_like(before), before])  # running counts, oldest first
        self._lead = 0  # rows at the end that are too young to enter the window yet

    def after(self, per_tick: Ints) -> Windows:
        """The window after each tick, in which so many came, shape (ticks, cells).

        >>> window = CountWindow(3, before=np.array([3, 0]))
        >>> window.after(np.array([[0, 2], [0, 2], [1, 0]])).counts
        array([[3, 2],
               [0, 4],
               [1, 2]])
        """
        running = np.concatenate([self._behind, self._behind[-1] + np.cumsum(per_tick, axis=0)])
        n_ticks, n_rows = len(per_tick), len(running)
        latest = np.arange(n_rows - n_ticks - 1, n_rows)
        newest = np.maximum(latest - self._delay, self._first_ready())
        totals = running.sum(axis=1)
        oldest = np.searchsorted(totals, totals[newest[1:]] - self._size, side="right") - 1
        oldest = np.maximum(oldest, 0)
        self._keep(running, totals, int(oldest[-1]) if n_ticks else 0)
        return Windows(running, newest, oldest)

    def _first_ready(self) -> int:
        """Before anything has matured, the window shows the time before the start."""
        return max(len(self._behind) - 1 - self._lead, 0)

    def _keep(self, running: Ints, totals: Ints, oldest: int) -> None:
        """What later windows reach back to; ready ticks in which nothing came are left out."""
        grown = len(running) - len(self._behind)
        self._lead = min(self._lead + grown, self._delay)
        ready = len(running) - self._lead
        is_new = np.diff(totals[oldest:ready], prepend=-1) > 0
        self._behind = np.concatenate([running[oldest:ready][is_new], running[ready:]])
