"""Which member of a consumer group reads which partition."""

import numpy as np

from simulator.simulation.arrays import Ints

__all__ = ["NOBODY", "range_assignment", "sticky_assignment"]

#: Stands for the reader of a partition that has none.
NOBODY = -1


def range_assignment(n_partitions: int, n_members: int) -> Ints:
    """The member that reads each partition, shape (partitions,): neighbours go together.

    As Kafka's `RangeAssignor`, its default: the first members have one more where it does not come
    out even, and the last ones none where there are more members than partitions.

    >>> range_assignment(7, 3), range_assignment(2, 3), range_assignment(2, 0)
    (array([0, 0, 0, 1, 1, 2, 2]), array([0, 1]), array([-1, -1]))
    """
    if n_members == 0:
        return np.full(n_partitions, NOBODY)
    each, more = divmod(n_partitions, n_members)
    return np.repeat(np.arange(n_members), each + (np.arange(n_members) < more))


def sticky_assignment(readers: Ints, gone: int, n_members: int) -> Ints:
    """The readers once member `gone` of `n_members` has left, shape (partitions,).

    As Kafka's `CooperativeStickyAssignor`: the others keep theirs, and each partition of the one
    that left goes to whoever has the fewest by then.

    >>> sticky_assignment(np.array([0, 0, 0, 1, 1, 2, 2]), gone=0, n_members=3)
    array([1, 2, 1, 1, 1, 2, 2])
    """
    after = readers.copy()
    after[readers == gone] = NOBODY
    others = [member for member in range(n_members) if member != gone]
    for partition in np.flatnonzero(readers == gone) if others else ():
        after[partition] = min(others, key=lambda member: int((after == member).sum()))
    return after
