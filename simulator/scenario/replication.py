"""Where Kafka keeps the copies of each partition."""

import numpy as np
from numpy.typing import NDArray

from simulator.scenario.baseline import Kafka

__all__ = ["replica_brokers"]


def replica_brokers(kafka: Kafka) -> NDArray[np.int64]:
    """The broker of each replica, shape (partitions, replicas): neighbours, the leader first.

    The brokers with the highest numbers are the ones that are lost.

    >>> replica_brokers(Kafka(brokers=3, partitions=2, replication=2))
    array([[0, 1],
           [1, 2]])
    """
    partitions = np.arange(kafka.partitions)
    return (partitions[:, np.newaxis] + np.arange(kafka.replication)) % kafka.brokers
