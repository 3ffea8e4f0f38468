"""The object store fills up."""

from collections.abc import Iterator
from typing import Literal

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.erasure_coding import MOST_USED
from simulator.scenario.fields import Ratio
from simulator.scenario.impact import free_space, stopped_archiver, takes_writes
from simulator.scenario.lever import Lever, readable
from simulator.scenario.severity import space_taken, unstored, worst
from simulator.scenario.vocabulary import Alarms

__all__ = ["CapacityFilling"]


class CapacityFilling(EpisodeBase):
    """Another writer fills the object store up to a share of its usable capacity."""

    kind: Literal["capacity-filling"]
    used_ratio: Ratio

    def consequences(self, base: Baseline) -> Alarms:
        """Space gets short; without any, the archive stops."""
        found: Alarms = {"free-space": space_taken(1.0 - free_space(base, used=self.used_ratio))}
        return worst(found, unstored(self.backlog(base), base))

    def backlog(self, base: Baseline) -> Backlog | None:
        """The archiver's, if there is one, from when the store is full until space is made."""
        if takes_writes(base, used=self.used_ratio):
            return None
        usual = base.platform.minio.used_ratio
        room = max(MOST_USED - usual, 0.0)
        still_free = room / (self.used_ratio - usual) if room else 0.0  # share of each slide
        sliding = self.onset.rise + self.onset.fall
        return stopped_archiver(base, self.longest_seconds - sliding * still_free)

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """From what is used in health on."""
        free = 1.0 - base.platform.minio.used_ratio
        yield Lever(
            "store-fills",
            "capacity-filling",
            lambda share: {"used_ratio": readable(share)},
            tuple(readable(1.0 - free * left) for left in (0.8, 0.5, 0.3, 0.15, 0)),
            scale="difference",
        )
