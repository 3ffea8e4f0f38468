"""Sliding windows that hold the latest so many applications, whatever the traffic."""

import numpy as np

from simulator.simulation.arrays import Ints

__all__ = ["CountWindow"]


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

    def counts(self, per_tick: Ints) -> Ints:
        """Counts in the window after each tick, shape (ticks, cells) as `per_tick`.

        >>> window = CountWindow(3, before=np.array([3, 0]))
        >>> window.counts(np.array([[0, 2], [0, 2], [1, 0]]))
        array([[3, 2],
               [0, 4],
               [1, 2]])
        """
        running = np.concatenate([self._behind, self._behind[-1] + np.cumsum(per_tick, axis=0)])
        n_ticks, n_rows = len(per_tick), len(running)
        newest = np.maximum(np.arange(n_rows - n_ticks, n_rows) - self._delay, self._first_ready())
        totals = running.sum(axis=1)
        oldest = np.searchsorted(totals, totals[newest] - self._size, side="right") - 1
        oldest = np.maximum(oldest, 0)
        counts = running[newest] - running[oldest]
        self._keep(running, totals, int(oldest[-1]) if n_ticks else 0)
        return counts

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
