"""The simulator's own metrics: the truth about episodes, and how the run itself is doing."""

from collections.abc import Sequence
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from simulator import __version__
from simulator.scenario.model import Scenario

__all__ = ["JOB", "RunState", "own_families"]

JOB = "simulator"


@dataclass(frozen=True)
class RunState:
    """How a live run is doing: counts since its start."""

    ticks: int = 0
    overruns: int = 0
    pushes: int = 0
    push_failures: int = 0


def own_families(scenario: Scenario, active: Sequence[bool], state: RunState) -> list[Metric]:
    """The families of job `simulator`; `active` says which of the scenario's episodes are on."""
    episodes = GaugeMetricFamily(
        "simulator_episode_active", "1 while an episode is on.", labels=("episode", "kind")
    )
    for episode, is_on in zip(scenario.episodes, active, strict=True):
        episodes.add_metric((episode.name, episode.kind), float(is_on))
    build = GaugeMetricFamily(
        "simulator_build_info",
        "The simulator's version, scenario and seed; the value is always 1.",
        labels=("version", "scenario", "seed"),
    )
    build.add_metric((__version__, scenario.name, str(scenario.seed)), 1.0)
    counts = {
        "simulator_ticks": ("Ticks simulated.", state.ticks),
        "simulator_tick_overruns": (
            "Ticks that ended later than the next was due.",
            state.overruns,
        ),
        "simulator_pushes": ("Snapshots that the Pushgateway took whole.", state.pushes),
        "simulator_push_failures": (
            "Attempts to push of which something did not get through.",
            state.push_failures,
        ),
    }
    counters = [CounterMetricFamily(name, text, value=n) for name, (text, n) in counts.items()]
    return [episodes, *counters, build]
