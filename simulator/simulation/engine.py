"""The whole simulation on one page: causes, then traffic, model, Kafka, MinIO and compliance."""

import numpy as np

from simulator.scenario.model import Scenario
from simulator.scenario.rules import require_whole_ticks
from simulator.scenario.vocabulary import ENDPOINTS, FEATURES, JOBS
from simulator.seeding import Streams
from simulator.simulation.calibration import released
from simulator.simulation.causes import Causes, causes
from simulator.simulation.compliance import Audit, Compliance
from simulator.simulation.conditions import Conditions, conditions
from simulator.simulation.drives import drives
from simulator.simulation.exposure import exposure
from simulator.simulation.further_topics import FurtherTopics
from simulator.simulation.handover import Handover
from simulator.simulation.kafka import Cluster, Kafka, cluster, unwritable_share
from simulator.simulation.minio import Minio
from simulator.simulation.monitoring import Monitoring
from simulator.simulation.objects import SIZE_RANGES
from simulator.simulation.population import Population
from simulator.simulation.responses import Responses
from simulator.simulation.scorecard import (
    Scorecard,
)
from simulator.simulation.scoring import Scoring
from simulator.simulation.tally import Tally
from simulator.simulation.trace import Trace
from simulator.simulation.traffic import Traffic
from simulator.timeline.grid import Grid

__all__ = ["Simulation", "scorecards"]

_READS = [ENDPOINTS.index(e) for e in ("decision", "explanation")]


class Simulation:
    """A scoring platform under a scenario, advanced tick by tick.

    Args:
        scenario: the plan; its seed fixes every random draw.
        origin: Unix seconds at which the scenario starts.
        step: seconds per tick.
        before: what the run before left: offsets and what is stored go on from there.

    Raises:
        ScenarioError: an episode is shorter than a tick, and would never be seen; or what the run
            before left does not fit this scenario.

    >>> from simulator.scenario.loading import load_scenario
    >>> trace = Simulation(load_scenario("calm"), origin=1.8e9, step=15.0).advance(4)
    >>> trace.scored.scores.shape
    (4, 55)
    """

    def __init__(
        self, scenario: Scenario, *, origin: float, step: float, before: Handover | None = None
    ) -> None:
        require_whole_ticks(scenario, step)
        self.scenario = scenario
        self.origin = origin
        self.step = step
        self.ticks = 0
        self.versions = scenario.versions
        self._streams = Streams(scenario.seed)
        self.population = Population(scenario.episodes, scorecards(scenario))
        monitoring = scenario.platform.monitoring
        self._traffic = Traffic(scenario, origin, step, self._streams)
        self._responses = Responses(scenario, step)
        self._scoring = Scoring(
            self.population,
            self.versions,
            monitoring.drift_window,
            prediction=scenario.platform.api.service_times.prediction.distribution,
            policy=scenario.platform.policy,
        )
        self._monitoring = Monitoring(monitoring, self.population, step, self._streams)
        self._kafka = Kafka(scenario, step, self._streams)
        self._further = FurtherTopics(scenario, step, self._streams)
        self._minio = Minio(scenario)
        self._compliance = Compliance(scenario, origin)
        self._started = np.full(len(JOBS), origin)
        self._ahead: tuple[Grid, tuple[Causes, Cluster]] | None = None  # of the next tick
        if before is not None:
            self._start_from(before)

    def _start_from(self, before: Handover) -> None:
        self._kafka.start_from(before)
        self._further.start_from(before)
        self._minio.start_from(before)
        self._started = before.started_by_job(self.origin)

    def handover(self) -> Handover:
        """What this run leaves to the next, after at least one tick."""
        return Handover(
            **dict(self._kafka.left()),
            further=self._further.offsets(),
            archived=self._minio.archived,
            objects=dict(zip(SIZE_RANGES, self._minio.objects.tolist(), strict=True)),
            started=dict(zip(JOBS, self._started.tolist(), strict=True)),
            returned=tuple(self._minio.servers.latest.tolist()),
        )

    def advance(self, count: int = 1, *, tally: Tally | None = None) -> Trace:
        """The next `count` ticks; the same bits however a run is cut into calls.

        Args:
            count: how many ticks, at least 1.
            tally: the real requests of the tick, in place of sampled ones; needs `count` 1.
        """
        if count < 1 or (tally is not None and count > 1):
            raise ValueError(f"cannot advance {count} ticks{' with one tally' if tally else ''}")
        grid = Grid(self.origin, self.step, self.ticks, count)
        self.ticks += count
        now, nodes = self._state(grid)
        disks = drives(self.scenario, grid)
        draws = self._streams.over(grid.first, grid.count)
        if tally is None:
            arrivals = self._traffic.arrivals(grid, now.rate_factor, draws)
            blocked = unwritable_share(now.partition_weights, nodes)
            requests = self._responses.answers(arrivals, now, blocked, draws)
            scored = self._scoring.sampled(requests.scored, now, draws)
        else:
            requests, scored = tally.requests, self._scoring.counted(tally, now, draws)
        room = self._minio.room(now, disks)
        topic = self._kafka.topic(requests.scored, nodes, now, disks.can_write, grid, draws, room)
        reads = requests.http[:, _READS, :2].sum(axis=(1, 3))
        storage = self._minio.storage(topic.archived, reads, now, disks, grid, draws, topic.refused)
        audit = Audit(
            is_archived=self._minio.takes_all(disks, topic.refused),
            lost=topic.unarchived,
            unwritable=unwritable_share(now.partition_weights, nodes),
        )
        violations = self._compliance.violations(
            requests, scored.decisions, now, grid, audit, draws
        )
        seen = exposure(self.scenario, grid, draws, self._started)
        self._started = seen.started[-1]
        return Trace(
            scenario=self.scenario,
            grid=grid,
            causes=now,
            requests=requests,
            scored=scored,
            model=self._monitoring.health(scored, now.version_shares > 0.0, grid),
            cluster=nodes,
            topic=topic,
            further=self._further.ticks(requests, grid, draws),
            drives=disks,
            storage=storage,
            violations=violations,
            exposure=seen,
            last_scored=None if tally is None else tally.last,
        )

    def conditions(self) -> Conditions:
        """What the next tick's requests will meet, for an API that really answers them."""
        grid = Grid(self.origin, self.step, self.ticks, 1)
        self._ahead = grid, self._state(grid)
        now, nodes = self._ahead[1]
        senders = self.scenario.profile(self.origin).integrals(grid.starts, grid.ends)[0]
        return conditions(self.population, now, nodes, senders * now.rate_factor[0] / self.step)

    def _state(self, grid: Grid) -> tuple[Causes, Cluster]:
        """What episodes do in the ticks of `grid`; known already where it was asked for ahead."""
        if self._ahead is not None and self._ahead[0] == grid:
            return self._ahead[1]
        return causes(self.scenario, self.population.episodes, grid), cluster(self.scenario, grid)


def scorecards(scenario: Scenario) -> tuple[Scorecard, ...]:
    """The scorecard of each model version, in the order of the scenario's `versions`."""
    cut_off, *_ = scenario.platform.policy.decision_points()
    changed = (tuple(e.coefficients.get(f, 1.0) for f in FEATURES) for e in scenario.releases)
    return (Scorecard(), *(released(multipliers, cut_off) for multipliers in changed))
