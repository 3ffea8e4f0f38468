"""How long requests take: service times, waiting for a worker, timeouts.

Service times are sums of log-normal parts, kept as a fixed cloud of equally likely values (atoms);
waiting is that of a queue with c servers. Both depend only on a few conditions, so the shares of a
histogram's buckets are computed once per distinct set of conditions and then looked up.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import scipy  # its parts are loaded where they are first used: statistics take half a second
from scipy.special import gammaincc, gammaln, ndtr, ndtri

from simulator.scenario.service_times import (
    BUREAU,
    BUREAU_SHARE,
    BUREAU_TIMEOUT_SECONDS,
    GATEWAY,
    PREDICTION,
    STALL,
    STALL_SHARE,
    LogNormal,
)
from simulator.simulation.arrays import Floats

__all__ = [
    "BATCH_FACTOR",
    "BUREAU_FAILURE_SHARE",
    "HTTP_EDGES",
    "LOOKUP",
    "PREDICTION_EDGES",
    "REFUSAL",
    "Load",
    "ServiceTimes",
    "bucket_means",
    "bucket_shares",
    "bureau_failure_probability",
    "erlang_c",
]


LOOKUP: Final = LogNormal(0.008, 0.5)  # reading back a decision, a list of models
REFUSAL: Final = LogNormal(0.004, 0.4)  # answering with an error at once
BUREAU_FAILURE_SHARE: Final = 3e-3  # calls that fail on a healthy day
BATCH_FACTOR: Final = 1.2  # a batch is one vectorised prediction and one bulk write

#: Upper bucket edges in seconds; dense where thresholds and their neighbours lie, so that a
#: quantile estimated from buckets is a few percent off and not tens of percent.
HTTP_EDGES: Final = np.array(
    [0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0]
    + [1.25, 1.5, 2.0, 2.5, 5.0]
)
PREDICTION_EDGES: Final = np.array(
    [0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25]
    + [0.3, 0.4, 0.5, 0.75, 1.0, 2.5]
)
_EMPTY: Final = 1e-12  # a share below this has no mean worth computing
_ATOMS_LOG2: Final = 10
_LARGEST_LOAD: Final = 0.97  # above, waiting is the backlog's, not the stationary queue's


def bucket_shares(times: LogNormal, edges: Floats, *, factor: float = 1.0) -> Floats:
    """Shares of histogram buckets with upper `edges` and +Inf, shape (edges + 1,)."""
    below = ndtr(np.log(edges / (times.median * factor)) / times.sigma)
    return np.diff(below, prepend=0.0, append=1.0)


def bucket_means(times: LogNormal, edges: Floats, *, factor: float = 1.0) -> Floats:
    """Mean seconds within each bucket, shape (edges + 1,); its middle where it is empty.

    The partial expectation below x is m exp(s^2 / 2) Phi((ln x - ln m) / s - s).
    """
    scaled = np.log(edges / (times.median * factor)) / times.sigma
    mean = times.median * factor * math.exp(times.sigma**2 / 2.0)
    partial = np.diff(mean * ndtr(scaled - times.sigma), prepend=0.0, append=mean)
    shares = bucket_shares(times, edges, factor=factor)
    lower, upper = np.append(0.0, edges), np.append(edges, edges[-1] * 2.0)
    means = np.divide(partial, shares, out=(lower + upper) / 2.0, where=shares > _EMPTY)
    return np.clip(means, lower, upper)


def erlang_c(servers: float, offered: float) -> float:
    """Probability of waiting in M/M/c at an offered load below the servers (A. K. Erlang, 1917).

    Erlang's B is the Poisson probability of c over that of at most c; C = B / (1 - rho (1 - B)).

    >>> round(erlang_c(1, 0.8), 3), round(erlang_c(8, 6.4), 3)
    (0.8, 0.458)
    """
    if offered <= 0.0:
        return 0.0
    log_at = servers * math.log(offered) - offered - float(gammaln(servers + 1.0))
    blocked = math.exp(log_at) / float(gammaincc(servers + 1.0, offered))
    return blocked / (1.0 - offered / servers * (1.0 - blocked))


def bureau_failure_probability(slowness: Floats) -> Floats:
    """Share of bureau calls that fail or time out at a slowness factor, same shape."""
    late = 1.0 - ndtr(np.log(BUREAU_TIMEOUT_SECONDS / (BUREAU.median * slowness)) / BUREAU.sigma)
    return 1.0 - (1.0 - BUREAU_FAILURE_SHARE) * (1.0 - late)


@lru_cache(maxsize=1)
def _uniforms() -> Floats:
    return np.asarray(scipy.stats.qmc.Sobol(6, seed=20260701).random_base2(_ATOMS_LOG2))


class ServiceTimes:
    """Service times of POST /v1/score when its dependencies are so many times slower.

    `atoms` are equally likely seconds, sorted; `mean` and `second_moment` theirs.
    """

    def __init__(self, bureau: float, feature_store: float) -> None:
        u = _uniforms()
        part = [
            np.exp(d.sigma * ndtri(u[:, i])) * d.median
            for i, d in enumerate((PREDICTION, GATEWAY, BUREAU, STALL))
        ]
        called = (u[:, 4] < BUREAU_SHARE) * np.minimum(part[2] * bureau, BUREAU_TIMEOUT_SECONDS)
        stalled = (u[:, 5] < STALL_SHARE) * part[3]
        self.feature_store = feature_store
        self.atoms = np.sort(part[0] * feature_store + part[1] + called + stalled)
        self.mean = float(self.atoms.mean())
        self.variability = float(self.atoms.var() / self.mean**2)

    def patience(self, seconds_per_request: Floats, limit: float) -> Floats:
        """The x at which E[min(S, x)] is the time a worker has for each request, same shape.

        In a queue that is too long, workers are busy with requests that are about to time out. Its
        length settles where the time left to those, x, just uses up the workers. Where there is
        time for all, nothing settles and x is 0; it is never more than `limit`.
        """
        grid = np.append(0.0, self.atoms)
        steps = np.diff(grid) * (len(self.atoms) - np.arange(len(self.atoms))) / len(self.atoms)
        used = np.append(0.0, np.cumsum(steps))
        settled = np.minimum(np.interp(seconds_per_request, used, grid), limit)
        return np.where(seconds_per_request >= used[-1], 0.0, settled)


@dataclass(frozen=True)
class Load:
    """The conditions under which a request is served; all that its time depends on."""

    service: ServiceTimes
    workers: int
    utilisation: float
    backlog_seconds: float
    timeout_seconds: float

    def buckets(self, factor: float) -> tuple[Floats, Floats, float]:
        """What becomes of requests whose service takes `factor` times as long.

        Returns:
            Shares of the HTTP buckets among requests answered in time, shape (edges + 1,); mean
            seconds in each, same shape; the share of requests that time out.
        """
        atoms = self.service.atoms * factor
        edges = np.minimum(np.append(HTTP_EDGES, np.inf), self.timeout_seconds)
        below = self._share_below(edges, atoms)
        in_time = float(below[-1])
        shares = np.diff(below, prepend=0.0)
        means = self._bucket_means(edges, atoms)
        if in_time <= 0.0:
            return np.eye(len(edges))[-1], means, 1.0
        return shares / in_time, means, 1.0 - in_time

    def _wait(self) -> tuple[float, float]:
        """Probability of waiting at all, and the rate at which that wait ends (1 / seconds).

        Mean waits are those of M/M/c scaled by (1 + cv^2) / 2 for other service times (Lee and
        Longton, 1959).
        """
        if self.backlog_seconds > 0.0:
            return 0.0, 1.0  # the backlog is the wait
        rho = min(self.utilisation, _LARGEST_LOAD)
        waiting = erlang_c(self.workers, rho * self.workers)
        mean = self.service.mean * (1.0 + self.service.variability) / 2.0
        return waiting, self.workers * (1.0 - rho) / mean

    def _share_below(self, edges: Floats, atoms: Floats) -> Floats:
        """P(backlog + wait + service <= edge), shape (edges,)."""
        waiting, rate = self._wait()
        left = edges[:, np.newaxis] - self.backlog_seconds - atoms
        reached = np.where(left >= 0.0, 1.0 - waiting * np.exp(-rate * np.maximum(left, 0.0)), 0.0)
        return np.asarray(reached.mean(axis=1))

    def _bucket_means(self, edges: Floats, atoms: Floats) -> Floats:
        """Mean of the atoms that fall into each bucket, or its middle where none does."""
        waiting, rate = self._wait()
        seconds = atoms + self.backlog_seconds + waiting / rate
        lower = np.append(0.0, edges[:-1])
        bucket = np.minimum(np.searchsorted(edges, seconds, side="left"), len(edges) - 1)
        count = np.bincount(bucket, minlength=len(edges))
        total = np.bincount(bucket, seconds, minlength=len(edges))
        middle = (lower + edges) / 2.0
        means = np.divide(total, count, out=middle, where=count > 0)
        return np.clip(means, lower, edges)
