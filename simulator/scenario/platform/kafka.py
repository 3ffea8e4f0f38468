"""The Kafka cluster: its brokers, the scoring topic, and who reads it."""

import math
from collections.abc import Mapping
from itertools import chain
from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.scenario.fields import Described, Duration, LabelText, Name, PerSecond

__all__ = ["ConsumerGroup", "Feed", "FurtherTopic", "Kafka"]


_USUAL_ARCHIVER: Final = "archiver"


class ConsumerGroup(Described):
    """A consumer group of the scoring topic."""

    name: Name
    """The name by which episodes know it."""
    label: LabelText | None = None
    """What the platform calls it, as the value of a label; its name without."""
    archives: bool | None = None
    """Whether it writes what it reads into the object store; where no group says so, the one named
    archiver does. Without one nothing is stored."""
    members: Annotated[int, Field(ge=1, le=100)] = 3
    """Consumers in the group."""
    messages_per_second: PerSecond = 1500.0
    """Messages that all of them together can take."""


#: What brings messages: HTTP requests, applications received, decisions taken, or applications that
#: were not scored.
Feed = Literal["requests", "applications", "decisions", "errors"]


class FurtherTopic(Described):
    """A topic beside the scoring topic; what it cannot take is dropped, and no request fails."""

    name: LabelText
    """What it is called."""
    fed_by: Feed = "applications"
    """What brings it messages."""
    messages_each: Annotated[float, Field(ge=0.0, le=1000.0)] = 1.0
    """How many messages each of these brings on average: 0.2 is one for every fifth."""
    partitions: Annotated[int, Field(ge=1, le=100)] = 6
    """Its partitions."""
    replication: Annotated[int, Field(ge=1, le=10)] | None = None
    """Copies of each partition; as many as of the scoring topic without."""
    retention_messages: Annotated[int, Field(ge=1, le=10**15)] = 10_000_000
    """What each partition keeps."""
    consumer_groups: tuple[ConsumerGroup, ...] = ()
    """Who reads it. A group may read several topics: what happens to it happens in all of them."""


class Kafka(Described):
    """The Kafka cluster, the scoring topic, and others beside it."""

    brokers: Annotated[int, Field(ge=1, le=50)] = 5
    """Brokers of the cluster, whose ids are 0, 1, 2..."""
    addresses: tuple[LabelText, ...] = ()
    """Addresses of the brokers, as many as `brokers`; kafka-0:9092, kafka-1:9092... without."""
    topic: LabelText = "scoring-decisions"
    """What the scoring topic is called, which gets a message for each decision."""
    partitions: Annotated[int, Field(ge=1, le=100)] = 12
    """Partitions of the scoring topic."""
    replication: Annotated[int, Field(ge=1, le=10)] = 3
    """Copies of each partition."""
    min_isr: Annotated[int, Field(ge=1, le=10)] = 2
    """Copies that have to be in sync for a message to be taken."""
    consumer_groups: tuple[ConsumerGroup, ...] = (
        ConsumerGroup(name=_USUAL_ARCHIVER),
        ConsumerGroup(name="risk-monitoring"),
    )
    """Who reads the scoring topic; at most one of them archives it."""
    commit_interval_seconds: Annotated[float, Field(gt=0.0, le=3600.0)] = 1.0
    """How often each member commits its offsets."""
    retention_messages: Annotated[int, Field(ge=1, le=10**15)] = 10_000_000
    """What each partition keeps (its retention.bytes): by default 20 GB of 2 KiB each."""
    further_topics: tuple[FurtherTopic, ...] = ()
    """Topics beside the scoring topic, on the same brokers."""
    replica_lag_time: Duration = 30.0
    """How long a copy on a lost broker still counts as in sync."""
    catch_up: Duration = 300.0
    """How long the copies of a broker that is back take to be in sync again, all of them."""

    def broker_addresses(self) -> tuple[str, ...]:
        """Addresses of the brokers, in the order of their ids.

        >>> Kafka(brokers=2, replication=2).broker_addresses()
        ('kafka-0:9092', 'kafka-1:9092')
        """
        return self.addresses or tuple(f"kafka-{i}:9092" for i in range(self.brokers))

    def capacity(self, group: str) -> float:
        """Messages per second that a consumer group can take."""
        return {g.name: g.messages_per_second for g in self.consumer_groups}[group]

    @property
    def slowest_capacity(self) -> float:
        """Messages per second that the slowest group can take; infinite without any group."""
        return min((g.messages_per_second for g in self.consumer_groups), default=math.inf)

    @property
    def archiver(self) -> str | None:
        """The group that writes into the object store.

        >>> groups = ConsumerGroup(name="archiver"), ConsumerGroup(name="sink", archives=True)
        >>> Kafka().archiver, Kafka(consumer_groups=groups).archiver
        ('archiver', 'sink')
        >>> Kafka(consumer_groups=(ConsumerGroup(name="archiver", archives=False),)).archiver
        """
        told = [g.name for g in self.consumer_groups if g.archives]
        usual = [
            g.name for g in self.consumer_groups if g.archives is None and g.name == _USUAL_ARCHIVER
        ]
        return next(iter(told + usual), None)

    def group_labels(self) -> Mapping[str, str]:
        """What the platform calls each consumer group, by its name.

        >>> archiver = ConsumerGroup(name="archiver", label="S3 sink")
        >>> dict(Kafka(consumer_groups=(archiver,)).group_labels())
        {'archiver': 'S3 sink'}
        """
        return {group.name: group.label or group.name for group in self.groups()}

    def groups(self) -> tuple[ConsumerGroup, ...]:
        """The groups of all topics, each once, those of the scoring topic first."""
        topics = (self.consumer_groups, *(topic.consumer_groups for topic in self.further_topics))
        found: dict[str, ConsumerGroup] = {}
        for group in chain.from_iterable(topics):
            found.setdefault(group.name, group)
        return tuple(found.values())

    def topics(self) -> tuple[str, ...]:
        """What the topics are called, the scoring topic first."""
        return (self.topic, *(topic.name for topic in self.further_topics))
