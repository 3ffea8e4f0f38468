"""How finely a histogram is told apart, level by level, and which rows are parts of which."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np

from simulator.measures.measure import Level, Measure, Numbers, over
from simulator.simulation.arrays import Bools, Ints

__all__ = ["Families", "coarsened", "families_of", "level_for", "number_of", "summed_to"]


@dataclass(frozen=True)
class Families:
    """The rows of a level that are parts of each row of the level above it.

    `parts` (rows above, most parts) are places of rows, which `is_part` says are any; `above` and
    `below` are the shapes of both levels, without ticks.
    """

    parts: Ints
    is_part: Bools
    above: tuple[int, ...]
    below: tuple[int, ...]

    def gathered(self, values: Ints) -> Ints:
        """Values (ticks, *below) as (ticks, rows above, most parts), 0 where there is no part."""
        return np.where(self.is_part, values.reshape(len(values), -1)[:, self.parts], 0)

    def scattered(self, gathered: Ints) -> Ints:
        """The other way round."""
        found = np.zeros((len(gathered), prod(self.below)), dtype=np.int64)
        found[:, self.parts[self.is_part]] = gathered[:, self.is_part]
        return found.reshape(-1, *self.below)


def coarsened(values: Ints, families: Families) -> Ints:
    """Values (ticks, *below) added up to (ticks, *above)."""
    return families.gathered(values).sum(axis=-1).reshape(-1, *families.above)


def level_for(measure: Measure, dimensions: Sequence[str]) -> tuple[Level, ...]:
    """The levels down to the first that tells all of the dimensions apart, from coarse to fine."""
    levels = measure.levels or (Level(measure.dimensions),)
    for n, level in enumerate(levels, start=1):
        known = {*level.dimensions, *(name for name, _, _ in level.coarse)}
        if set(dimensions) <= known:
            return tuple(above for above in levels[:n] if set(above.dimensions) <= known)
    raise ValueError(f"{measure.name} has no level of {', '.join(dimensions)}")


def number_of(measure: Measure, level: Level) -> int:
    """Which of the levels of a measure it is, from 1."""
    return measure.levels.index(level) + 1 if measure.levels else 1


def summed_to(values: Ints, level: Level, dimensions: Sequence[str]) -> Ints:
    """Values (ticks, *level, ...) added up to (ticks, *dimensions, ...)."""
    along = list(level.dimensions)
    for coarse, fine, of in level.coarse:
        if coarse in dimensions:
            axis = along.index(fine) + 1
            values = _merged(values, axis, of)
            along[axis - 1] = coarse
    return over(values, along, dimensions)


def _merged(values: Numbers, axis: int, of: Sequence[int]) -> Numbers:
    """The values along an axis added up by what they are `of`."""
    moved = np.moveaxis(values, axis, 0)
    found = np.zeros((max(of) + 1, *moved.shape[1:]), dtype=values.dtype)
    np.add.at(found, np.array(of), moved)
    return np.moveaxis(found, 0, axis)


def families_of(above: Level, below: Level, sizes: tuple[int, ...]) -> Families:
    """Which rows of a level, with axes of these sizes, are parts of each row of the one above."""
    own = dict(zip(below.dimensions, sizes, strict=True))
    into = [_into(dimension, below, own) for dimension in above.dimensions]
    return _families(tuple(into), sizes)


def _into(dimension: str, below: Level, sizes: dict[str, int]) -> tuple[int, tuple[int, ...]]:
    """The axis that a dimension is found on, and what it is at each place of that."""
    if dimension in sizes:
        return below.dimensions.index(dimension), tuple(range(sizes[dimension]))
    found = {coarse: (below.dimensions.index(fine), of) for coarse, fine, of in below.coarse}
    return found[dimension]


@lru_cache(maxsize=64)
def _families(into: tuple[tuple[int, tuple[int, ...]], ...], sizes: tuple[int, ...]) -> Families:
    places = np.indices(sizes).reshape(len(sizes), -1)
    above = tuple(max(of) + 1 for _, of in into)
    whole = np.ravel_multi_index([np.array(of)[places[axis]] for axis, of in into], above)
    members = [np.flatnonzero(whole == row) for row in range(prod(above))]
    most = max(map(len, members))
    parts = np.array([np.pad(rows, (0, most - len(rows)), mode="constant") for rows in members])
    is_part = np.arange(most) < np.array([len(rows) for rows in members])[:, np.newaxis]
    return Families(parts, is_part, above, sizes)
