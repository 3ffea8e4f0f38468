"""What happened during some ticks: named arrays, ticks first."""

from dataclasses import dataclass, replace
from typing import Self

from simulator.scenario.model import Scenario
from simulator.simulation.causes import Causes
from simulator.simulation.compliance import Violations
from simulator.simulation.drives import Drives
from simulator.simulation.exposure import Exposure
from simulator.simulation.further_topics import TopicTicks
from simulator.simulation.kafka import Cluster, Topic
from simulator.simulation.minio import Storage
from simulator.simulation.model_health import ModelHealth
from simulator.simulation.requests import Requests
from simulator.simulation.scoring import Scored
from simulator.simulation.tally import LastScored
from simulator.timeline.grid import Grid

__all__ = ["Trace"]


@dataclass(frozen=True)
class Trace:
    """Ticks of a run: causes, what happened in each, the state of each component, what is seen.

    `topic` is the scoring topic, `further` are others. Nothing is added up: `requests`, `scored`,
    `storage` and `violations` are of a tick alone. `last_scored` is the latest application of a
    tick of real requests, in which one was scored.
    """

    scenario: Scenario
    grid: Grid
    causes: Causes
    requests: Requests
    scored: Scored
    model: ModelHealth
    cluster: Cluster
    topic: Topic
    drives: Drives
    storage: Storage
    violations: Violations
    exposure: Exposure
    further: tuple[TopicTicks, ...] = ()
    last_scored: LastScored | None = None

    def by_topic(self) -> tuple[Self, ...]:
        """The same ticks as seen of each topic, the scoring topic first."""
        return (self, *(self._of(one) for one in self.further))

    def _of(self, one: TopicTicks) -> Self:
        exposure = replace(self.exposure, **vars(one.glitches))
        return replace(
            self, scenario=one.scenario, cluster=one.cluster, topic=one.topic, exposure=exposure
        )
