"""Kafka, as danielqsj/kafka_exporter sees it."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from simulator.measures import kafka_offsets
from simulator.measures.measure import Fold, Measure, Numbers, over
from simulator.measures.seen import Seen
from simulator.scenario.vocabulary import Signal
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.trace import Trace

__all__ = ["KAFKA", "of_topics"]

_PARTITIONS: Final = ("topic", "partition")
_GROUP_PARTITIONS: Final = ("group", "topic", "partition")


def _kafka(  # noqa: PLR0913 - what a measure is
    name: str,
    help_text: str,
    dimensions: tuple[str, ...],
    values: Callable[[Trace], Floats | Ints],
    *,
    folds: tuple[Fold, ...] = ("sum", "max", "min", "mean"),
    signal: Signal | None = None,
) -> Measure:
    def of(seen: Seen, _: tuple[str, ...]) -> Numbers:
        return of_topics(seen.trace.by_topic(), dimensions, values)

    return Measure(
        name, "kafka-exporter", "state", help_text, dimensions, of, folds=folds, signal=signal
    )


def of_topics(
    topics: Sequence[Trace], dimensions: tuple[str, ...], values: Callable[[Trace], Floats | Ints]
) -> Numbers:
    """Values of all topics; `nan` for partitions and groups that one of them does not have."""
    if {"topic", "group"}.isdisjoint(dimensions):
        return values(topics[0])
    if len(topics) == 1:
        found = values(topics[0])
        return (
            np.expand_dims(found, dimensions.index("topic") + 1) if "topic" in dimensions else found
        )
    kafka = topics[0].scenario.platform.kafka
    groups = {group.name: i for i, group in enumerate(kafka.groups())}
    sizes = {
        "group": len(groups),
        "topic": len(topics),
        "partition": max(t.cluster.in_sync.shape[1] for t in topics),
    }
    whole = np.full((topics[0].grid.count, *(sizes[d] for d in dimensions)), np.nan)
    for i, topic in reversed(list(enumerate(topics))):  # of what is of no topic, the first's counts
        found = values(topic)
        own = [groups[g.name] for g in topic.scenario.platform.kafka.consumer_groups]
        at = {"group": own, "topic": [i], "partition": list(range(topic.cluster.in_sync.shape[1]))}
        places = np.ix_(range(len(whole)), *(at[d] for d in dimensions))
        whole[places] = found.reshape(whole[places].shape)
    return whole


def _messages_in(seen: Seen, asked: tuple[str, ...]) -> Ints:
    topics = of_topics(seen.trace.by_topic(), _PARTITIONS, lambda t: t.topic.produced)
    return over(np.nan_to_num(topics).astype(np.int64), _PARTITIONS, asked)


def _replicas(trace: Trace) -> int:
    return trace.scenario.platform.kafka.replication


def _in_sync_partitions(trace: Trace) -> Ints:
    return np.asarray((trace.cluster.in_sync == _replicas(trace)).sum(axis=1))


KAFKA: Final = (
    _kafka("brokers", "Number of Brokers in the Kafka Cluster.", (), lambda t: t.cluster.brokers),
    _kafka(
        "broker",
        "Information about the Kafka Broker.",
        ("broker",),
        lambda t: np.where(t.cluster.online, 1.0, np.nan),
        signal="replication",
    ),
    _kafka(
        "topic_partitions",
        "Number of partitions for this Topic",
        ("topic",),
        lambda t: np.full(t.grid.count, t.cluster.in_sync.shape[1]),
    ),
    _kafka(
        "log_end_offset",
        "Current Offset of a Broker at Topic/Partition",
        _PARTITIONS,
        kafka_offsets.log_end,
    ),
    _kafka(
        "oldest_offset",
        "Oldest Offset of a Broker at Topic/Partition",
        _PARTITIONS,
        lambda t: t.topic.oldest,
    ),
    _kafka(
        "in_sync_replicas",
        "Number of In-Sync Replicas for this Topic/Partition",
        _PARTITIONS,
        lambda t: t.cluster.in_sync,
        folds=("min", "sum", "max", "mean"),
        signal="min-isr",
    ),
    _kafka(
        "leader",
        "Leader Broker ID of this Topic/Partition",
        _PARTITIONS,
        lambda t: t.cluster.leader,
        folds=("min", "max"),
    ),
    _kafka(
        "leader_is_preferred",
        "1 if Topic/Partition is using the Preferred Broker",
        _PARTITIONS,
        lambda t: (t.cluster.leader == t.cluster.preferred).astype(np.int64),
    ),
    _kafka(
        "replicas",
        "Number of Replicas for this Topic/Partition",
        _PARTITIONS,
        lambda t: np.full(t.cluster.in_sync.shape, _replicas(t)),
    ),
    _kafka(
        "under_replicated",
        "1 if Topic/Partition is under Replicated",
        _PARTITIONS,
        lambda t: (t.cluster.in_sync < _replicas(t)).astype(np.int64),
        signal="replication",
    ),
    _kafka(
        "partitions_in_sync",
        "Number of partitions of this Topic whose in-sync replicas are all its replicas; derived "
        "from kafka_topic_partition_in_sync_replica.",
        ("topic",),
        _in_sync_partitions,
    ),
    _kafka(
        "lag",
        "Current Approximate Lag of a ConsumerGroup at Topic/Partition",
        _GROUP_PARTITIONS,
        kafka_offsets.lag,
        signal="consumer-lag",
    ),
    _kafka(
        "lag_sum",
        "Current Approximate Lag of a ConsumerGroup at Topic for all partitions",
        ("group", "topic"),
        kafka_offsets.lag_sum,
        signal="consumer-lag",
    ),
    _kafka(
        "committed_offset",
        "Current Offset of a ConsumerGroup at Topic/Partition",
        _GROUP_PARTITIONS,
        kafka_offsets.committed,
    ),
    _kafka(
        "committed_offset_sum",
        "Current Offset of a ConsumerGroup at Topic for all partitions",
        ("group", "topic"),
        kafka_offsets.committed_sum,
    ),
    _kafka(
        "group_members", "Amount of members in a consumer group", ("group",), kafka_offsets.members
    ),
    Measure(
        "messages_in",
        "kafka-exporter",
        "count",
        "Messages that brokers took, by partition.",
        _PARTITIONS,
        _messages_in,
    ),
)
