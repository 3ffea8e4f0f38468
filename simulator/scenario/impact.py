"""What an incident does to people and data, in numbers that whoever runs the platform knows.

The arithmetic of an engineer's notebook, at the mean rate of traffic: it tells how grave an
incident is before any metric of it has been looked at.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType
from typing import Final

from simulator.scenario.episodes import EpisodeBase
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import Severity, ViolationType

__all__ = [
    "ORDINARY_PER_10K",
    "Backlog",
    "applications_per_second",
    "bureau_timeouts",
    "busy",
    "compliance_of",
    "copies_left",
    "free_space",
    "graded",
    "has_write_quorum",
    "longest_seconds",
    "service_seconds",
]

#: Violations per 10 000 scorings on an ordinary day. No rates are published: a design choice.
ORDINARY_PER_10K: Final[Mapping[ViolationType, float]] = MappingProxyType(
    {
        "automated_refusal_without_review": 0.20,
        "refusal_reason_missing": 0.30,
        "legal_basis_missing": 0.25,
        "retention_exceeded": 0.10,
        "unauthorised_access": 0.003,
        "kyc_document_expired": 0.35,
        "screening_missed": 0.01,
        "suspicion_report_late": 0.02,
        "ficp_check_missing": 0.15,
        "audit_log_gap": 0.08,
    }
)
# Times the ordinary: three is no coincidence any more, six fills an ordinary week in a day.
_TIMES_ORDINARY: Final = (3.0, 6.0)

# A scoring request in health, in mean seconds: the model, the bureau (asked for one in ten, given
# up after 1.5 s), and all the rest.
_MODEL_SECONDS: Final = 0.0136
_REST_SECONDS: Final = 0.038
_BUREAU_SECONDS: Final = 0.13
_BUREAU_SHARE: Final = 0.10
_BUREAU_PATIENCE: Final = 1.5
_BUREAU_MEDIAN: Final = 0.12
_BUREAU_SPREAD: Final = 0.4  # standard deviation of the logarithm
_PEAK_DEVIATIONS: Final = 2.0  # of the noise: a crowd that comes now and then within an hour


def graded(value: float, orange: float, red: float) -> Severity:
    """The severity of a value of which more is worse, from two boundaries that belong to theirs.

    >>> graded(0.5, 1.0, 2.0), graded(1.0, 1.0, 2.0), graded(2.0, 1.0, 2.0)
    ('none', 'orange', 'red')
    """
    return "red" if value >= red else "orange" if value >= orange else "none"


def compliance_of(added: float) -> Severity:
    """How grave so many violations more per 10 000 decisions are, beside the ordinary 1.46.

    >>> compliance_of(1.0), compliance_of(4.0), compliance_of(30.0)
    ('none', 'orange', 'red')
    """
    ordinary = sum(ORDINARY_PER_10K.values())
    return graded((ordinary + added) / ordinary, *_TIMES_ORDINARY)


def applications_per_second(scenario: Scenario) -> float:
    """Applications that arrive to be scored per second, at the mean rate; a batch holds several.

    >>> round(applications_per_second(Scenario(name="x", description="x", duration="1h")), 1)
    58.4
    """
    weights, sizes = scenario.traffic.endpoints, scenario.traffic.batch_sizes
    each = weights.get("score", 0.0) + weights.get("batch", 0.0) * sum(sizes) / len(sizes)
    return scenario.traffic.requests_per_second * each / sum(weights.values())


def service_seconds(*, bureau: float = 1.0, feature_store: float = 1.0) -> float:
    """Mean seconds of work on a scoring request when dependencies are so many times slower.

    >>> round(service_seconds(), 3), round(service_seconds(feature_store=25), 3)
    (0.065, 0.391)
    """
    asked = _BUREAU_SHARE * min(_BUREAU_SECONDS * bureau, _BUREAU_PATIENCE)
    return _REST_SECONDS + _MODEL_SECONDS * feature_store + asked


def bureau_timeouts(factor: float) -> float:
    """Share of decisions for which a bureau that is so many times slower answers too late.

    >>> round(bureau_timeouts(14), 3)
    0.061
    """
    late = math.log(_BUREAU_MEDIAN * factor / _BUREAU_PATIENCE) / _BUREAU_SPREAD
    return _BUREAU_SHARE * NormalDist().cdf(late)


def busy(
    scenario: Scenario, *, seconds: float | None = None, lost: float = 0.0, factor: float = 1.0
) -> float:
    """Work that arrives while many come, as a share of what the API's workers can do; may pass 1.

    Args:
        scenario: the platform and its traffic.
        seconds: mean seconds of work on a request; in health without.
        lost: share of the workers that is lost.
        factor: times the usual traffic.

    >>> round(busy(Scenario(name="x", description="x", duration="1h"), lost=0.9), 2)
    0.92
    """
    weights = scenario.traffic.endpoints
    scoring = (weights.get("score", 0.0) + weights.get("batch", 0.0)) / sum(weights.values())
    peak = 1.0 + _PEAK_DEVIATIONS * scenario.traffic.noise_ratio
    per_second = scenario.traffic.requests_per_second * scoring * factor * peak
    workers = max(round(scenario.platform.api.workers * (1.0 - lost)), 1)
    return per_second * (service_seconds() if seconds is None else seconds) / workers


def longest_seconds(episode: EpisodeBase) -> float:
    """The longest time for which an episode is on without a break, in its own seconds."""
    onset = episode.onset
    return onset.period * onset.duty if onset.shape == "recurring" else episode.duration


@dataclass(frozen=True, slots=True)
class Backlog:
    """Messages per second that reach a consumer: `arriving`, `taken`, and `usual`ly arriving.

    After `seconds` of it the consumer takes up to `capacity` again. Between pauses of `pause`
    seconds it may well keep up.

    >>> stopped = Backlog(arriving=50.0, taken=0.0, usual=50.0, capacity=1500.0, seconds=600.0)
    >>> stopped.seconds_behind, round(stopped.catch_up_seconds, 1)
    (600.0, 20.7)
    """

    arriving: float
    taken: float
    usual: float
    capacity: float
    seconds: float
    pause: float = 0.0

    @property
    def seconds_behind(self) -> float:
        """How old the decisions are that the consumer gets to in the end."""
        if self.arriving <= 0.0:
            return 0.0
        return max(self.seconds * (1.0 - self.taken / self.arriving), self.pause)

    @property
    def catch_up_seconds(self) -> float:
        """Seconds until nothing is left of it; infinite for a consumer that is always too slow."""
        spare = self.capacity - self.usual
        return self.seconds_behind * self.arriving / spare if spare > 0.0 else math.inf


def copies_left(scenario: Scenario, brokers_lost: int) -> tuple[int, ...]:
    """Copies left of each partition: replicas lie on neighbours, the last brokers are lost.

    >>> copies_left(Scenario(name="x", description="x", duration="1h"), 2)
    (3, 2, 1, 1, 2, 3, 2, 1, 1, 2, 3, 2)
    """
    kafka = scenario.platform.kafka
    up = kafka.brokers - brokers_lost
    replicas = range(kafka.replication)
    return tuple(
        sum((partition + r) % kafka.brokers < up for r in replicas)
        for partition in range(kafka.partitions)
    )


def has_write_quorum(scenario: Scenario, drives_lost: int) -> bool:
    """Whether the object store takes writes: the data drives, one more if half hold parity."""
    minio = scenario.platform.minio
    total = minio.nodes * minio.drives_per_node
    data = total - minio.parity
    return total - drives_lost >= data + (data == minio.parity)


def free_space(scenario: Scenario, *, drives_lost: int = 0, used: float = 0.0) -> float:
    """Share of the capacity there still is that is free, with so many drives lost or so much used.

    >>> x = Scenario(name="x", description="x", duration="1h")
    >>> round(free_space(x), 2), round(free_space(x, drives_lost=8), 2)
    (0.45, 0.0)
    """
    minio = scenario.platform.minio
    left = 1.0 - drives_lost / (minio.nodes * minio.drives_per_node)
    return max(1.0 - max(used, minio.used_ratio) / left, 0.0) if left > 0.0 else 0.0
