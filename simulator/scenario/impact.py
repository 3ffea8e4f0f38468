"""What an incident does to people and data, in numbers that whoever runs the platform knows.

The arithmetic of an engineer's notebook, at one rate of traffic: it tells how grave an incident is
before any metric of it has been looked at.
"""

import math
from statistics import NormalDist
from typing import Final

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.erasure_coding import MOST_USED, quorums
from simulator.scenario.hashed_keys import hashed_keys
from simulator.scenario.mix import applications_each, endpoint_shares
from simulator.scenario.replication import replica_brokers
from simulator.scenario.service_times import (
    BUREAU,
    BUREAU_SHARE,
    BUREAU_TIMEOUT_SECONDS,
    GATEWAY,
    PREDICTION,
    STALL,
    STALL_SHARE,
)

__all__ = [
    "applications_per_second",
    "bureau_timeouts",
    "busy",
    "copies_left",
    "free_space",
    "has_write_quorum",
    "messages_per_second",
    "peak",
    "service_seconds",
    "slowest_in_twenty",
    "stopped_archiver",
    "tail_factor",
    "takes_writes",
]

# A scoring request in health, in mean seconds to two digits: the model, the bureau, all the rest.
_MODEL_SECONDS: Final = round(PREDICTION.mean, 4)
_BUREAU_SECONDS: Final = round(BUREAU.mean, 2)
_REST_SECONDS: Final = round(GATEWAY.mean + STALL_SHARE * STALL.mean, 3)
# What one applicant in twenty waits in health, and what of it is a replica's own work.
_ONE_IN_TWENTY: Final = 0.05
_ORDINARY_SECONDS, _OWN_SECONDS = 0.18, 0.10
_PEAK_DEVIATIONS: Final = 2.0  # of the noise: a crowd that comes now and then within an hour


def applications_per_second(base: Baseline) -> float:
    """Applications that arrive to be scored per second, at the mean rate.

    >>> round(applications_per_second(Baseline(name="x", description="x", duration="1h")), 1)
    58.4
    """
    each = float(endpoint_shares(base.traffic) @ applications_each(base.traffic))
    return base.traffic.requests_per_second * each


def messages_per_second(base: Baseline) -> float:
    """Messages per second that reach a consumer group, if all partitions were like the fullest.

    Keys fill partitions unevenly, and a group is as late as it is on the one that gets most.

    >>> round(messages_per_second(Baseline(name="x", description="x", duration="1h")), 1)
    59.8
    """
    n_partitions = base.platform.kafka.partitions
    fullest = float(hashed_keys(base.seed, n_partitions).max())
    return applications_per_second(base) * n_partitions * fullest


def stopped_archiver(base: Baseline, seconds: float) -> Backlog | None:
    """What the archiver does not get to while it can write nothing; None where nobody archives."""
    kafka, rate = base.platform.kafka, messages_per_second(base)
    if kafka.archiver is None:
        return None
    return Backlog(rate, 0.0, rate, kafka.capacity(kafka.archiver), seconds)


def peak(base: Baseline) -> float:
    """Times the rate of the hour at which requests come now and then within it.

    >>> peak(Baseline(name="x", description="x", duration="1h"))
    1.3
    """
    return 1.0 + _PEAK_DEVIATIONS * base.traffic.noise_ratio


def service_seconds(*, bureau: float = 1.0, feature_store: float = 1.0, own: float = 1.0) -> float:
    """Mean seconds of work on a scoring request with dependencies slower by a factor.

    `own` is how many times as long everything but the bureau's answer takes.

    >>> round(service_seconds(), 3), round(service_seconds(feature_store=25), 3)
    (0.065, 0.391)
    """
    asked = BUREAU_SHARE * min(_BUREAU_SECONDS * bureau, BUREAU_TIMEOUT_SECONDS)
    return own * (_REST_SECONDS + _MODEL_SECONDS * feature_store) + asked


