"""How the ranges of an applicant's attribute are shared out within each cell of the score."""

from functools import lru_cache

import numpy as np

from simulator.simulation.arrays import Floats, Ints, normalised
from simulator.simulation.change import Change, blend
from simulator.simulation.pool import given_values, pool
from simulator.simulation.pool_cells import cells_of_pool
from simulator.simulation.population import LEVELS, Population
from simulator.simulation.scorecard import N_CELLS, Scorecard

__all__ = ["AttributeShares"]


class AttributeShares:
    """Shares of an attribute's ranges given the score cell, as the platform gets the attribute.

    Counted in the pool of applicants; in a cell without any of them they are those of all.

    Args:
        population: who applies, and what scores them.
        column: the attribute among FEATURES.
        edges: upper bounds of its ranges but the last.
    """

    def __init__(self, population: Population, column: int, edges: tuple[float, ...]) -> None:
        self._population = population
        self._column, self._edges = column, edges
        self._of_levels: dict[bytes, Floats] = {}

    def shares(self, levels: Floats) -> tuple[Floats, Ints]:
        """The distinct shares during some ticks, and which of them holds in each tick.

        Args:
            levels: intensity of each applicant episode, shape (ticks, episodes).

        Returns:
            Shares (distinct, versions, cells, ranges), which sum to 1 along the last axis, and
            their numbers, shape (ticks,).
        """
        rounded = np.rint(levels * LEVELS) / LEVELS
        distinct, which = np.unique(rounded, axis=0, return_inverse=True)
        return np.stack([self._blended(row) for row in distinct]), which.reshape(-1)

    def _blended(self, levels: Floats) -> Floats:
        key = levels.tobytes()
        if key not in self._of_levels:
            parts = blend(self._population.episodes, levels)
            self._of_levels[key] = np.stack(
                [
                    _given_cell(np.sum([p * self._joint(card, c) for p, c in parts], axis=0))
                    for card in self._population.scorecards
                ]
            )
        return self._of_levels[key]

    def _joint(self, card: Scorecard, change: Change) -> Floats:
        return _counted(card, change, self._column, self._edges)


def _given_cell(joint: Floats) -> Floats:
    per_cell = joint.sum(axis=1, keepdims=True)
    return normalised(np.where(per_cell > 0.0, joint, joint.sum(axis=0)))


@lru_cache(maxsize=256)
def _counted(card: Scorecard, change: Change, column: int, edges: tuple[float, ...]) -> Floats:
    """The pool's applicants by cell and range, shape (cells, ranges)."""
    cell = cells_of_pool(card, change.as_seen)
    of_values = np.searchsorted(edges, given_values(column, change.as_seen[column]), side="left")
    at = cell * (len(edges) + 1) + of_values.take(pool().at[column])
    found = np.bincount(at, minlength=N_CELLS * (len(edges) + 1))
    return found.reshape(N_CELLS, -1).astype(np.float64)
