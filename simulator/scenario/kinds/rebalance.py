"""A consumer group rebalances again and again."""

from collections.abc import Iterator
from typing import Final, Literal

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase, Problem
from simulator.scenario.fields import Duration, Name
from simulator.scenario.impact import messages_per_second
from simulator.scenario.lever import Lever
from simulator.scenario.severity import behind
from simulator.scenario.vocabulary import Alarms
from simulator.timeline.durations import format_duration

__all__ = ["Rebalance"]

_EVERY_SECONDS: Final = 100.0  # no multiple of the time between two looks at a panel


class Rebalance(EpisodeBase):
    """A consumer group rebalances eagerly, again and again: all its partitions pause."""

    kind: Literal["rebalance"]
    group: Name
    every: Duration
    pause: Duration

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """The group is there, and a pause ends before the next begins."""
        names = [group.name for group in base.platform.kafka.consumer_groups]
        if self.group not in names:
            yield "group", f"{self.group!r} is none of {', '.join(names)}"
        if not 0.0 < self.pause <= self.every:
            yield (
                "pause",
                f"{format_duration(self.pause)} is not within every {format_duration(self.every)}",
            )

    def consequences(self, base: Baseline) -> Alarms:
        """The group falls behind, if only for a pause."""
        return behind(self.backlog(base), base)

    def backlog(self, base: Baseline) -> Backlog:
        """What the group does not get to in between."""
        rate, capacity = messages_per_second(base), base.platform.kafka.capacity(self.group)
        taken, seconds = capacity * (1.0 - self.pause / self.every), self.longest_seconds
        return Backlog(rate, taken, rate, capacity, seconds, min(self.pause, seconds))

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Each group."""
        return (_of_group(group.name) for group in base.platform.kafka.consumer_groups)


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
