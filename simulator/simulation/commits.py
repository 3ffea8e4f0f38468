"""When the members of a consumer group commit what they have read."""

from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.seeding import Draws, Streams
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.assignment import range_assignment

__all__ = ["CommitClock"]

#: A consumer commits at the first poll after its interval, so somewhat later each time: by up to
#: this share of it.
_LATEST: Final = 0.04
_TURN: Final = 1 << 32  # parts of an interval: whole numbers, so that sums of them are exact


class CommitClock:
    """How long ago each member of a group has committed; carried from tick to tick.

    No interval is exactly the configured one, so commits drift against the ticks and against each
    other, and what a tick sees of a partition's sawtooth is another part of it each time.
    """

    def __init__(
        self, group: str, n_members: int, n_partitions: int, interval: float, streams: Streams
    ) -> None:
        self._name = f"kafka.commit.{group}"
        self._interval = interval
        self._readers = range_assignment(n_partitions, n_members)
        phases = streams.once(f"{self._name}.phase").random(n_members)
        self._turned = np.floor(phases * _TURN).astype(np.int64)

    def ages(self, step: float, n_ticks: int, draws: Draws) -> Floats:
        """Seconds since the latest commit of each partition's reader, shape (ticks, partitions).

        Measured at the end of ticks of `step` seconds, and below the interval.
        """
        unset = np.zeros((n_ticks, len(self._turned)))
        late = draws(self._name, _uniform, unset)
        turns = step / (self._interval * (1.0 + _LATEST * late))
        turned = self._turned + np.cumsum(_parts(turns), axis=0)
        self._turned = turned[-1] % _TURN
        ages = turned % _TURN * (self._interval / _TURN)
        return np.asarray(ages[:, self._readers])


def _uniform(generator: Generator, like: Floats) -> Floats:
    return generator.random(like.shape)


def _parts(turns: Floats) -> Ints:
    """The part of a turn beyond whole ones, in whole numbers."""
    return np.floor(np.mod(turns, 1.0) * _TURN).astype(np.int64)
