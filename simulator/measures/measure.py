"""What a measure is: something simulated, with a kind and what it can be told apart by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.measures.seen import Seen
from simulator.scenario.vocabulary import Job, Signal
from simulator.simulation.arrays import Floats, Ints

__all__ = ["Fold", "Histogram", "Level", "Measure", "MeasureKind", "Numbers", "Values", "over"]

#: `count`: events of a tick; `histogram`: events with a size; `state`: what is so at its end.
MeasureKind: TypeAlias = Literal["count", "histogram", "state"]
#: How the values of what is not told apart become one; a version's is that in production.
Fold: TypeAlias = Literal["sum", "min", "max", "mean", "production"]


class Histogram(NamedTuple):
    """Events of each tick by bucket, not cumulated, and the sum of their sizes.

    `counts` (ticks, ..., buckets), one bucket more than there are edges; `sums` (ticks, ...).
    """

    counts: Ints
    sums: Floats


#: Whole numbers or floats.
Numbers: TypeAlias = NDArray[Any]
Values: TypeAlias = Numbers | Histogram


class Level(NamedTuple):
    """Dimensions that are told apart together.

    `coarse` are dimensions that one of them is a part of: the name, that of the part, and which of
    its values each value of the part is of.
    """

    dimensions: tuple[str, ...]
    coarse: tuple[tuple[str, str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True)
class Measure:
    """A measure.

    `of(seen, dimensions)` gives its values with the ticks first, then an axis for each of the
    dimensions asked for, in their order; a state is `nan` where there is none. What is not asked
    for is folded by `folds[0]`, or as asked by one of the others; counts are summed. `needs` are
    dimensions that it cannot be folded over; `apart` sets of which not all can be had together. An
    axis of an `open_ended` dimension has one value more, the last: none. `occurs` says whether
    there can be anything with certain values along some dimensions.

    Of a histogram with edges of one's own, `levels` (one without) are how finely it is told apart,
    from coarse to fine; no size is below the `lowest`, and whole numbers are all alike likely in a
    bucket.
    """

    name: str
    component: Job
    kind: MeasureKind
    help: str
    dimensions: tuple[str, ...]
    of: Callable[[Seen, tuple[str, ...]], Values] = field(repr=False)
    unit: str = ""
    edges: tuple[float, ...] = field(default=(), repr=False)
    folds: tuple[Fold, ...] = ("sum",)
    needs: tuple[str, ...] = ()
    apart: tuple[frozenset[str], ...] = ()
    open_ended: tuple[str, ...] = ()
    occurs: Callable[[Mapping[str, str]], bool] = lambda _: True
    levels: tuple[Level, ...] = ()
    lowest: float = 0.0
    is_whole: bool = False
    signal: Signal | None = None


def over(values: Numbers, axes: Sequence[str], asked: Sequence[str]) -> Numbers:
    """An array (ticks, *axes, ...) summed over the axes not `asked` for, the rest in that order.

    >>> over(np.arange(6).reshape(1, 2, 3), ("channel", "outcome"), ("outcome",))
    array([[3, 5, 7]])
    >>> over(np.arange(6).reshape(1, 2, 3), ("a", "b"), ("b", "a")).shape
    (1, 3, 2)
    """
    gone = tuple(i for i, axis in enumerate(axes, start=1) if axis not in asked)
    summed = values.sum(axis=gone) if gone else values
    kept = [axis for axis in axes if axis in asked]
    order = [kept.index(axis) + 1 for axis in asked]
    rest = range(len(kept) + 1, summed.ndim)
    return np.asarray(summed.transpose((0, *order, *rest)))
