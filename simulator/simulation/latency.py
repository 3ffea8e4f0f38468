"""Buckets of histograms, how log-normal times fall into them, and how often the bureau fails."""

import math
from typing import Final

import numpy as np
from scipy.special import ndtr

from simulator.scenario.platform.service_times import Bureau, LogNormal
from simulator.simulation.arrays import Floats

__all__ = [
    "BATCH_FACTOR",
    "HTTP_EDGES",
    "PREDICTION_EDGES",
    "bucket_means",
    "bucket_mixture",
    "bucket_shares",
    "bureau_failure_probability",
]


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


def bucket_shares(times: LogNormal, edges: Floats, *, factor: float | Floats = 1.0) -> Floats:
    """Shares of histogram buckets with upper `edges` and +Inf, shape (edges + 1,).

    Of several factors, shape (..., 1), they have the shape (..., edges + 1).
    """
    below = ndtr(np.log(edges / (times.median * factor)) / times.sigma)
    return np.diff(below, prepend=0.0, append=1.0)


def bucket_means(times: LogNormal, edges: Floats, *, factor: float | Floats = 1.0) -> Floats:
    """Mean seconds within each bucket, shape as of `bucket_shares`; its middle where it is empty.

    The partial expectation below x is m exp(s^2 / 2) Phi((ln x - ln m) / s - s).
    """
    scaled = np.log(edges / (times.median * factor)) / times.sigma
    mean = times.median * factor * math.exp(times.sigma**2 / 2.0)
    partial = np.diff(mean * ndtr(scaled - times.sigma), prepend=0.0, append=mean)
    shares = bucket_shares(times, edges, factor=factor)
    lower, upper = np.append(0.0, edges), np.append(edges, edges[-1] * 2.0)
    middles = np.broadcast_to((lower + upper) / 2.0, shares.shape).copy()
    means = np.divide(partial, shares, out=middles, where=shares > _EMPTY)
    return np.clip(means, lower, upper)


def bucket_mixture(
    times: LogNormal, edges: Floats, slow_share: float = 0.0, slow_factor: float = 1.0
) -> tuple[Floats, Floats]:
    """Shares of the buckets and their means when a share takes `slow_factor` times as long."""
    shares, means = bucket_shares(times, edges), bucket_means(times, edges)
    if slow_share <= 0.0:
        return shares, means
    slower = slow_share * bucket_shares(times, edges, factor=slow_factor)
    mixed = (1.0 - slow_share) * shares + slower
    seconds = (mixed - slower) * means + slower * bucket_means(times, edges, factor=slow_factor)
    return mixed, np.divide(seconds, mixed, out=means, where=mixed > _EMPTY)


def bureau_failure_probability(slowness: Floats, bureau: Bureau) -> Floats:
    """Share of bureau calls that fail or time out at a slowness factor, same shape."""
    left = np.log(bureau.timeout_seconds / (bureau.median_seconds * slowness))
    late = 1.0 - ndtr(left / bureau.sigma)
    return 1.0 - (1.0 - bureau.failure_ratio) * (1.0 - late)
