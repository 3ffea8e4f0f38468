"""Array types and the few recurrences over ticks that kernels share."""

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Bools",
    "Floats",
    "Ints",
    "Running",
    "SmallInts",
    "distinct_rows",
    "normalised",
    "reflected_walk",
    "shares",
    "summable",
]

Ints: TypeAlias = NDArray[np.int64]
SmallInts: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.floating]
Bools: TypeAlias = NDArray[np.bool_]

_PARTS = 20  # halvings of one: sums below 2^33 fill the 53 bits of a double


def shares(counts: Ints | SmallInts) -> Floats:
    """Shares along the last axis; `nan` where there is nothing.

    >>> shares(np.array([[1, 3], [0, 0]]))
    array([[0.25, 0.75],
           [ nan,  nan]])
    """
    totals = counts.sum(axis=-1, keepdims=True).astype(np.float64)
    return np.asarray(counts / np.where(totals > 0, totals, np.nan))


def normalised(weights: Floats) -> Floats:
    """Shares that sum to 1 along the last axis, to the bit that multinomial draws ask for.

    >>> normalised(np.array([1.0, 3.0]))
    array([0.25, 0.75])
    """
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def summable(sizes: Floats, *, usual: float = 1.0) -> Floats:
    """The sizes rounded to 1 / 2^20, so that sums of them are exact below 2^33.

    A total then tells by how much it grew, to the bit, whatever it was before. Where a size is
    usually beyond 2^20, both limits are as much higher, as its last bits are those of rounding.

    >>> times = summable(np.array([1e6, 0.1]))
    >>> bool(times.sum() - times[0] == times[1])
    True
    >>> summable(np.array([3e9, 0.3]), usual=2.0**30)
    array([3.00000000e+09, 2.99804688e-01])
    """
    parts = 2.0 ** min(_PARTS, 2 * _PARTS - math.ceil(math.log2(max(usual, 1.0))))
    return np.rint(sizes * parts) / parts


def distinct_rows(columns: Sequence[Floats | Ints]) -> tuple[Floats, Ints]:
    """The distinct rows of some columns (ticks,), and which of them is each tick's.

    >>> distinct_rows([np.array([1.0, 2.0, 1.0]), np.array([5, 5, 5])])
    (array([[1., 5.],
           [2., 5.]]), array([0, 1, 0]))
    """
    rows = np.column_stack(columns).astype(np.float64, copy=False)
    if (rows == rows[0]).all():  # as on most days, and quicker found
        return np.asarray(rows[:1]), np.zeros(len(rows), dtype=np.int64)
    distinct, which = np.unique(rows, axis=0, return_inverse=True)
    return distinct, which.reshape(-1)


class Running:
    """Running totals that go on from chunk to chunk.

    The carried total is added to the first tick before summing, so that additions happen in the
    same order, and give the same bits, however the ticks are cut.

    >>> totals = Running()
    >>> totals("x", np.array([1, 2])), totals("x", np.array([3]))
    (array([1, 3]), array([6]))
    """

    def __init__(self) -> None:
        self._carried: dict[str, Ints | Floats] = {}

    def start_from(self, name: str, totals: Ints | Floats) -> None:
        """Counts on from `totals`, shape as the increments without ticks."""
        self._carried[name] = totals

    def latest(self, name: str) -> Ints | Floats:
        """The totals after the last tick.

        Raises:
            KeyError: nothing was counted yet.
        """
        return self._carried[name]

    def __call__(
        self,
        name: str,
        increments: NDArray,  # type: ignore[type-arg]  # int or float, given back as it came
        *,
        restarts: Bools | None = None,
    ) -> NDArray:  # type: ignore[type-arg]  # as increments
        """Totals up to each tick, shape as `increments` (ticks first).

        Where a tick `restarts`, shape (ticks,), they begin at 0 with it. Of whole numbers, and of
        what is `summable`, what was counted before is taken away without a trace.
        """
        totals = increments.astype(np.result_type(increments, np.int64))
        if name in self._carried:
            totals[:1] += self._carried[name]
        np.add.accumulate(totals, axis=0, out=totals)
        if restarts is not None:
            first = np.maximum.accumulate(np.where(restarts, np.arange(len(restarts)), -1))
            begun = first >= 0
            totals[begun] -= (totals - increments)[first[begun]]
        if len(totals):
            self._carried[name] = totals[-1]
        return totals


def reflected_walk(
    start: Ints, steps: Ints, *, ceiling: Ints | None = None, floor: Ints | None = None
) -> Ints:
    """A walk of integer `steps` kept within [floor, ceiling]: a queue's backlog after each tick.

    Without a ceiling this is Lindley's recursion, `x[t] = max(0, x[t-1] + steps[t])` (D. V.
    Lindley, "The theory of queues with a single server", 1952), whose closed form is the cumulative
    sum above its own running minimum. With one, each tick applies the clamp
    `x -> min(ceiling, max(floor, x + step))`; clamps are closed under composition, so all prefixes
    come from log2(ticks) array passes (a Hillis-Steele scan). Integers make both exact, however
    the ticks are cut.

    Args:
        start: backlog carried in, shape (...).
        steps: change of each tick, shape (ticks, ...).
        ceiling: highest backlog of each tick, shape (ticks, ...), at least the floor.
        floor: lowest backlog of each tick, same shape, where there is a ceiling; 0 without.

    Returns:
        Backlog after each tick, shape (ticks, ...).

    >>> reflected_walk(np.array(2), np.array([-3, 4, -1, 9]))
    array([ 0,  4,  3, 12])
    >>> reflected_walk(np.array(2), np.array([-3, 4, -1, 9]), ceiling=np.array([5, 5, 5, 6]))
    array([0, 4, 3, 6])
    """
    if ceiling is None:
        surplus = start + np.cumsum(steps, axis=0)
        return surplus - np.minimum(0, np.minimum.accumulate(surplus, axis=0))
    shift, high = steps.copy(), ceiling.copy()
    low = np.zeros_like(steps) if floor is None else floor.copy()
    span = 1
    while span < len(steps):
        # clamp(t) after clamp(t - span): add the shifts, push the earlier bounds through the later
        earlier_low, earlier_high = low[:-span], high[:-span]
        new_low = np.clip(earlier_low + shift[span:], low[span:], high[span:])
        new_high = np.clip(earlier_high + shift[span:], low[span:], high[span:])
        shift[span:] = shift[:-span] + shift[span:]
        low[span:], high[span:] = new_low, new_high
        span *= 2
    return np.clip(start + shift, low, high)
