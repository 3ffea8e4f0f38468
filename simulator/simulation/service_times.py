"""How long POST /v1/score is in work: the distribution of a sum of log-normal parts.

Parts are put on an even grid of seconds and convolved by FFT. A part's mass is shared between the
two grid points around it, in proportion to its nearness, which keeps every mean, and shares to
some 1e-5.
"""

import math
from functools import lru_cache
from typing import Final

import numpy as np
from scipy.special import ndtr

from simulator.scenario.platform.service_times import LogNormal
from simulator.scenario.platform.service_times import ServiceTimes as Parts
from simulator.simulation.arrays import Floats

__all__ = ["ServiceTimes"]

_FINEST_SECONDS: Final = 5e-4
_MOST_POINTS, _FEWEST_POINTS = 8192, 256
_LARGEST_SIGMAS: Final = 5.0  # of each part: one in three million is longer


class ServiceTimes:
    """Service times when dependencies, or some of the replicas, are so many times slower.

    Args:
        parts: how long each part takes in health.
        bureau: how many times as long the bureau takes.
        feature_store: how many times as long a prediction takes, which waits for its features.
        slow_share: share of the requests that a slow replica serves.
        slow_factor: how many times as long it takes for everything but the bureau's answer.
        longest: seconds beyond which nobody asks, such as a timeout.

    Attributes:
        mean: E[min(S, longest)], in seconds.

    >>> round(ServiceTimes(Parts(), 1.0, 1.0, longest=60.0).mean, 4)
    0.0645
    """

    def __init__(  # noqa: PLR0913 - what the times depend on
        self,
        parts: Parts,
        bureau: float,
        feature_store: float,
        slow_share: float = 0.0,
        slow_factor: float = 1.0,
        *,
        longest: float,
    ) -> None:
        own = slow_factor if slow_share > 0.0 else 1.0
        span = min(longest, _span(parts, bureau, feature_store, own))
        points = min(max(math.ceil(span / _FINEST_SECONDS), _FEWEST_POINTS), _MOST_POINTS)
        self._step = step = span / points
        mass = _convolved(parts, bureau, feature_store, 1.0, step, points)
        if slow_share > 0.0:
            slow = _convolved(parts, bureau, feature_store, own, step, points)
            mass = (1.0 - slow_share) * mass + slow_share * slow
        longer = 1.0 - np.cumsum(mass)  # than each grid point, shape (points + 1,)
        grid = np.arange(points + 1) * step
        self._below = np.maximum(1.0 - longer - mass / 2.0, 0.0)
        middle = 2.0 * grid[:-1] + step
        self._least = np.append(0.0, np.cumsum(longer[:-1]) * step)
        self._least_squared = np.append(0.0, np.cumsum(middle * longer[:-1]) * step)
        self.mean = float(self._least[-1])

    def share_below(self, seconds: Floats) -> Floats:
        """P(S <= seconds), same shape; 0 below 0."""
        return self._at(self._below, seconds)

    def least(self, seconds: Floats) -> Floats:
        """E[min(S, seconds)]: how long a worker is kept by one who leaves after so long."""
        return self._at(self._least, seconds)

    def least_squared(self, seconds: Floats) -> Floats:
        """E[min(S, seconds)^2], same shape."""
        return self._at(self._least_squared, seconds)

    def longest_within(self, mean: Floats) -> Floats:
        """The x at which E[min(S, x)] is `mean`, same shape; at most the longest."""
        return np.interp(mean, self._least, np.arange(len(self._least)) * self._step)

    def _at(self, values: Floats, seconds: Floats) -> Floats:
        """What lies between two points of the grid is a straight line; beyond it, the last one."""
        at = np.clip(seconds / self._step, 0.0, len(values) - 1.0)
        low = np.minimum(at.astype(np.int64), len(values) - 2)
        return np.asarray(values[low] + (at - low) * (values[low + 1] - values[low]))


def _span(parts: Parts, bureau: float, feature_store: float, own: float) -> float:
    """Seconds that hardly any request is longer than."""
    prediction, gateway, stall, asked = (
        part.median_seconds * math.exp(_LARGEST_SIGMAS * part.sigma)
        for part in (parts.prediction, parts.gateway, parts.stall, parts.bureau)
    )
    called = min(asked * bureau, parts.bureau.timeout_seconds)
    return own * (prediction * feature_store + gateway + stall) + called


def _convolved(  # noqa: PLR0913, PLR0917 - what the times depend on
    parts: Parts, bureau: float, feature_store: float, own: float, step: float, points: int
) -> Floats:
    """Probability of each grid point, shape (points + 1,); what is beyond is left out."""
    size = _fast_size(2 * (points + 1))
    call, stall, grid = parts.bureau, parts.stall, (step, points, size)
    product = (
        _spectrum(parts.prediction.distribution, feature_store * own, 1.0, math.inf, *grid)
        * _spectrum(parts.gateway.distribution, own, 1.0, math.inf, *grid)
        * _spectrum(stall.distribution, own, stall.share, math.inf, *grid)
        * _spectrum(call.distribution, bureau, call.share, call.timeout_seconds, *grid)
    )
    return np.maximum(np.fft.irfft(product, size)[: points + 1], 0.0)


def _fast_size(least: int) -> int:
    """The smallest size from `least` on with no prime factor but 2, 3 and 5: quick to transform.

    >>> _fast_size(1026), _fast_size(1201)
    (1080, 1215)
    """
    sizes = (3**i * 5**j for i in range(9) for j in range(7))
    return min(n << max(-(-least // n) - 1, 0).bit_length() for n in sizes)


@lru_cache(maxsize=64)
def _spectrum(  # noqa: PLR0913, PLR0917 - a key of the cache
    part: LogNormal,
    factor: float,
    share: float,
    longest: float,
    step: float,
    points: int,
    size: int,
) -> Floats:
    """Fourier transform of a part that is there for a share of requests, and ends at `longest`.

    The mass of a hat function around each grid point is the second difference of the mean
    shortfall E[(x - X)+].
    """
    grid = np.arange(points + 2) * step
    within = np.minimum(grid, longest)
    shortfall = _shortfall(part, part.median * factor, within) + (grid - within)
    mass = np.diff(np.diff(shortfall) / step, prepend=0.0) * share
    mass[0] += 1.0 - share
    return np.asarray(np.fft.rfft(mass, size))


def _shortfall(part: LogNormal, median: float, seconds: Floats) -> Floats:
    """E[(x - X)+] = x F(x) - E[X; X <= x] at each x, same shape."""
    with np.errstate(divide="ignore"):
        scaled = np.log(seconds / median) / part.sigma
    mean = median * math.exp(part.sigma**2 / 2.0)
    return np.asarray(seconds * ndtr(scaled) - mean * ndtr(scaled - part.sigma))
