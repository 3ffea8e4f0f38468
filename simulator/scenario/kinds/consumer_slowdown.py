"""A consumer group is slow, or stopped."""

from collections.abc import Iterator
from typing import Literal

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase, Problem
from simulator.scenario.fields import Name, Ratio
from simulator.scenario.impact import messages_per_second
from simulator.scenario.lever import Lever, readable
from simulator.scenario.severity import behind, unarchived, worst
from simulator.scenario.vocabulary import Alarms

__all__ = ["ConsumerSlowdown"]


class ConsumerSlowdown(EpisodeBase):
    """A consumer group keeps only a share of its capacity; at 0 it is stopped."""

    kind: Literal["consumer-slowdown"]
    group: Name
    capacity_ratio: Ratio = 0.0

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """The group is there."""
        names = [group.name for group in base.platform.kafka.consumer_groups]
        if self.group not in names:
            yield "group", f"{self.group!r} is none of {', '.join(names)}"

    def consequences(self, base: Baseline) -> Alarms:
        """The group falls behind; the archiver even behind what the topic keeps."""
        backlog = self.backlog(base)
        archives = self.group == base.platform.kafka.archiver
        lost = unarchived(backlog, base) if archives else {}
        return worst(behind(backlog, base), lost)

    def backlog(self, base: Baseline) -> Backlog:
        """What the group does not get to."""
        rate, capacity = messages_per_second(base), base.platform.kafka.capacity(self.group)
        taken = capacity * self.capacity_ratio
        return Backlog(rate, taken, rate, capacity, self.longest_seconds)

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Each group."""
        return (_of_group(group.name) for group in base.platform.kafka.consumer_groups)


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
