"""Families of Kafka, under the names, labels and help texts of danielqsj/kafka_exporter."""

from collections.abc import Callable
from itertools import product
from typing import Final

import numpy as np

from simulator.metrics import kafka_offsets
from simulator.metrics.families import Family, Labels, Layout
from simulator.scenario.baseline import Platform
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.trace import Trace

__all__ = ["KAFKA", "TOPIC"]

TOPIC: Final = Platform().kafka.topic


def _partitions(layout: Layout) -> list[Labels]:
    return [(TOPIC, str(p)) for p in range(layout.scenario.platform.kafka.partitions)]


def _groups(layout: Layout) -> list[str]:
    return [g.name for g in layout.scenario.platform.kafka.consumer_groups]


def _group_topics(layout: Layout) -> list[Labels]:
    return [(group, TOPIC) for group in _groups(layout)]


def _group_partitions(layout: Layout) -> list[Labels]:
    return [(g, *p) for g, p in product(_groups(layout), _partitions(layout))]


def _topics(layout: Layout) -> list[Labels]:
    del layout
    return [(TOPIC,)]


def _replicas(trace: Trace) -> int:
    return trace.scenario.platform.kafka.replication


def _in_sync_partitions(trace: Trace) -> Ints:
    return np.asarray((trace.cluster.in_sync == _replicas(trace)).sum(axis=1))


def _kafka(
    name: str,
    help_text: str,
    labels: tuple[str, ...],
    series: Callable[[Layout], list[Labels]],
    values: Callable[[Trace], Floats | Ints],
) -> Family:
    return Family(name, "gauge", "kafka-exporter", help_text, labels, series, values)


KAFKA: Final = (
    _kafka(
        "kafka_brokers",
        "Number of Brokers in the Kafka Cluster.",
        (),
        lambda _: [()],
        lambda t: t.cluster.brokers,
    ),
    _kafka(
        "kafka_topic_partitions",
        "Number of partitions for this Topic",
        ("topic",),
        _topics,
        lambda t: np.full(t.grid.count, t.cluster.in_sync.shape[1]),
    ),
    _kafka(
        "kafka_topic_partition_current_offset",
        "Current Offset of a Broker at Topic/Partition",
        ("topic", "partition"),
        _partitions,
        kafka_offsets.log_end,
    ),
    _kafka(
        "kafka_topic_partition_oldest_offset",
        "Oldest Offset of a Broker at Topic/Partition",
        ("topic", "partition"),
        _partitions,
        lambda t: t.topic.oldest,
    ),
    _kafka(
        "kafka_topic_partition_in_sync_replica",
        "Number of In-Sync Replicas for this Topic/Partition",
        ("topic", "partition"),
        _partitions,
        lambda t: t.cluster.in_sync,
    ),
    _kafka(
        "kafka_topic_partition_leader",
        "Leader Broker ID of this Topic/Partition",
        ("topic", "partition"),
        _partitions,
        lambda t: t.cluster.leader,
    ),
    _kafka(
        "kafka_topic_partition_leader_is_preferred",
        "1 if Topic/Partition is using the Preferred Broker",
        ("topic", "partition"),
        _partitions,
        lambda t: (t.cluster.leader == t.cluster.preferred).astype(np.int64),
    ),
    _kafka(
        "kafka_topic_partition_replicas",
        "Number of Replicas for this Topic/Partition",
        ("topic", "partition"),
        _partitions,
        lambda t: np.full(t.cluster.in_sync.shape, _replicas(t)),
    ),
    _kafka(
        "kafka_topic_partition_under_replicated_partition",
        "1 if Topic/Partition is under Replicated",
        ("topic", "partition"),
        _partitions,
        lambda t: (t.cluster.in_sync < _replicas(t)).astype(np.int64),
    ),
    _kafka(
        "kafka_topic_partitions_in_sync",
        "Number of partitions of this Topic whose in-sync replicas are all its replicas; derived "
        "from kafka_topic_partition_in_sync_replica.",
        ("topic",),
        _topics,
        _in_sync_partitions,
    ),
    _kafka(
        "kafka_consumergroup_lag",
        "Current Approximate Lag of a ConsumerGroup at Topic/Partition",
        ("consumergroup", "topic", "partition"),
        _group_partitions,
        kafka_offsets.lag,
    ),
    _kafka(
        "kafka_consumergroup_lag_sum",
        "Current Approximate Lag of a ConsumerGroup at Topic for all partitions",
        ("consumergroup", "topic"),
        _group_topics,
        kafka_offsets.lag_sum,
    ),
    _kafka(
        "kafka_consumergroup_current_offset",
        "Current Offset of a ConsumerGroup at Topic/Partition",
        ("consumergroup", "topic", "partition"),
        _group_partitions,
        kafka_offsets.committed,
    ),
    _kafka(
        "kafka_consumergroup_current_offset_sum",
        "Current Offset of a ConsumerGroup at Topic for all partitions",
        ("consumergroup", "topic"),
        _group_topics,
        kafka_offsets.committed_sum,
    ),
    _kafka(
        "kafka_consumergroup_members",
        "Amount of members in a consumer group",
        ("consumergroup",),
        lambda layout: [(g,) for g in _groups(layout)],
        kafka_offsets.members,
    ),
)
