"""Which of a tick's applications monitoring looks at: of every gauge the same number."""

import numpy as np
from numpy.random import Generator

from simulator.seeding import Draws
from simulator.simulation.arrays import Ints

__all__ = ["monitored", "of_counts"]

_MOST_COUNTED = 500_000_000  # numpy's hypergeometric draws take up to 10^9


def monitored(scored: Ints, window: int) -> Ints:
    """How many of the applications of a tick are looked at, same shape as `scored`.

    A window ends between ticks. So that it holds `window` applications however many a tick has, a
    tick gives the share of it that a whole number of such ticks fills.

    >>> monitored(np.array([0, 30, 440, 1999, 2000, 7000]), 2000)
    array([   0,   29,  400, 1000, 2000, 2000])
    """
    n_ticks = -(-window // np.maximum(scored, 1))
    return np.asarray(np.where(scored > 0, window // n_ticks, 0))


def of_counts(counts: Ints, seen: Ints, draws: Draws) -> Ints:
    """How many of those that are looked at are in each bin: drawn without putting back.

    Bins are halved until one is left: how many of a half are seen is hypergeometric.

    Args:
        counts: scored applications by bin, shape (ticks, versions, bins).
        seen: how many are looked at, shape (ticks, versions), at most the sum of `counts`.
        draws: of these ticks.

    Returns:
        Shape as `counts`.
    """
    n_bins = counts.shape[-1]
    width = 1 << (n_bins - 1).bit_length()
    too_many = 1 + counts.sum(axis=-1, keepdims=True) // _MOST_COUNTED
    held = np.zeros((*counts.shape[:-1], width), dtype=np.int64)
    held[..., :n_bins] = counts // too_many
    found = seen[..., np.newaxis]
    while width > 1:
        width //= 2
        halves = held.reshape(*held.shape[:2], -1, 2, width).sum(axis=-1)
        name = f"scoring.seen.{width}"
        first = draws(name, Generator.hypergeometric, halves[..., 0], halves[..., 1], found)
        found = np.stack([first, found - first], axis=-1).reshape(*found.shape[:2], -1)
    return np.asarray(found[..., :n_bins])
