"""The simulator's own metrics: the truth about episodes, and how the run itself is doing."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator import __version__
from simulator.metrics.exposition import TextFamily
from simulator.metrics.families import Family, Labels, Layout

__all__ = ["JOB", "MARK", "PUSH_INTERVAL", "RUN", "RUN_START", "TRUTH", "RunState"]

JOB: Final = "simulator"
RUN_START: Final = "simulator_run_start_time_seconds"
PUSH_INTERVAL: Final = "simulator_push_interval_seconds"


def _episodes(layout: Layout) -> list[Labels]:
    return [(e.name, e.kind) for e in layout.scenario.episodes]


def _build(layout: Layout) -> list[Labels]:
    return [(__version__, layout.scenario.name, str(layout.scenario.seed))]


#: What a scenario's run tells of itself, live and in its history.
TRUTH: Final[tuple[Family, ...]] = (
    Family(
        "simulator_episode_active",
        "gauge",
        JOB,
        "1 while an episode is on.",
        ("episode", "kind"),
        _episodes,
        lambda t: t.causes.active.astype(np.int64),
    ),
    Family(
        "simulator_build_info",
        "gauge",
        JOB,
        "The simulator's version, scenario and seed; the value is always 1.",
        ("version", "scenario", "seed"),
        _build,
        lambda t: np.ones(t.grid.count),
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
#: What tells one run from another, in a Pushgateway only.
MARK: Final = (
    TextFamily.of_one(RUN_START, "gauge", "Unix time at which the run that pushes began."),
    TextFamily.of_one(
        PUSH_INTERVAL, "gauge", "Seconds from push to push; 0 once the run has ended."
    ),
)
