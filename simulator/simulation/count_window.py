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

    Running counts are written into room that is there already, so that a live tick costs the same
    however many wait to enter; it is made anew, for twice as many, where it is full.

    Args:
        size: applications the window holds; ticks are never split, so it may hold more.
        before: counts per cell of the time before the start, shape (cells,).
        delay_ticks: ticks until an application enters the window (labels arrive late).
    """

    def __init__(self, size: int, before: Ints, delay_ticks: int = 0) -> None:
        self._size = size
        self._delay = delay_ticks
        self._running = np.stack([np.zeros_like(before), before])  # oldest first, then room
        self._totals = self._running.sum(axis=1)
        self._used = 2  # rows of them that are written
        self._oldest = 0  # the first row that a window reaches back to
        self._lead = 0  # rows at the end that are too young to enter the window yet

    def after(self, per_tick: Ints) -> Windows:
        """The window after each tick, in which so many came, shape (ticks, cells).

        >>> window = CountWindow(3, before=np.array([3, 0]))
        >>> window.after(np.array([[0, 2], [0, 2], [1, 0]])).counts
        array([[3, 2],
               [0, 4],
               [1, 2]])
        """
        n_ticks = len(per_tick)
        if self._used + n_ticks > len(self._running):
            self._make_room(n_ticks)
        before = self._used - 1
        self._add(per_tick)
        latest = np.arange(before, self._used)
        newest = np.maximum(latest - self._delay, before - self._lead)
        totals = self._totals[: self._used]
        oldest = np.searchsorted(totals, totals[newest[1:]] - self._size, side="right") - 1
        oldest = np.maximum(oldest, self._oldest)
        if n_ticks:
            self._oldest = int(oldest[-1])
        self._lead = min(self._lead + n_ticks, self._delay)
        return Windows(self._running, newest, oldest)

    def _add(self, per_tick: Ints) -> None:
        rows = slice(self._used, self._used + len(per_tick))
        self._running[rows] = self._running[self._used - 1] + np.cumsum(per_tick, axis=0)
        self._totals[rows] = self._running[rows].sum(axis=1)
        self._used = rows.stop

    def _make_room(self, n_ticks: int) -> None:
        """Keeps what windows reach back to; ready ticks in which nothing came are left out."""
        ready = self._used - self._lead
        is_kept = np.ones(self._used - self._oldest, dtype=np.bool_)
        is_kept[: ready - self._oldest] = (
            np.diff(self._totals[self._oldest : ready], prepend=-1) > 0
        )
        kept = self._running[self._oldest : self._used][is_kept]
        totals = self._totals[self._oldest : self._used][is_kept]
        self._used, self._oldest = len(kept), 0
        n_rows = len(kept) + max(len(kept), n_ticks)
        self._running = np.empty((n_rows, kept.shape[1]), dtype=kept.dtype)
        self._totals = np.empty(n_rows, dtype=totals.dtype)
        self._running[: len(kept)], self._totals[: len(kept)] = kept, totals
