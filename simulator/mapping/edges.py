"""Where edges of buckets that somebody chose lie among those that are simulated."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from simulator.measures.measure import Measure
from simulator.measures.refining import Place

__all__ = ["notes", "places"]

#: Of so many equal parts of a bucket one ends at an edge.
_PARTS: Final = 64
_ALIKE: Final = 1e-9


def places(measure: Measure, edges: Sequence[float]) -> tuple[Place, ...]:
    """The place of each edge.

    Times lie within a bucket as if the logarithms of them were alike likely, in its 64ths; whole
    numbers as if all of them were, so that 600 is the end of what is 600 or less.
    """
    return tuple(_place(measure, edge) for edge in edges)


def notes(measure: Measure, edges: Sequence[float]) -> Iterator[str]:
    """What `places` does not say to the point, in words."""
    rounded = [(edge, _value(measure, _place(measure, edge))) for edge in edges]
    moved = [f"{edge:g} at {value:.4g}" for edge, value in rounded if not _alike(edge, value)]
    if moved:
        yield f"buckets end at 64ths of those that are simulated: {', '.join(moved)}"


def _place(measure: Measure, edge: float) -> Place:
    kernel = measure.edges
    bucket = int(np.searchsorted(kernel, edge * (1.0 - _ALIKE), side="left"))
    if bucket < len(kernel) and _alike(kernel[bucket], edge):
        return Place(bucket, 1, 1)
    low, high = _bounds(measure, bucket)
    if measure.is_whole:
        if bucket == len(kernel):  # where nothing is
            return Place(bucket - 1, 1, 1)
        n_values = math.floor(high) - math.floor(low)
        return _within(bucket, math.floor(edge) - math.floor(low), n_values)
    if edge <= low or edge >= high:
        return Place(bucket, int(edge > low), 1)
    share = edge / high if low <= 0.0 else math.log(edge / low) / math.log(high / low)
    return _within(bucket, round(_PARTS * share), _PARTS)


def _within(bucket: int, part: int, parts: int) -> Place:
    """The ends of a bucket are those, whatever its parts are."""
    if part <= 0:
        return Place(bucket, 0, 1)
    return Place(bucket, 1, 1) if part >= parts else Place(bucket, part, parts)


def _bounds(measure: Measure, bucket: int) -> tuple[float, float]:
    """Nothing is larger than twice the last edge, as in the means of the simulation's buckets."""
    low = measure.edges[bucket - 1] if bucket else measure.lowest
    high = measure.edges[bucket] if bucket < len(measure.edges) else 2.0 * measure.edges[-1]
    return low, high


def _value(measure: Measure, place: Place) -> float:
    low, high = _bounds(measure, place.bucket)
    share = place.part / place.parts
    if place.part in {0, place.parts} or low <= 0.0:
        return low + share * (high - low)
    return float(low * (high / low) ** share)


def _alike(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_ALIKE)
