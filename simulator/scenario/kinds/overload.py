"""The API has too few workers."""

from collections.abc import Iterator
from typing import Literal

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.fields import Ratio
from simulator.scenario.impact import busy
from simulator.scenario.lever import Lever
from simulator.scenario.severity import overloaded
from simulator.scenario.vocabulary import Alarms

__all__ = ["Overload"]


class Overload(EpisodeBase):
    """A share of the API's workers is lost, and the rest have to carry the traffic."""

    kind: Literal["overload"]
    workers_lost_ratio: Ratio

    def consequences(self, base: Baseline) -> Alarms:
        """What the rest cannot carry is turned away."""
        return overloaded(busy(base, lost=self.workers_lost_ratio))

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """From where it can be felt."""
        yield Lever(
            "workers-lost",
            "overload",
            lambda share: {"workers_lost_ratio": share},
            (0.5, 0.7, 0.8, 0.86, 0.92, 0.98),
            scale="difference",
            recovers=300.0,
        )
