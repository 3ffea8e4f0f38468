"""More requests, or fewer."""

from collections.abc import Iterator
from typing import Literal

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.fields import Factor
from simulator.scenario.impact import busy
from simulator.scenario.lever import Lever, readable
from simulator.scenario.readers import longest, readers
from simulator.scenario.severity import behind, overloaded, worst
from simulator.scenario.vocabulary import Alarms

__all__ = ["TrafficSurge"]


class TrafficSurge(EpisodeBase):
    """More requests (or, below 1, fewer)."""

    kind: Literal["traffic-surge"]
    factor: Factor

    def consequences(self, base: Baseline) -> Alarms:
        """What the API cannot serve is turned away, what consumers cannot take waits."""
        load = busy(base, factor=self.factor)
        return worst(overloaded(load), behind(self.backlog(base), base))

    def backlog(self, base: Baseline) -> Backlog | None:
        """The slowest group's; what the API cannot serve never reaches a consumer."""
        served = self.factor / max(busy(base, factor=self.factor), 1.0)
        found = ((r.arriving, r.capacity) for r in readers(base))
        return longest(
            Backlog(rate * served, most, rate, most, self.longest_seconds) for rate, most in found
        )

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """More, and fewer."""
        yield Lever(
            "surge", "traffic-surge", lambda factor: {"factor": factor}, (1.2, 1.5, 2.0, 4.0, 12.0)
        )
        yield Lever(
            "lull",
            "traffic-surge",
            lambda divisor: {"factor": readable(1.0 / divisor)},
            (1.5, 3.0, 10.0, 50.0, 1000.0),
        )
