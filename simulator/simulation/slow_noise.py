"""Slow noise of the request rate, on a grid of its own."""

import math
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.seeding import Streams
from simulator.simulation.arrays import Floats, Ints
from simulator.timeline.grid import Grid

__all__ = ["SlowNoise"]

_KNOTS_PER_CORRELATION_TIME: Final = 10
_MOST_KNOTS_PER_TICK: Final = 16  # so that noise much quicker than a tick costs no more


class SlowNoise:
    """A factor of the rate with mean 1, averaged over each tick.

    Its logarithm is a stationary Ornstein-Uhlenbeck process with correlation time `noise_time`,
    drawn at knots a tenth of that apart, and the factor is a line between two knots. Knots are
    counted from the scenario's start and keyed by their own number, so the factor is the same
    function of time whatever a tick is, and counts over ten minutes spread as much with ticks of a
    second as with ticks of a minute.

    `noise_ratio` is the factor's coefficient of variation, such that its integral over a time T
    much longer than `noise_time` has the variance of the process's own: the double integral of
    noise_ratio^2 exp(-|t - s| / noise_time), near 2 T noise_time noise_ratio^2. `name` is that of
    its draws: what has another one is independent.
    """

    def __init__(
        self,
        noise_ratio: float,
        noise_time: float,
        step: float,
        streams: Streams,
        name: str = "traffic.noise",
    ) -> None:
        least = step / _MOST_KNOTS_PER_TICK
        self._spacing = max(noise_time / _KNOTS_PER_CORRELATION_TIME, least)
        per_knot = self._spacing / max(noise_time, least * 1e-6)
        self._memory = math.exp(-per_knot)
        variance = noise_ratio**2 * math.tanh(per_knot / 2.0) / (per_knot / 2.0)
        self._sigma = math.sqrt(math.log1p(variance))
        self._streams, self._name = streams, name
        self._carried = float(streams.once(f"{name}.start").standard_normal())
        self._first = 0  # number of the first knot that is kept
        self._factors = np.zeros(0)  # at the kept knots

    def means(self, grid: Grid) -> Floats:
        """The factor's mean over each tick, shape (ticks,); they are asked for in order."""
        edges = np.arange(grid.first, grid.first + grid.count + 1) * (grid.step / self._spacing)
        self._reach(math.floor(edges[0]), math.ceil(edges[-1]))
        starts, ends = edges[:-1], edges[1:]
        first = np.floor(starts).astype(np.int64)
        total = np.zeros(grid.count)
        # lines between knots: as many as a tick can touch, one after the other, so that the sum has
        # the same bits however ticks are cut
        for k in range(math.ceil(grid.step / self._spacing) + 1):
            total += self._area(first + k, starts, ends)
        return np.asarray(total / (ends - starts))

    def _area(self, knot: Ints, starts: Floats, ends: Floats) -> Floats:
        """Integral over the part of each tick that lies between `knot` and the next one."""
        begin = np.clip(starts - knot, 0.0, 1.0)
        end = np.clip(ends - knot, 0.0, 1.0)
        at = np.minimum(knot - self._first, len(self._factors) - 2)  # beyond, the part is empty
        left, right = self._factors[at], self._factors[at + 1]
        middle = (begin + end) / 2.0
        return np.asarray((end - begin) * (left + (right - left) * middle))

    def _reach(self, first: int, last: int) -> None:
        """Keeps the knots from `first` on, and draws those up to `last` and one beyond."""
        drawn = self._first + len(self._factors)
        n_new = last + 2 - drawn
        if n_new > 0:
            draws = self._streams.over(drawn, n_new)
            shocks = draws(self._name, Generator.normal, np.zeros(n_new))
            scaled = shocks * math.sqrt(1.0 - self._memory**2)
            logs = self._recalling(scaled)
            factors = np.exp(self._sigma * logs - self._sigma**2 / 2.0)
            self._factors = np.concatenate([self._factors, factors])
        gone = first - self._first
        self._factors, self._first = self._factors[gone:], first

    def _recalling(self, shocks: Floats) -> Floats:
        """x[k] = memory x[k - 1] + shock[k] from the knot before on, same shape as the shocks.

        A loop, of 1,440 knots a day: importing scipy.signal takes as long as years of them.
        """
        memory = self._memory
        knots = accumulate(
            shocks.tolist(), lambda x, shock: memory * x + shock, initial=self._carried
        )
        logs = list(knots)[1:]
        self._carried = logs[-1]
        return np.array(logs)
