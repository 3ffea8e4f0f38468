"""One partition gets too much."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase, Problem
from simulator.scenario.fields import Ratio
from simulator.scenario.hashed_keys import hashed_keys
from simulator.scenario.impact import applications_per_second
from simulator.scenario.lever import Lever
from simulator.scenario.severity import behind
from simulator.scenario.vocabulary import Alarms

__all__ = ["HotPartition"]


class HotPartition(EpisodeBase):
    """One key floods one partition with a share of all messages."""

    kind: Literal["hot-partition"]
    partition: Annotated[int, Field(ge=0)]
    share: Ratio

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """The partition is there."""
        partitions = base.platform.kafka.partitions
        if self.partition >= partitions:
            yield "partition", f"{self.partition} of partitions 0 to {partitions - 1}"

    def consequences(self, base: Baseline) -> Alarms:
        """Its consumers fall behind."""
        return behind(self.backlog(base), base)

    def backlog(self, base: Baseline) -> Backlog:
        """The slowest group's, on that partition."""
        kafka, rate = base.platform.kafka, applications_per_second(base)
        own = rate * float(hashed_keys(base.seed, kafka.partitions)[self.partition])
        one = kafka.slowest_capacity / kafka.partitions
        hot = rate * self.share + own * (1.0 - self.share)
        return Backlog(hot, one, own, one, self.longest_seconds)

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """The first partition, which every topic has."""
        yield Lever(
            "hot-key",
            "hot-partition",
            lambda share: {"partition": 0, "share": share},
            (0.1, 0.2, 0.4, 0.8),
            recovers=1200.0,
        )
