"""Waiting for one of c workers, at any load, when clients leave at a timeout.

Virtual waiting time V (of one who arrives now) is taken as that of the M/M/c queue with impatient
clients, whose stationary density obeys a differential equation of first order (F. Baccelli and
G. Hebuterne, "On queues with impatient customers", 1981), with two corrections: for service times
that are not exponential, as all workers busy act like one that is c times as fast (H. C. Tijms,
M. H. van Hoorn and A. Federgruen, "Approximations for the steady-state probabilities in the M/G/c
queue", 1981); and for those who leave while they are served, who keep a worker for min(S, T - V):

    (r v)'(w) = (lambda m(w) - c) v(w),   m = E[min(S, T - w)],   r = E[min(S, T - w)^2] / (2 m)

Far below capacity its mean is the wait of Lee and Longton (1959), and its integral says that
workers are busy with lambda E[m(V)] of work at any load.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

import numpy as np
from scipy.special import gammaincc, gammaln

from simulator.simulation.arrays import Floats
from simulator.simulation.latency import BATCH_FACTOR, HTTP_EDGES
from simulator.simulation.service_times import ServiceTimes

__all__ = ["INDICES", "Answers", "Queue", "log_idle"]

#: Loads per worker at which waits are worked out; dense where they change most.
_LOADS: Final = np.concatenate(
    [
        np.arange(0.0, 0.8, 0.025),
        np.arange(0.8, 0.95, 0.01),
        np.arange(0.95, 1.05, 0.005),
        np.arange(1.05, 1.5, 0.025),
        np.arange(1.5, 3.0, 0.1),
        np.geomspace(3.0, 1000.0, 40),
    ]
)
#: Parts of the timeout, dense at both of its ends.
_PARTS: Final = np.geomspace(5e-5, 0.5, 96)
_N_BACKLOGS: Final = 256  # and so are backlogs between none and the timeout
#: A queue has answers at so many indices: those of loads, then those of backlogs.
INDICES: Final = len(_LOADS) + _N_BACKLOGS + 2
_SHORTEST: Final = 1e-7  # of a worker's time for a request that is about to leave
_SMALLEST_LOAD: Final = 1e-6
_LARGEST_EXPONENT: Final = 700.0
_NEGLIGIBLE: Final = 1e-9  # a share of the requests
_STRAIGHT: Final = 1e-3  # where a slope is as good as none


@dataclass(frozen=True)
class Answers:
    """What becomes of single requests and of batches, in this order; the rest times out.

    `shares` of all requests in the buckets of HTTP_EDGES, and `seconds` in each bucket per request
    of all, both of shape (2, edges + 1). Mean seconds of a single request, whether or
    not it times out meanwhile: `waiting` in line, and `in_work`, for which it keeps a worker; ().
    """

    shares: Floats
    seconds: Floats
    waiting: Floats
    in_work: Floats

    @classmethod
    def stacked(cls, rows: Sequence[Self]) -> Self:
        """Some of them as one, with an axis of them first."""
        return cls(
            shares=np.array([row.shares for row in rows]),
            seconds=np.array([row.seconds for row in rows]),
            waiting=np.array([row.waiting for row in rows]),
            in_work=np.array([row.in_work for row in rows]),
        )


def log_idle(servers: float, offered: float) -> float:
    """Logarithm of an idle server's probability over that of c - 1 busy ones in M/M/c.

    The reciprocal of Erlang's B for c - 1 servers: the Poisson probability of at most c - 1 over
    that of c - 1; where that is too small for a float, 1 / (1 - (c - 1) / offered).

    >>> round(math.exp(log_idle(1, 0.8)), 3)
    1.0
    """
    most = servers - 1.0
    at_most = float(gammaincc(servers, offered))
    if at_most <= 0.0:
        return -math.log1p(-most / offered)
    return math.log(at_most) - most * math.log(offered) + offered + float(gammaln(servers))


@dataclass(frozen=True)
class _Settled:
    """Waits in seconds of a stationary queue, their masses (of all requests), and their mean."""

    waits: Floats
    masses: Floats
    mean: float


class Queue:
    """Requests in line for `workers`, first come, first served, who leave after `timeout` seconds.

    Its answers stand at indices: first those of queues that have settled at a load, then those of
    queues on their way, by the backlog. A fractional index stands for a mixture of two neighbours.
    """

    def __init__(self, service: ServiceTimes, workers: int, timeout: float) -> None:
        self._service, self._workers, self._timeout = service, workers, timeout
        settled = timeout - service.longest_within(service.mean / np.maximum(_LOADS, 1.0))
        parts = np.concatenate([[0.0], _PARTS, 1.0 - _PARTS])
        waits = np.unique(np.concatenate([parts * timeout, settled[_LOADS > 1.0]]))
        kept = np.maximum(service.least(timeout - waits), _SHORTEST)
        rest = np.maximum(service.least_squared(timeout - waits) / kept, _SHORTEST) / 2.0
        self._waits = waits
        self._rest = float(rest[0])
        # the logarithm of the density at a rate is rate * rise - fall
        self._rise = _integral(kept / rest, waits)
        self._fall = workers * _integral(1.0 / rest, waits) + np.log(rest / rest[0])
        self._settled = lru_cache(maxsize=None)(self._settled_at)
        self.answers = lru_cache(maxsize=None)(self._answers)

    def _settled_at(self, index: int) -> _Settled:
        """The stationary waits at a load that is worked out."""
        load = max(float(_LOADS[index]), _SMALLEST_LOAD)
        per_second = load * self._workers / self._service.mean
        log_density = per_second * self._rise - self._fall
        highest = float(log_density.max())
        masses, waits = _cells(log_density - highest, self._waits)
        mass = float(masses.sum())
        # Erlang's probability of an idle worker; either may be too large for a float
        idle = log_idle(self._workers, load * self._workers) - highest
        waiting = math.log(load * self._workers / self._rest * mass)
        odds = math.exp(min(waiting - idle, _LARGEST_EXPONENT))
        masses *= odds / (1.0 + odds) / mass
        held = masses > _NEGLIGIBLE
        return _Settled(
            waits=np.append(0.0, waits[held]),
            masses=np.append(1.0 / (1.0 + odds), masses[held]),
            mean=float((masses * waits).sum()),
        )

    def load(self, per_second: Floats) -> Floats:
        """Load per worker of requests at these rates, same shape; may pass 1."""
        return per_second * self._service.mean / self._workers

    def mean_wait(self, load: Floats) -> Floats:
        """Mean V in seconds once a queue has settled at these loads, same shape."""
        index = self.of_load(load)
        low = np.minimum(index.astype(np.int64), len(_LOADS) - 2)
        distinct, of_load = np.unique(low, return_inverse=True)
        ends = [[self._settled(i).mean, self._settled(i + 1).mean] for i in distinct.tolist()]
        below, above = np.array(ends)[of_load.reshape(-1)].T
        return below + (index - low) * (above - below)

    def spread(self, load: Floats) -> Floats:
        """E[S^2] / (2 E[S] c), the seconds by which waits spread, in the shape of the loads."""
        return np.full(load.shape, self._rest / self._workers)

    def seconds_in_work(self, load: Floats) -> Floats:
        """Mean seconds for which a worker is kept by a request, in the shape of the loads."""
        return np.full(load.shape, self._service.mean)

    def of_load(self, load: Floats) -> Floats:
        """Where loads lie among those that are worked out, as fractional indices, same shape."""
        return np.interp(load, _LOADS, np.arange(len(_LOADS)))

    def of_mean_wait(self, seconds: Floats) -> Floats:
        """The indices of queues that have settled at these mean waits, same shape."""
        means = [self._settled(i).mean for i in range(len(_LOADS))]
        return np.interp(seconds, means, np.arange(len(_LOADS)))

    def of_backlog(self, seconds: Floats) -> Floats:
        """The indices of queues on their way, in which everybody waits so long, same shape."""
        return len(_LOADS) + np.minimum(seconds / self._timeout, 1.0) * _N_BACKLOGS

    def _answers(self, index: int) -> Answers:
        """What becomes of requests at an index."""
        if index < len(_LOADS):
            settled = self._settled(index)
            waits, masses = settled.waits, settled.masses
        else:
            backlog = min((index - len(_LOADS)) / _N_BACKLOGS, 1.0) * self._timeout
            waits, masses = np.array([backlog]), np.array([1.0])
        each = [self._answered(waits, masses, factor) for factor in (1.0, BATCH_FACTOR)]
        shares, seconds = zip(*each, strict=True)
        in_work = self._service.least(self._timeout - waits)
        return Answers(
            shares=np.array(shares),
            seconds=np.array(seconds),
            waiting=np.asarray((waits * masses).sum()),
            in_work=np.asarray((in_work * masses).sum()),
        )

    def _answered(self, waits: Floats, masses: Floats, factor: float) -> tuple[Floats, Floats]:
        """Shares of the buckets and seconds in each, when a service takes `factor` times as long.

        E[X; X <= y] = y F(y) less the integral of F up to y.
        """
        edges = np.minimum(np.append(HTTP_EDGES, np.inf), self._timeout)
        left = np.maximum((edges[:, np.newaxis] - waits) / factor, 0.0)
        below = (self._service.share_below(left) * masses).sum(axis=1)
        integral = ((left - self._service.least(left)) * masses).sum(axis=1) * factor
        shares = np.maximum(np.diff(below, prepend=0.0), 0.0)
        seconds = np.maximum(np.diff(edges * below - integral, prepend=0.0), 0.0)
        return shares, seconds


def _integral(values: Floats, at: Floats) -> Floats:
    """The running integral by trapezes, same shape; 0 at the first point."""
    return np.append(0.0, np.cumsum((values[1:] + values[:-1]) / 2.0 * np.diff(at)))


def _cells(log_density: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Mass and mean place of each cell, where the density's logarithm is straight in between.

    Args:
        log_density: at most 0, shape (points,).
        at: the points, same shape.

    Returns:
        Both of shape (points - 1,).
    """
    slope = np.diff(log_density)
    steep = np.where(np.abs(slope) < _STRAIGHT, _STRAIGHT, np.abs(slope))
    top = np.maximum(log_density[1:], log_density[:-1])
    mass = np.exp(top) * -np.expm1(-steep) / steep * np.diff(at)
    towards_the_top = -1.0 / np.expm1(-steep) - 1.0 / steep
    place = np.where(slope >= 0.0, towards_the_top, 1.0 - towards_the_top)
    return mass, at[:-1] + place * np.diff(at)
