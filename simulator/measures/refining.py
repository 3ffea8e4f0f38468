"""Where sizes lie within a bucket: counts up to places between the edges that are simulated.

What a bucket holds is halved again and again, by a binomial draw from each half's own stream. It
is named after the measure, the bucket and the half, and never after who asks, so that two metrics
agree at every place that both have, whatever else they have.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.random import Generator

from simulator.measures.levels import coarsened, families_of, level_for, number_of, summed_to
from simulator.measures.measure import Histogram, Level, Measure
from simulator.measures.seen import Seen
from simulator.measures.splits import parted
from simulator.simulation.arrays import Ints

__all__ = ["Place", "counts_up_to"]


class Place(NamedTuple):
    """The end of the first `part` of so many equal `parts` of a bucket."""

    bucket: int
    part: int
    parts: int

    @property
    def is_end(self) -> bool:
        """Whether it is where the bucket ends."""
        return self.part == self.parts

    @property
    def is_inside(self) -> bool:
        """Whether it is neither there nor where the bucket begins."""
        return 0 < self.part < self.parts


class _Half(NamedTuple):
    """Some parts of a bucket, from `first` to before `end`, which are halved."""

    bucket: int
    first: int
    end: int

    @property
    def middle(self) -> int:
        return (self.first + self.end) // 2


#: How many of those in some parts of a bucket are in the first half of these.
_Halved: TypeAlias = Callable[[_Half, Ints], Ints]


def counts_up_to(
    seen: Seen, measure: Measure, dimensions: Sequence[str], places: Sequence[Place]
) -> Ints:
    """How many are no larger than each place, shape (ticks, *dimensions, places).

    Halves are drawn at the coarsest level of the measure; those of a finer one are a split at
    random of what was found there, so that totals over any choice of dimensions agree.

    Args:
        seen: the ticks.
        measure: a histogram.
        dimensions: some of its dimensions.
        places: within its buckets, or at their ends.
    """
    levels = level_for(measure, dimensions)
    key = f"{measure.name} at level {number_of(measure, levels[-1])}"
    counts = seen.once(key, lambda s: _counts(s, measure, levels[-1]))
    found = _up_to(counts, places, _halved(seen, measure, levels))
    return summed_to(found, levels[-1], dimensions)


def _counts(seen: Seen, measure: Measure, level: Level) -> Ints:
    found = measure.of(seen, level.dimensions)
    if not isinstance(found, Histogram):
        raise TypeError(f"{measure.name} has no buckets")
    return found.counts


def _up_to(counts: Ints, places: Sequence[Place], halved: _Halved) -> Ints:
    whole = np.array([place.bucket + place.is_end for place in places], dtype=np.int64)
    sums = np.cumsum(counts, axis=-1, dtype=np.int64)
    found = np.where(whole > 0, sums[..., whole - 1], 0)
    for at, place in enumerate(places):
        if place.is_inside:
            found[..., at] += _within(counts[..., place.bucket], place, halved)
    return found


def _within(inside: Ints, place: Place, halved: _Halved) -> Ints:
    """How many of those `inside` a bucket are no further in it than a place, same shape."""
    half, found = _Half(place.bucket, 0, place.parts), np.zeros_like(inside)
    while place.part not in (half.first, half.end):
        first = halved(half, inside)
        if place.part < half.middle:
            half, inside = half._replace(end=half.middle), first
        else:
            half, inside, found = half._replace(first=half.middle), inside - first, found + first
    return found + inside if place.part == half.end else found


def _halved(seen: Seen, measure: Measure, levels: Sequence[Level]) -> _Halved:
    """How many are in the first half, at the last of some levels."""
    *coarser, level = levels
    number = number_of(measure, level)
    of = _shared(seen, coarser, level, _halved(seen, measure, coarser)) if coarser else _drawn(seen)

    def halved(half: _Half, inside: Ints) -> Ints:
        name = f"{measure.name}.bucket.{half.bucket}.{half.first}-{half.end}.{number}"
        return seen.once(name, lambda _: of(name, half, inside))

    return halved


def _drawn(seen: Seen) -> Callable[[str, _Half, Ints], Ints]:
    def of(name: str, half: _Half, inside: Ints) -> Ints:
        share = (half.middle - half.first) / (half.end - half.first)
        if not inside.any():  # of none numpy draws nothing
            return inside

        def drawn(generator: Generator, among: Ints) -> Ints:
            return np.asarray(generator.binomial(among, share))

        return seen.draws(name, drawn, inside)

    return of


def _shared(
    seen: Seen, coarser: Sequence[Level], level: Level, whole: _Halved
) -> Callable[[str, _Half, Ints], Ints]:
    """Which of the finer ones those are that a coarser level has."""

    def of(name: str, half: _Half, inside: Ints) -> Ints:
        families = families_of(coarser[-1], level, inside.shape[1:])
        rows = families.gathered(inside)
        halved = whole(half, coarsened(inside, families)).reshape(rows.shape[:-1])
        if not halved.any():
            return np.zeros_like(inside)
        return families.scattered(parted(seen.draws, name, rows, halved))

    return of
