"""What happened during some ticks: named arrays, ticks first."""

from dataclasses import dataclass

from simulator.scenario.model import Scenario
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.causes import Causes
from simulator.simulation.compliance import Violations
from simulator.simulation.kafka import Cluster, Topic
from simulator.simulation.minio import Drives, Storage
from simulator.simulation.monitoring import ModelHealth
from simulator.timeline.grid import Grid

__all__ = ["Totals", "Trace"]


@dataclass(frozen=True)
class Totals:
    """Counters since the start of the run, after each tick.

    `applications` (ticks, channels, outcomes); `http` (ticks, endpoints, status classes, buckets)
    and `http_seconds` (ticks, endpoints, status classes); `scores` by cell (ticks, cells); `levels`
    (ticks, levels); `decisions` (ticks, decisions); `prediction` (ticks, versions, buckets) and
    `prediction_seconds` (ticks, versions); `violations` and `violation_parents` (ticks, types);
    `s3_requests`, `s3_missing` and `s3_errors` (ticks, apis); `first_byte` (ticks, apis, edges
    + 1).
    """

    applications: Ints
    http: Ints
    http_seconds: Floats
    scores: Ints
    levels: Ints
    decisions: Ints
    prediction: Ints
    prediction_seconds: Floats
    violations: Ints
    violation_parents: Ints
    s3_requests: Ints
    s3_missing: Ints
    s3_errors: Ints
    first_byte: Ints


@dataclass(frozen=True)
class Trace:
    """Ticks of a run: the causes, the counters, and the state of each component."""

    scenario: Scenario
    grid: Grid
    causes: Causes
    totals: Totals
    model: ModelHealth
    cluster: Cluster
    topic: Topic
    drives: Drives
    storage: Storage
    violations: Violations
