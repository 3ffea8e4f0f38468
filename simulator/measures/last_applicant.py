"""A feature of the applicant who was scored last, as the model got it."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.measures.last_scored import LatestApplications, latest_applications
from simulator.measures.seen import Seen
from simulator.scenario.model import Scenario
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.change import OF_PEOPLE, OF_VALUES
from simulator.simulation.engine import scorecards
from simulator.simulation.pool import Given, given_values, pool
from simulator.simulation.pool_cells import cells_of_pool
from simulator.simulation.population import LEVELS, Population
from simulator.simulation.scorecard import N_CELLS, Scorecard

__all__ = ["LastApplicant"]


class _ByCell(NamedTuple):
    """The pool's applicants in the order of their score cells, and where each cell begins."""

    applicants: NDArray[np.intp]
    begins: Ints


class LastApplicant:
    """Who was scored last: one of the pool whom that version gives a score of that cell."""

    def __init__(self, scenario: Scenario) -> None:
        self._population = Population(scenario.episodes, scorecards(scenario))

    def feature(self, seen: Seen, column: int) -> Floats:
        """The feature in that column, shape (ticks,); `nan` where nobody was scored."""
        latest = latest_applications(seen)
        if latest.given is not None:
            return latest.given[[column]]
        levels = np.rint(seen.trace.causes.applicant_levels * LEVELS) / LEVELS
        found = np.full(len(latest.is_any), np.nan)
        for tick in np.flatnonzero(latest.is_any).tolist():
            found[tick] = self._of_one(latest, tick, levels[tick], column)
        return found

    def _of_one(self, latest: LatestApplications, tick: int, levels: Floats, column: int) -> float:
        card = self._population.scorecards[int(latest.version[tick])]
        parts = self._population.moment((*OF_PEOPLE, *OF_VALUES), levels)
        among = [_by_cell(card, change.as_seen) for _, change in parts]
        sizes = np.array([np.diff(one.begins) for one in among])
        weights = sizes * np.array([[share] for share, _ in parts])
        cell = _nearest_filled(weights.sum(axis=0), int(latest.cell[tick]))
        which, who = latest.chance[tick].tolist()
        up_to = np.cumsum(weights[:, cell])
        part = int(np.searchsorted(up_to, which * up_to[-1], side="right"))
        place = among[part].begins[cell] + int(who * sizes[part, cell])
        applicant = among[part].applicants[place]
        given = parts[part][1].as_seen[column]
        return float(_values(column, given)[pool().at[column, applicant]])


@lru_cache(maxsize=64)
def _by_cell(card: Scorecard, given: tuple[Given, ...]) -> _ByCell:
    cell = cells_of_pool(card, given)
    begins = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=N_CELLS))])
    return _ByCell(np.argsort(cell, kind="stable"), begins)


@lru_cache(maxsize=64)
def _values(column: int, given: Given) -> Floats:
    return given_values(column, given)


def _nearest_filled(weights: Floats, cell: int) -> int:
    """The cell itself, or where none of the pool is in it, the next one that has some."""
    filled = np.flatnonzero(weights > 0.0)
    return int(filled[np.argmin(np.abs(filled - cell))])
