"""Where the keys of messages hash to, so how unevenly partitions are filled."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.seeding import generator

__all__ = ["hashed_keys"]

_KEYS: Final = 10_000  # of the messages, and thus what partitions them unevenly


@lru_cache(maxsize=64)
def hashed_keys(seed: int, n_partitions: int) -> NDArray[np.floating]:
    """Share of the keys in each partition, shape (partitions,); another one for each seed.

    Ten thousand keys fall into partitions like balls into bins, so that these differ by a standard
    deviation of sqrt((partitions - 1) / keys) of their mean: 3.3 % with twelve.

    >>> float(hashed_keys(1, 12).sum().round(9))
    1.0
    """
    even = np.full(n_partitions, 1.0 / n_partitions)
    shares = generator(seed, "kafka.keys").multinomial(_KEYS, even) / _KEYS
    shares.setflags(write=False)
    return np.asarray(shares)
