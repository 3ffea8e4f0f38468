"""People who may come back: the latest of one population, each as the last time."""

from typing import Final

import numpy as np

from simulator.simulation.arrays import Bools, Floats, Ints

__all__ = ["KnownPeople"]

_REMEMBERED: Final = 500


class KnownPeople:
    """The latest people of one population: their numbers and their normals.

    Who is new takes the place of the one who came longest ago, so places are a ring.

    Args:
        kept: how much of each normal is as it was the time before.
        changed: how much of it is new.
    """

    def __init__(self, kept: Floats, changed: Floats) -> None:
        self._kept = kept
        self._changed = changed
        self._numbers: Ints = np.zeros(_REMEMBERED, dtype=np.int64)
        self._normals: Floats = np.empty((_REMEMBERED, len(kept)))
        self._n_ever = 0

    def are_back(self, returning: Bools) -> Bools:
        """Of visits in their order, who has been here before; nobody has before the first one."""
        back = returning.copy()
        back[:1] &= self._n_ever > 0
        return back

    def visit(
        self, back: Bools, ratios: Floats, numbers: Ints, fresh: Floats
    ) -> tuple[Ints, Floats]:
        """Numbers (visits,) and normals (visits, features) of visits in their order.

        Args:
            back: who has been here before.
            ratios: which one that is, from the oldest at 0 to the newest before 1.
            numbers: of those who are new.
            fresh: independent normals, which are those of who is new; who is back has some of the
                last time's and some of these.
        """
        before = self._n_ever + np.cumsum(~back) - ~back
        self._n_ever += int(np.count_nonzero(~back))
        known = np.minimum(np.maximum(before, 1), _REMEMBERED)
        oldest = np.where(before > _REMEMBERED, before, 0)
        where = np.where(back, oldest + (ratios * known).astype(np.int64), before) % _REMEMBERED
        return self._in_order(where, back, numbers.copy(), fresh.copy())

    def _in_order(
        self, where: Ints, back: Bools, numbers: Ints, normals: Floats
    ) -> tuple[Ints, Floats]:
        left: Ints = np.arange(len(where))
        while left.size:  # once, and again for places that have another visit
            firsts = np.unique(where[left], return_index=True)[1]
            now = left[firsts]
            again = now[back[now]]
            at = where[again]
            numbers[again] = self._numbers[at]
            normals[again] = self._kept * self._normals[at] + self._changed * normals[again]
            self._numbers[where[now]], self._normals[where[now]] = numbers[now], normals[now]
            left = np.delete(left, firsts)
        return numbers, normals
