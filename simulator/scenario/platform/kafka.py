"""The Kafka cluster: its brokers, the scoring topic, and who reads it."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from simulator.scenario.fields import Described, Duration, LabelText, Name, PerSecond

__all__ = ["ConsumerGroup", "Kafka"]


class ConsumerGroup(Described):
    """A consumer group of the scoring topic."""

    name: Name
    """The name by which episodes know it."""
    label: LabelText | None = None
    """What the platform calls it, as the value of a label; its name without."""
    members: Annotated[int, Field(ge=1, le=100)] = 3
    """Consumers in the group."""
    messages_per_second: PerSecond = 1500.0
    """Messages that all of them together can take."""


class Kafka(Described):
    """The Kafka cluster and the scoring topic."""

    brokers: Annotated[int, Field(ge=1, le=50)] = 5
    """Brokers of the cluster."""
    topic: LabelText = "scoring-decisions"
    """What the scoring topic is called, which gets a message for each decision."""
    partitions: Annotated[int, Field(ge=1, le=100)] = 12
    """Partitions of the scoring topic."""
    replication: Annotated[int, Field(ge=1, le=10)] = 3
    """Copies of each partition."""
    min_isr: Annotated[int, Field(ge=1, le=10)] = 2
    """Copies that have to be in sync for a message to be taken."""
    consumer_groups: tuple[ConsumerGroup, ...] = (
        ConsumerGroup(name="archiver"),
        ConsumerGroup(name="risk-monitoring"),
    )
    """Who reads the scoring topic."""
    commit_interval_seconds: Annotated[float, Field(gt=0.0, le=3600.0)] = 1.0
    """How often each member commits its offsets."""
    retention_messages: Annotated[int, Field(ge=1, le=10**15)] = 10_000_000
    """What each partition keeps (its retention.bytes): by default 20 GB of 2 KiB each."""
    replica_lag_time: Duration = 30.0
    """How long a copy on a lost broker still counts as in sync."""
    catch_up: Duration = 300.0
    """How long the copies of a broker that is back take to be in sync again, all of them."""

    def capacity(self, group: str) -> float:
        """Messages per second that a consumer group can take."""
        return {g.name: g.messages_per_second for g in self.consumer_groups}[group]

    def group_labels(self) -> Mapping[str, str]:
        """What the platform calls each consumer group, by its name.

        >>> archiver = ConsumerGroup(name="archiver", label="S3 sink")
        >>> dict(Kafka(consumer_groups=(archiver,)).group_labels())
        {'archiver': 'S3 sink'}
        """
        return {group.name: group.label or group.name for group in self.consumer_groups}
