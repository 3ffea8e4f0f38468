"""Who reads which topic: how much reaches each consumer group, and how much it can take."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.hashed_keys import hashed_keys
from simulator.scenario.impact import applications_per_second, messages_per_second
from simulator.scenario.platform.kafka import ConsumerGroup, Feed

__all__ = ["Reader", "longest", "readers"]


@dataclass(frozen=True, slots=True)
class Reader:
    """A consumer group on one of the topics that it reads, in messages per second.

    `arriving` is what would reach it if all partitions were like the fullest: a group is as late as
    it is there. `capacity` is what all of its members together can take.
    """

    group: str
    members: int
    partitions: int
    arriving: float
    capacity: float


def readers(base: Baseline, group: str | None = None) -> tuple[Reader, ...]:
    """Each group on each topic that it reads, or one group alone; on the scoring topic first.

    >>> [one.group for one in readers(Baseline(name="x", description="x", duration="1h"))]
    ['archiver', 'risk-monitoring']
    """
    return tuple(one for one in _readers(base) if group is None or one.group == group)


def longest(backlogs: Iterable[Backlog]) -> Backlog | None:
    """The one that is furthest behind, and takes longest to catch up; None where there is none."""
    return max(backlogs, key=lambda one: (one.seconds_behind, one.catch_up_seconds), default=None)


def _readers(base: Baseline) -> Iterator[Reader]:
    kafka = base.platform.kafka
    for one in kafka.consumer_groups:
        yield _reader(one, kafka.partitions, messages_per_second(base))
    for topic in kafka.further_topics:
        fullest = float(hashed_keys(base.seed, topic.partitions).max()) * topic.partitions
        arriving = _per_second(base, topic.fed_by) * topic.messages_each * fullest
        for one in topic.consumer_groups:
            yield _reader(one, topic.partitions, arriving)


def _reader(group: ConsumerGroup, partitions: int, arriving: float) -> Reader:
    return Reader(group.name, group.members, partitions, arriving, group.messages_per_second)


def _per_second(base: Baseline, feed: Feed) -> float:
    """How often that happens which brings a topic messages, in health."""
    received = applications_per_second(base)
    failing = sum(base.platform.api.healthy_faults.in_order()) + base.traffic.invalid_ratio
    match feed:
        case "requests":
            return base.traffic.requests_per_second
        case "errors":
            return received * min(failing, 1.0)
        case _:
            return received