def tail_factor(share: float, factor: float) -> float:
    """How many times as long the slowest of twenty takes when a share takes `factor` times as long.

    Where more than one in twenty is slower, that one is the slowest of them.

    >>> tail_factor(0.04, 50.0), round(tail_factor(0.25, 10.0), 1), tail_factor(1.0, 10.0)
    (1.0, 6.7, 10.0)
    """
    if share <= _ONE_IN_TWENTY:
        return 1.0
    deviations = NormalDist().inv_cdf(max(1.0 - _ONE_IN_TWENTY / share, _ONE_IN_TWENTY))
    usual = NormalDist().inv_cdf(1.0 - _ONE_IN_TWENTY)
    return max(1.0, factor * math.exp(PREDICTION.sigma * (deviations - usual)))


def slowest_in_twenty(share: float, factor: float) -> float:
    """Seconds that one applicant in twenty waits when a share of the requests is slower.

    >>> slowest_in_twenty(0.04, 50.0), round(slowest_in_twenty(0.25, 10.0), 2)
    (0.18, 0.67)
    """
    return max(_ORDINARY_SECONDS, _OWN_SECONDS * tail_factor(share, factor))


def bureau_timeouts(factor: float) -> float:
    """Share of decisions for which a bureau slower by a factor answers too late.

    >>> round(bureau_timeouts(14), 3)
    0.061
    """
    late = math.log(BUREAU.median * factor / BUREAU_TIMEOUT_SECONDS) / BUREAU.sigma
    return BUREAU_SHARE * NormalDist().cdf(late)


def busy(
    base: Baseline, *, seconds: float | None = None, lost: float = 0.0, factor: float = 1.0
) -> float:
    """Work that arrives while many come, as a share of what the API's workers can do; may pass 1.

    Args:
        base: the platform and its traffic.
        seconds: mean seconds of work on a request; in health without.
        lost: share of the workers that is lost.
        factor: times the usual traffic.

    >>> round(busy(Baseline(name="x", description="x", duration="1h"), lost=0.9), 2)
    0.92
    """
    weights = base.traffic.endpoints
    scoring = (weights.get("score", 0.0) + weights.get("batch", 0.0)) / sum(weights.values())
    per_second = base.traffic.requests_per_second * scoring * factor * peak(base)
    workers = max(round(base.platform.api.workers * (1.0 - lost)), 1)
    return per_second * (service_seconds() if seconds is None else seconds) / workers


def copies_left(base: Baseline, brokers_lost: int) -> tuple[int, ...]:
    """Copies left of each partition when `brokers_lost` are lost.

    >>> copies_left(Baseline(name="x", description="x", duration="1h"), 2)
    (3, 2, 1, 1, 2, 3, 2, 1, 1, 2, 3, 2)
    """
    kafka = base.platform.kafka
    up = kafka.brokers - brokers_lost
    return tuple((replica_brokers(kafka) < up).sum(axis=1).tolist())


def has_write_quorum(base: Baseline, drives_lost: int) -> bool:
    """Whether the object store takes writes with `drives_lost`."""
    minio = base.platform.minio
    _, needed = quorums(minio)
    return minio.drives - drives_lost >= needed


def free_space(base: Baseline, *, drives_lost: int = 0, used: float = 0.0) -> float:
    """Share of the capacity there still is that is free, with drives lost or space used.

    >>> x = Baseline(name="x", description="x", duration="1h")
    >>> round(free_space(x), 2), round(free_space(x, drives_lost=8), 2)
    (0.45, 0.0)
    """
    minio = base.platform.minio
    left = 1.0 - drives_lost / minio.drives
    return max(1.0 - max(used, minio.used_ratio) / left, 0.0) if left > 0.0 else 0.0


def takes_writes(base: Baseline, *, drives_lost: int = 0, used: float = 0.0) -> bool:
    """Whether the object store takes writes with drives lost or space used: quorum and room.

    >>> x = Baseline(name="x", description="x", duration="1h")
    >>> takes_writes(x, used=0.98), takes_writes(x, used=0.995), takes_writes(x, drives_lost=5)
    (True, False, False)
    """
    free = free_space(base, drives_lost=drives_lost, used=used)
    return has_write_quorum(base, drives_lost) and free > 1.0 - MOST_USED
