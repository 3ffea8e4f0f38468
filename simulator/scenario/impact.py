"""What an incident does to people and data, in numbers that whoever runs the platform knows.

The arithmetic of an engineer's notebook, at one rate of traffic: it tells how grave an incident is
before any metric of it has been looked at.
"""

from collections.abc import Sequence
from typing import Final

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.erasure_coding import MOST_USED, quorums
from simulator.scenario.hashed_keys import hashed_keys
from simulator.scenario.mix import applications_each, endpoint_shares
from simulator.scenario.replication import replica_brokers
from simulator.scenario.waits import service_seconds

__all__ = [
    "applications_per_second",
    "busy",
    "copies_left",
    "free_space",
    "has_write_quorum",
    "messages_per_second",
    "peak",
    "stopped_archiver",
    "takes_writes",
]

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
    in_health = service_seconds(base.platform.api.service_times)
    return per_second * (in_health if seconds is None else seconds) / workers


def copies_left(base: Baseline, brokers_lost: int) -> tuple[int, ...]:
    """Copies left of each partition when `brokers_lost` are lost.

    >>> copies_left(Baseline(name="x", description="x", duration="1h"), 2)
    (3, 2, 1, 1, 2, 3, 2, 1, 1, 2, 3, 2)
    """
    kafka = base.platform.kafka
    up = kafka.brokers - brokers_lost
    return tuple((replica_brokers(kafka) < up).sum(axis=1).tolist())


def has_write_quorum(base: Baseline, lost: Sequence[int]) -> bool:
    """Whether every pool of the object store takes writes with so many drives of it lost."""
    minio = base.platform.minio
    _, needed = quorums(minio)
    return minio.drives_of_pool - max(lost) >= needed


def free_space(base: Baseline, *, drives_lost: int = 0, used: float = 0.0) -> float:
    """Share of the capacity there still is that is free, with drives lost or space used.

    >>> x = Baseline(name="x", description="x", duration="1h")
    >>> round(free_space(x), 2), round(free_space(x, drives_lost=8), 2)
    (0.45, 0.0)
    """
    minio = base.platform.minio
    left = 1.0 - drives_lost / minio.drives
    return max(1.0 - max(used, minio.used_ratio) / left, 0.0) if left > 0.0 else 0.0


def takes_writes(base: Baseline, *, lost: Sequence[int] = (0,), used: float = 0.0) -> bool:
    """Whether the object store takes writes with drives of its pools lost, or space used.

    >>> x = Baseline(name="x", description="x", duration="1h")
    >>> takes_writes(x, used=0.98), takes_writes(x, used=0.995), takes_writes(x, lost=[5])
    (True, False, False)
    """
    free = free_space(base, drives_lost=sum(lost), used=used)
    return has_write_quorum(base, lost) and free > 1.0 - MOST_USED
