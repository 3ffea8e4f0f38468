"""Whether values are as a comparison asks."""

import numpy as np

from simulator.mapping.sources import Comparison
from simulator.simulation.arrays import Floats, Ints

__all__ = ["holds"]


def holds(asked: Comparison, values: Floats | Ints) -> Floats:
    """1 where it is so and 0 where it is not, `nan` where there is no value; same shape.

    >>> holds(Comparison(above=0.1, at_most=0.3), np.array([0.1, 0.2, 0.3, 0.4, np.nan]))
    array([ 0.,  1.,  1.,  0., nan])
    """
    found = np.ones(values.shape, dtype=np.bool_)
    if asked.above is not None:
        found &= values > asked.above
    if asked.at_least is not None:
        found &= values >= asked.at_least
    if asked.below is not None:
        found &= values < asked.below
    if asked.at_most is not None:
        found &= values <= asked.at_most
    if asked.equal is not None:
        found &= values == asked.equal
    return np.where(np.isnan(values), np.nan, found)
