"""A consumer group rebalances again and again."""

from collections.abc import Iterator
from typing import Final, Literal

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import Problem
from simulator.scenario.fields import Duration
from simulator.scenario.group_episode import GroupEpisode
from simulator.scenario.lever import Lever
from simulator.scenario.readers import Reader
from simulator.timeline.durations import format_duration

__all__ = ["Rebalance"]

_EVERY_SECONDS: Final = 100.0  # no multiple of the time between two looks at a panel


class Rebalance(GroupEpisode):
    """A consumer group rebalances eagerly, again and again: all its partitions pause."""

    kind: Literal["rebalance"]
    every: Duration
    pause: Duration

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """The group is there, and a pause ends before the next begins."""
        yield from super().problems(base)
        if not 0.0 < self.pause <= self.every:
            yield (
                "pause",
                f"{format_duration(self.pause)} is not within every {format_duration(self.every)}",
            )

    def backlog_of(self, reader: Reader) -> Backlog:
        """What the group does not get to in between, if only for a pause."""
        rate, capacity, seconds = reader.arriving, reader.capacity, self.longest_seconds
        taken = capacity * (1.0 - self.pause / self.every)
        return Backlog(rate, taken, rate, capacity, seconds, min(self.pause, seconds))

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Each group."""
        return (_of_group(group.name) for group in base.platform.kafka.groups())


def _of_group(group: str) -> Lever:
    every = format_duration(_EVERY_SECONDS)
    return Lever(
        f"{group}-rebalances",
        "rebalance",
        lambda pause: {"group": group, "every": every, "pause": format_duration(round(pause))},
        (15.0, 30.0, 60.0, 90.0),
        recovers=300.0,
        part=group,
    )
