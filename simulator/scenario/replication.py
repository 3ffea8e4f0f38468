"""Where Kafka keeps the copies of each partition."""

import numpy as np
from numpy.typing import NDArray

from simulator.scenario.baseline import Kafka

__all__ = ["replica_brokers"]


def replica_brokers(kafka: Kafka) -> NDArray[np.int64]:
    """The broker of each replica, shape (partitions, replicas): neighbours, the leader first.

    The brokers with the highest numbers are the ones that are lost, so those lead wherever there
    are fewer partitions than brokers.

    >>> replica_brokers(Kafka(brokers=3, partitions=4, replication=2))
    array([[0, 1],
           [1, 2],
           [2, 0],
           [0, 1]])
    >>> replica_brokers(Kafka(brokers=5, partitions=1, replication=3))
    array([[4, 0, 1]])
    """
    first = max(kafka.brokers - kafka.partitions, 0)
    leaders = first + np.arange(kafka.partitions)
    return (leaders[:, np.newaxis] + np.arange(kafka.replication)) % kafka.brokers
