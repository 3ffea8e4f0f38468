"""Values that are kept from one tick to the next."""

import numpy as np

from simulator.simulation.arrays import Bools, Floats

__all__ = ["held"]


def held(values: Floats, renewed: Bools, before: Floats) -> Floats:
    """Each tick's value where it is renewed, else the latest one that was.

    Args:
        values: shape (ticks, rows).
        renewed: which of them are new, same shape.
        before: the latest of the ticks before, shape (rows,).

    >>> held(np.array([[1.0], [2.0], [3.0]]), np.array([[False], [True], [False]]), np.zeros(1))
    array([[0.],
           [2.],
           [2.]])
    """
    ticks = np.arange(1, len(values) + 1)[:, np.newaxis]
    latest = np.maximum.accumulate(np.where(renewed, ticks, 0), axis=0)
    known = np.concatenate([before[np.newaxis], values])
    return np.asarray(np.take_along_axis(known, latest, axis=0))
