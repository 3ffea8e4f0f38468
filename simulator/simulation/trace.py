"""What happened during some ticks: named arrays, ticks first."""

from dataclasses import dataclass
from typing import Final, Self

from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import JOBS, Job
from simulator.simulation.arrays import Bools, Floats, Ints, Running, summable
from simulator.simulation.causes import Causes
from simulator.simulation.compliance import Violations
from simulator.simulation.drives import Drives
from simulator.simulation.exposure import Exposure
from simulator.simulation.kafka import Cluster, Topic
from simulator.simulation.minio import Storage
from simulator.simulation.model_health import ModelHealth
from simulator.simulation.requests import Requests
from simulator.simulation.scoring import Scored
from simulator.timeline.grid import Grid

__all__ = ["BY_VERSION", "Totals", "Trace"]

#: Totals that have one column per model version.
BY_VERSION: Final = frozenset({"prediction", "prediction_seconds"})


@dataclass(frozen=True)
class Totals:
    """Counters since the start of the run, or since their job last restarted, after each tick.

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

    @classmethod
    def after(  # noqa: PLR0913, PLR0917 - what is counted, and when from the beginning
        cls,
        running: Running,
        requests: Requests,
        scored: Scored,
        storage: Storage,
        violations: Violations,
        restarts: Bools,
    ) -> Self:
        """The totals once these ticks have been counted; `restarts` as in `Exposure`."""
        counted: dict[Job, dict[str, Ints | Floats]] = {
            "scoring-api": {
                "applications": requests.applications,
                "http": requests.http,
                "http_seconds": summable(requests.http_seconds),
                "scores": scored.scores,
                "levels": scored.levels,
                "decisions": scored.decisions,
            },
            "ml-model": {
                "prediction": scored.prediction,
                "prediction_seconds": summable(scored.prediction_seconds),
            },
            "compliance": {
                "violations": violations.counts,
                "violation_parents": violations.parents,
            },
            "minio": {
                "s3_requests": storage.requests,
                "s3_missing": storage.missing,
                "s3_errors": storage.errors,
                "first_byte": storage.first_byte,
            },
        }
        found = {}
        for job, by_name in counted.items():
            of_job = restarts[:, JOBS.index(job)]
            beginning = of_job if of_job.any() else None
            for name, rows in by_name.items():
                found[name] = running(name, rows, restarts=beginning)
        return cls(**found)


@dataclass(frozen=True)
class Trace:
    """Ticks of a run: causes, counters, the state of each component, and what is seen of it.

    `in_flight` are the API's requests, as in `Requests` (ticks,).
    """

    scenario: Scenario
    grid: Grid
    causes: Causes
    totals: Totals
    in_flight: Floats
    model: ModelHealth
    cluster: Cluster
    topic: Topic
    drives: Drives
    storage: Storage
    violations: Violations
    exposure: Exposure
