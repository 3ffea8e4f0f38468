"""What episodes do to the platform, tick by tick. Everything else follows from these arrays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.scenario.episode import EpisodeBase
from simulator.scenario.hashed_keys import hashed_keys
from simulator.scenario.kinds.capacity_filling import CapacityFilling
from simulator.scenario.kinds.compliance_incident import ComplianceIncident
from simulator.scenario.kinds.consumer_crash import ConsumerCrash
from simulator.scenario.kinds.consumer_slowdown import ConsumerSlowdown
from simulator.scenario.kinds.error_answers import Errors
from simulator.scenario.kinds.hot_partition import HotPartition
from simulator.scenario.kinds.model_release import ModelRelease
from simulator.scenario.kinds.overload import Overload
from simulator.scenario.kinds.rebalance import Rebalance
from simulator.scenario.kinds.slow_dependency import SlowDependency
from simulator.scenario.kinds.traffic_surge import TrafficSurge
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import DEPENDENCIES, VIOLATION_TYPES, Dependency
from simulator.simulation.arrays import Bools, Floats, Ints
from simulator.simulation.crashed_member import is_missed, reading_shares
from simulator.simulation.replicas import Replicas, replicas
from simulator.timeline.grid import Grid

__all__ = ["FAULTS", "STAGES", "Causes", "causes", "intensity", "lost"]

#: Faults the platform may answer with, and the status of each; in the order they are decided.
FAULTS: Final[Mapping[str, int]] = {
    "unauthorized": 401,
    "rate_limited": 429,
    "internal": 500,
    "unavailable": 503,
    "timeout": 504,
}
#: Stages of a model version; -1 stands for "not there".
STAGES: Final = ("production", "canary", "retired")


def intensity(episode: EpisodeBase, elapsed: Floats) -> Floats:
    """An episode's intensity in [0, 1] at seconds since the scenario's start, shape (ticks,).

    Args:
        episode: what is on or off.
        elapsed: the seconds, in order.
    """
    first, last = elapsed[0] - episode.start, elapsed[-1] - episode.start
    if last < 0.0 or first >= episode.duration:  # as are most, of a live tick
        return np.zeros_like(elapsed)
    return episode.span.intensity(elapsed - episode.start)


def lost(count: int, level: Floats) -> Ints:
    """How many of `count` are lost at an intensity in [0, 1], same shape."""
    return np.rint(count * level).astype(np.int64)


@dataclass(frozen=True)
class Causes:
    """The state of all causes in each tick; every array has the ticks first.

    `rate_factor` multiplies traffic; `slowness` is the factor of each dependency; `faults` the
    share of requests with each of FAULTS (ticks, faults); `workers` the API's (ticks,), and
    `replicas` what they run on;
    `consumer_capacity` the share of capacity of each group (ticks, groups); `paused` the share of
    the tick that a group rebalances (ticks, groups); `members` of each group (ticks, groups);
    `reading` the share of its capacity in health with which each partition is read, by the name of
    each group of which a member crashes (ticks, partitions);
    `partition_weights` where messages go (ticks, partitions), summing to 1; `filled` the share of
    capacity taken up by another writer (ticks,); `violation_factors` (ticks, types);
    `applicant_levels` the intensity of each applicant episode (ticks, episodes); `version_shares`
    and `stages` (ticks, versions); `active` which of all episodes is on (ticks, episodes).
    """

    rate_factor: Floats
    slowness: dict[Dependency, Floats]
    faults: Floats
    workers: Ints
    replicas: Replicas
    consumer_capacity: Floats
    paused: Floats
    members: Ints
    reading: dict[str, Floats]
    partition_weights: Floats
    filled: Floats
    violation_factors: Floats
    applicant_levels: Floats
    version_shares: Floats
    stages: Ints
    active: Bools


def causes(scenario: Scenario, applicant_episodes: Sequence[EpisodeBase], grid: Grid) -> Causes:
    """The causes during the ticks of `grid`: a pure function of time."""
    t = grid.elapsed
    shares, stages = _releases(scenario, t)
    capacity, paused = _consumer_capacity(scenario, t), _paused(scenario, grid)
    slow = scenario.of_kind(SlowDependency)
    instances = replicas(scenario, grid)
    return Causes(
        rate_factor=_factor(scenario.of_kind(TrafficSurge), t),
        slowness={d: _factor((e for e in slow if e.dependency == d), t) for d in DEPENDENCIES},
        faults=_faults(scenario, t, instances),
        workers=_workers(scenario, t, instances),
        replicas=instances,
        consumer_capacity=capacity,
        paused=paused,
        members=_members(scenario, capacity, paused, t),
        reading=_reading(scenario, grid),
        partition_weights=_partition_weights(scenario, t),
        filled=_filled(scenario, t),
        violation_factors=_violation_factors(scenario, t),
        applicant_levels=_stacked([intensity(e, t) for e in applicant_episodes], len(t)),
        version_shares=shares,
        stages=stages,
        active=_stacked([intensity(e, t) > 0.0 for e in scenario.episodes], len(t)).astype(bool),
    )


def _stacked(columns: Sequence[Floats] | Sequence[Bools], n_ticks: int) -> Floats:
    return np.column_stack(columns).astype(np.float64) if columns else np.zeros((n_ticks, 0))


def _factor(episodes: Iterable[TrafficSurge | SlowDependency], t: Floats) -> Floats:
    """The product of what the episodes multiply by, each at its intensity, shape (ticks,)."""
    factor = np.ones_like(t)
    for e in episodes:
        factor *= 1.0 + (e.factor - 1.0) * intensity(e, t)
    return factor


def _faults(scenario: Scenario, t: Floats, instances: Replicas) -> Floats:
    """A request that goes to a replica that is gone is answered by the load balancer, with 503."""
    share = np.tile(scenario.platform.api.healthy_faults.in_order(), (len(t), 1))
    statuses = list(FAULTS.values())
    share[:, statuses.index(503)] += (1.0 - share[:, statuses.index(503)]) * instances.unreachable
    for e in scenario.of_kind(Errors):
        column = statuses.index(e.status)
        added = e.ratio * intensity(e, t)
        share[:, column] = 1.0 - (1.0 - share[:, column]) * (1.0 - added)
    return share


def _workers(scenario: Scenario, t: Floats, instances: Replicas) -> Ints:
    left = instances.up.copy()
    for e in scenario.of_kind(Overload):
        left *= 1.0 - e.workers_lost_ratio * intensity(e, t)
    return np.maximum(np.rint(scenario.platform.api.workers * left), 1.0).astype(np.int64)


def _consumer_capacity(scenario: Scenario, t: Floats) -> Floats:
    groups = scenario.platform.kafka.consumer_groups
    share = np.ones((len(t), len(groups)))
    for e in scenario.of_readers(ConsumerSlowdown):
        column = [g.name for g in groups].index(e.group)
        share[:, column] *= 1.0 - (1.0 - e.capacity_ratio) * intensity(e, t)
    return share


def _members(scenario: Scenario, capacity: Floats, paused: Floats, t: Floats) -> Ints:
    """Members of each group; one is away while the group rebalances, all when it is stopped."""
    groups = scenario.platform.kafka.consumer_groups
    present = np.array([g.members for g in groups]) - (paused > 0.0)
    for e in scenario.of_readers(ConsumerCrash):
        present[:, [g.name for g in groups].index(e.group)] -= is_missed(e, t)
    return np.where(capacity <= 0.0, 0, np.maximum(present, 0))


def _reading(scenario: Scenario, grid: Grid) -> dict[str, Floats]:
    kafka = scenario.platform.kafka
    members = {group.name: group.members for group in kafka.consumer_groups}
    reading: dict[str, Floats] = {}
    for e in scenario.of_readers(ConsumerCrash):
        shares = reading_shares(e, members[e.group], kafka.partitions, grid)
        reading[e.group] = reading.get(e.group, 1.0) * shares
    return reading


def _paused(scenario: Scenario, grid: Grid) -> Floats:
    """Share of each tick in which a group rebalances: exact overlap with the comb of pauses."""
    groups = scenario.platform.kafka.consumer_groups
    share = np.zeros((grid.count, len(groups)))
    first, last = grid.ticks * grid.step, (grid.ticks + 1) * grid.step
    for e in scenario.of_readers(Rebalance):
        column = [g.name for g in groups].index(e.group)
        paused = _paused_until(last - e.start, e) - _paused_until(first - e.start, e)
        share[:, column] = np.maximum(
            share[:, column], paused / grid.step * intensity(e, grid.elapsed)
        )
    return share


def _paused_until(seconds: Floats, e: Rebalance) -> Floats:
    """Seconds of pause from the episode's start until so many seconds after it."""
    inside = np.clip(seconds, 0.0, e.duration)
    whole = np.floor(inside / e.every)
    return whole * e.pause + np.minimum(inside - whole * e.every, e.pause)


