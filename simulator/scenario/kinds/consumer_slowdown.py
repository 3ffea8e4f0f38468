"""A consumer group is slow, or stopped."""

from collections.abc import Iterator
from typing import Literal

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.fields import Ratio
from simulator.scenario.group_episode import GroupEpisode
from simulator.scenario.lever import Lever, readable
from simulator.scenario.readers import Reader

__all__ = ["ConsumerSlowdown"]


class ConsumerSlowdown(GroupEpisode):
    """A consumer group keeps only a share of its capacity; at 0 it is stopped."""

    kind: Literal["consumer-slowdown"]
    capacity_ratio: Ratio = 0.0

    def backlog_of(self, reader: Reader) -> Backlog:
        """What is beyond the share of the capacity that is left."""
        rate, capacity = reader.arriving, reader.capacity
        return Backlog(rate, capacity * self.capacity_ratio, rate, capacity, self.longest_seconds)

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Each group."""
        return (_of_group(group.name) for group in base.platform.kafka.groups())


def _of_group(group: str) -> Lever:
    return Lever(
        f"{group}-slow",
        "consumer-slowdown",
        lambda lost: {"group": group, "capacity_ratio": readable(1.0 - lost)},
        (0.5, 0.75, 0.85, 0.92, 1.0),
        scale="difference",
        recovers=1200.0,
        part=group,
    )
