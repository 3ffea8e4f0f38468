"""The simulator's own metrics: the truth about episodes, and how the run itself is doing."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from simulator import __version__
from simulator.metrics.families import Family, Labels, Layout

__all__ = [
    "JOB",
    "PUSH_INTERVAL",
    "RUN_START",
    "TRUTH",
    "RunState",
    "mark_families",
    "run_families",
]

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


def run_families(state: RunState) -> list[Metric]:
    """The families of job `simulator` that tell how a live run is doing."""
    counts = {
        "simulator_ticks": ("Ticks simulated.", state.ticks),
        "simulator_tick_overruns": (
            "Ticks that ended later than the next was due.",
            state.overruns,
        ),
        "simulator_ticks_limited": (
            "Ticks in which the simulator, and not the platform it simulates, was the limit.",
            state.limited,
        ),
        "simulator_pushes": ("Snapshots that the Pushgateway took whole.", state.pushes),
        "simulator_push_failures": (
            "Attempts to push of which something did not get through.",
            state.push_failures,
        ),
    }
    lag = GaugeMetricFamily(
        "simulator_event_loop_lag",
        "Longest that the event loop was late in the latest 15 seconds, in seconds; so long did "
        "requests wait for the simulator itself.",
        value=state.event_loop_lag_seconds,
        unit="seconds",
    )
    return [*(CounterMetricFamily(name, text, value=n) for name, (text, n) in counts.items()), lag]


def mark_families(*, started: float, interval_seconds: float) -> list[Metric]:
    """The families of job `simulator`, in a Pushgateway only, that tell one run from another."""
    return [
        GaugeMetricFamily(RUN_START, "Unix time at which the run that pushes began.", started),
        GaugeMetricFamily(
            PUSH_INTERVAL,
            "Seconds from push to push; 0 once the run has ended.",
            interval_seconds,
        ),
    ]
