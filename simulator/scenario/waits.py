"""How long applicants wait and workers are kept, by what takes longer than in health.

The arithmetic of an engineer's notebook: what it is in health was measured once, with the usual
times of a platform's parts, and is taken in proportion for others.
"""

import math
from statistics import NormalDist
from typing import Final

from simulator.scenario.platform.service_times import Bureau, ServiceTimes, Times

__all__ = [
    "bureau_timeouts",
    "ordinary_seconds",
    "service_seconds",
    "slow_bureau_seconds",
    "slow_features_seconds",
    "slowest_in_twenty",
    "tail_factor",
]

_ONE_IN_TWENTY: Final = 0.05
_USUAL: Final = ServiceTimes()
# What one applicant in twenty waits in health, and what of it is a replica's own work.
_ORDINARY_SECONDS, _OWN_SECONDS = 0.18, 0.10
# And with a slow bureau, as one request in ten asks it and half of those are the slowest in twenty;
# or with slow features: all the rest, and what the one that is slow takes in health.
_BEFORE_BUREAU, _OF_BUREAU = 0.05, 0.16
_BESIDE_FEATURES, _OF_FEATURES = 0.17, 0.03
_DEVIATIONS: Final = NormalDist().inv_cdf(1.0 - _ONE_IN_TWENTY)


def service_seconds(
    parts: ServiceTimes, *, bureau: float = 1.0, feature_store: float = 1.0, own: float = 1.0
) -> float:
    """Mean seconds of work on a scoring request with dependencies slower by a factor.

    `own` is how many times as long everything but the bureau's answer takes.

    >>> usual = ServiceTimes()
    >>> round(service_seconds(usual), 3), round(service_seconds(usual, feature_store=25), 3)
    (0.065, 0.391)
    """
    call, stall = parts.bureau, parts.stall
    asked = call.share * min(_rounded(call.distribution.mean, 2) * bureau, call.timeout_seconds)
    rest = parts.gateway.distribution.mean + stall.share * stall.distribution.mean
    model = _rounded(parts.prediction.distribution.mean, 4)
    return own * (_rounded(rest, 3) + model * feature_store) + asked


def ordinary_seconds(parts: ServiceTimes) -> float:
    """Seconds that one applicant in twenty waits in health.

    >>> ordinary_seconds(ServiceTimes())
    0.18
    """
    return _ORDINARY_SECONDS * (service_seconds(parts) / service_seconds(_USUAL))


def tail_factor(parts: ServiceTimes, share: float, factor: float) -> float:
    """How many times as long the slowest of twenty takes when a share takes `factor` times as long.

    Where more than one in twenty is slower, that one is the slowest of them.

    >>> usual = ServiceTimes()
    >>> tail_factor(usual, 0.04, 50.0), round(tail_factor(usual, 0.25, 10.0), 1)
    (1.0, 6.7)
    """
    if share <= _ONE_IN_TWENTY:
        return 1.0
    deviations = NormalDist().inv_cdf(max(1.0 - _ONE_IN_TWENTY / share, _ONE_IN_TWENTY))
    return max(1.0, factor * math.exp(parts.prediction.sigma * (deviations - _DEVIATIONS)))


def slowest_in_twenty(parts: ServiceTimes, share: float, factor: float) -> float:
    """Seconds that one applicant in twenty waits when a share of the requests is slower.

    >>> usual = ServiceTimes()
    >>> slowest_in_twenty(usual, 0.04, 50.0), round(slowest_in_twenty(usual, 0.25, 10.0), 2)
    (0.18, 0.67)
    """
    own = _OWN_SECONDS * _own_factor(parts)
    return max(ordinary_seconds(parts), own * tail_factor(parts, share, factor))


def slow_bureau_seconds(parts: ServiceTimes, factor: float) -> float:
    """The same with a bureau that takes `factor` times as long.

    >>> slow_bureau_seconds(ServiceTimes(), 2.0)
    0.37
    """
    share = parts.bureau.share
    if share <= _ONE_IN_TWENTY:
        return ordinary_seconds(parts)
    deviations = NormalDist().inv_cdf(max(1.0 - _ONE_IN_TWENTY / share, _ONE_IN_TWENTY))
    slowest = parts.bureau.median_seconds * math.exp(parts.bureau.sigma * deviations)
    called = _OF_BUREAU * factor * (slowest / _USUAL.bureau.median_seconds)
    return _BEFORE_BUREAU * _own_factor(parts) + called


def slow_features_seconds(parts: ServiceTimes, factor: float) -> float:
    """The same with predictions that take `factor` times as long.

    >>> slow_features_seconds(ServiceTimes(), 1.0)
    0.2
    """
    rest = ordinary_seconds(parts) / _ORDINARY_SECONDS
    own = _slowest(parts.prediction) / _slowest(_USUAL.prediction)
    return _BESIDE_FEATURES * rest + _OF_FEATURES * factor * own


def bureau_timeouts(bureau: Bureau, factor: float) -> float:
    """Share of decisions for which a bureau slower by a factor answers too late.

    >>> round(bureau_timeouts(Bureau(), 14), 3)
    0.061
    """
    late = math.log(bureau.median_seconds * factor / bureau.timeout_seconds) / bureau.sigma
    return bureau.share * NormalDist().cdf(late)


def _own_factor(parts: ServiceTimes) -> float:
    """How many times as long as usual a replica's own work takes."""
    own = service_seconds(parts, bureau=0.0)
    return own / service_seconds(_USUAL, bureau=0.0)


def _slowest(times: Times) -> float:
    """Seconds that one in twenty is longer than."""
    return times.median_seconds * math.exp(times.sigma * _DEVIATIONS)


def _rounded(seconds: float, digits: int) -> float:
    """Seconds to so many digits, and not to less than two significant ones."""
    return round(seconds, max(digits, 1 - math.floor(math.log10(seconds))))
