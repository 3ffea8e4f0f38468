"""A scenario covered from nothing: its history, a Prometheus on it, and the verdicts."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.prometheus import Prometheus
from simulator.coverage.verdicts import Coverage
from simulator.grafana.model import Dashboard
from simulator.runtime.history.writing import HistoryProgress, write_history
from simulator.runtime.served_blocks import served_blocks
from simulator.scenario.model import Scenario
from simulator.scenario.truth import Truth

__all__ = ["Watchers", "recent_truth", "scenario_coverage"]


@dataclass(frozen=True)
class Watchers:
    """Who is told how the history and the panels get on."""

    history: Callable[[HistoryProgress], None]
    panels: Callable[[int, int, str], None]


def recent_truth(scenario: Scenario, *, step: float, instance: str = "simulator") -> Truth:
    """The scenario as it was if it has just ended; its ticks end on multiples of the step."""
    end = time.time() // step * step
    start = end - max(round(scenario.duration / step), 1) * step
    return Truth(scenario, start, end, step, instance)


def scenario_coverage(
    truth: Truth,
    dashboards: Sequence[Dashboard],
    *,
    plan: Callable[[Truth], CoverPlan],
    watchers: Watchers,
) -> Coverage:
    """The coverage of what a scenario does; nothing is left of its history afterwards.

    Raises:
        StackError: a program is missing, or does not do what it should.
        PrometheusError: a variable's query is refused.
    """
    with tempfile.TemporaryDirectory(prefix="simulator-cover-") as folder:
        write_history([truth], Path(folder), report=watchers.history)
        with (
            served_blocks(Path(folder), scrape_interval_seconds=truth.step) as url,
            Prometheus(url) as prometheus,
        ):
            return cover(dashboards, prometheus, plan(truth), report=watchers.panels)