def _partition_weights(scenario: Scenario, t: Floats) -> Floats:
    """Shares of the messages by partition: where the keys hash to, and hot ones on top."""
    n = scenario.platform.kafka.partitions
    weights = np.tile(hashed_keys(scenario.seed, n), (len(t), 1))
    for e in scenario.of_kind(HotPartition):
        share = (e.share * intensity(e, t))[:, np.newaxis]
        weights = weights * (1.0 - share) + share * (np.arange(n) == e.partition)
    return weights


def _filled(scenario: Scenario, t: Floats) -> Floats:
    base = scenario.platform.minio.used_ratio
    filled = np.zeros_like(t)
    for e in scenario.of_kind(CapacityFilling):
        filled = np.maximum(filled, max(e.used_ratio - base, 0.0) * intensity(e, t))
    return filled


def _violation_factors(scenario: Scenario, t: Floats) -> Floats:
    factors = np.ones((len(t), len(VIOLATION_TYPES)))
    for e in scenario.of_kind(ComplianceIncident):
        column = VIOLATION_TYPES.index(e.violation)
        factors[:, column] *= 1.0 + (e.factor - 1.0) * intensity(e, t)
    return factors


def _releases(scenario: Scenario, t: Floats) -> tuple[Floats, Ints]:
    """Traffic shares and stages of all versions; one release runs at a time."""
    releases = scenario.releases
    shares = np.zeros((len(t), len(releases) + 1))
    stages = np.full(shares.shape, -1, dtype=np.int64)
    shares[:, 0], stages[:, 0] = 1.0, STAGES.index("production")
    incumbent = np.zeros(len(t), dtype=np.int64)
    for column, e in enumerate(releases, start=1):
        if not e.mute:
            _release(e, column, t, shares, stages, incumbent)
    return shares, stages


def _release(  # noqa: PLR0913, PLR0917 - fills the columns of one release in place
    e: ModelRelease, column: int, t: Floats, shares: Floats, stages: Ints, incumbent: Ints
) -> None:
    since = t - e.start
    is_over = since >= e.duration
    is_canary = (since >= 0.0) & (
        since < (e.canary_for if e.outcome != "withdrawal" else e.duration)
    )
    is_production = (since >= e.canary_for) & (e.outcome != "withdrawal")
    if e.outcome == "rollback":
        is_production &= ~is_over
    rows = np.arange(len(t))
    stages[rows[is_canary], column] = STAGES.index("canary")
    shares[is_canary, :] *= 1.0 - e.canary_share
    shares[is_canary, column] = e.canary_share
    stages[rows[is_production], incumbent[is_production]] = STAGES.index("retired")
    stages[is_production, column] = STAGES.index("production")
    shares[is_production, :] = 0.0
    shares[is_production, column] = 1.0
    incumbent[is_production] = column
    if e.outcome != "promotion":
        stages[is_over, column] = STAGES.index("retired")
