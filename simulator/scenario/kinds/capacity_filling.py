"""The object store fills up."""

from collections.abc import Iterator
from typing import Literal

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.fields import Ratio
from simulator.scenario.impact import free_space
from simulator.scenario.lever import Lever, readable
from simulator.scenario.severity import space_taken
from simulator.scenario.vocabulary import Alarms

__all__ = ["CapacityFilling"]


class CapacityFilling(EpisodeBase):
    """Another writer fills the object store up to a share of its usable capacity."""

    kind: Literal["capacity-filling"]
    used_ratio: Ratio

    def consequences(self, base: Baseline) -> Alarms:
        """Space gets short."""
        return {"free-space": space_taken(1.0 - free_space(base, used=self.used_ratio))}

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
