"""The simulator's own metrics: the truth about episodes, and how the run itself is doing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator import __version__
from simulator.metrics.exposition import Series, TextFamily
from simulator.metrics.families import Family, FamilySamples
from simulator.scenario.model import Scenario
from simulator.simulation.trace import Trace

__all__ = [
    "JOB",
    "JOB_INFO",
    "MARK",
    "PUSH_INTERVAL",
    "RUN",
    "RUN_START",
    "RunState",
    "jobs_family",
    "truth",
    "truth_families",
]

JOB: Final = "simulator"
RUN_START: Final = "simulator_run_start_time_seconds"
PUSH_INTERVAL: Final = "simulator_push_interval_seconds"


def truth(trace: Trace) -> tuple[FamilySamples, ...]:
    """What a scenario's run tells of itself, live and in its history."""
    episodes, build = truth_families(trace.scenario)
    active = trace.causes.active.astype(np.int64)[:, :, np.newaxis]
    return (
        FamilySamples(episodes, (active,)),
        FamilySamples(build, (np.ones((trace.grid.count, 1, 1)),)),
    )


def truth_families(scenario: Scenario) -> tuple[Family, Family]:
    """Which episodes are on, and whose run it is."""
    return (
        Family(
            "simulator_episode_active",
            "gauge",
            JOB,
            "1 while an episode is on.",
            ("episode", "kind"),
            tuple((e.name, e.kind) for e in scenario.episodes),
        ),
        Family(
            "simulator_build_info",
            "gauge",
            JOB,
            "The simulator's version, scenario and seed; the value is always 1.",
            ("version", "scenario", "seed"),
            ((__version__, scenario.name, str(scenario.seed)),),
        ),
    )


@dataclass(frozen=True)
class RunState:
    """How a live run is doing: counts since its start, and how late its event loop was of late."""

    ticks: int = 0
    overruns: int = 0
    limited: int = 0
    pushes: int = 0
    push_failures: int = 0
    event_loop_lag_seconds: float = 0.0


#: What a live run tells of how it is doing: the fields of its state, in their order.
RUN: Final = (
    TextFamily.of_one("simulator_ticks_total", "counter", "Ticks simulated."),
    TextFamily.of_one(
        "simulator_tick_overruns_total",
        "counter",
        "Ticks that ended later than the next was due.",
    ),
    TextFamily.of_one(
        "simulator_ticks_limited_total",
        "counter",
        "Ticks in which the simulator, and not the platform it simulates, was the limit.",
    ),
    TextFamily.of_one(
        "simulator_pushes_total", "counter", "Snapshots that the Pushgateway took whole."
    ),
    TextFamily.of_one(
        "simulator_push_failures_total",
        "counter",
        "Attempts to push of which something did not get through.",
    ),
    TextFamily.of_one(
        "simulator_event_loop_lag_seconds",
        "gauge",
        "Longest that the event loop was late in the latest 15 seconds, in seconds; so long did "
        "requests wait for the simulator itself.",
    ),
)
#: Names the jobs that a run pushes besides those that every one has.
JOB_INFO: Final = "simulator_job_info"


def jobs_family(jobs: Sequence[str]) -> TextFamily:
    """Says which jobs a run has that are called otherwise than the platform's own."""
    series = tuple(Series(JOB_INFO, {"name": job}) for job in jobs)
    return TextFamily(
        JOB_INFO, "gauge", "Jobs whose groups belong to the run; the value is always 1.", series
    )


#: What tells one run from another, in a Pushgateway only.
MARK: Final = (
    TextFamily.of_one(RUN_START, "gauge", "Unix time at which the run that pushes began."),
    TextFamily.of_one(
        PUSH_INTERVAL, "gauge", "Seconds from push to push; 0 once the run has ended."
    ),
)
