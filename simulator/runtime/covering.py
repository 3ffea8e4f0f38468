"""A scenario covered from nothing: its history, a Prometheus on it, and the verdicts."""

import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.verdicts import Coverage
from simulator.grafana.model import Dashboard
from simulator.observation.prometheus import Prometheus
from simulator.runtime.history.writing import HistoryProgress, write_history
from simulator.runtime.served_blocks import served_blocks
from simulator.scenario.model import Scenario
from simulator.scenario.truth import Truth

__all__ = ["Watchers", "scenario_coverage"]

_MONDAY: Final = 1_767_571_200.0
"""2026-01-05, 00:00 UTC: always the same day, so that the same scenario gives the same verdicts."""

_BEFORE_SECONDS: Final = 1200.0
"""The platform runs before the scenario starts, as it does in truth: windows are full by then."""


@dataclass(frozen=True)
class Watchers:
    """Who is told how the history and the panels get on."""

    history: Callable[[HistoryProgress], None]
    panels: Callable[[int, int, str], None]


def scenario_coverage(
    scenario: Scenario, dashboards: Sequence[Dashboard], plan: CoverPlan, watchers: Watchers
) -> Coverage:
    """The coverage of what a scenario does; nothing is left of its history afterwards.

    It runs on the first Monday of 2026, in ticks of the plan's resolution; the plan's span and
    episodes are taken from there.

    Raises:
        StackError: a program is missing, or does not do what it should.
        PrometheusError: a variable's query is refused.
    """
    truth = _truth(scenario, step=plan.resolution)
    start = truth.end - scenario.duration
    with tempfile.TemporaryDirectory(prefix="simulator-cover-") as folder:
        write_history([truth], Path(folder), report=watchers.history)
        with (
            served_blocks(Path(folder), scrape_interval_seconds=truth.step) as url,
            Prometheus(url) as prometheus,
        ):
            looked_at = replace(plan, start=start, end=truth.end, episodes=truth.episodes)
            return cover(dashboards, prometheus, looked_at, report=watchers.panels)


def _truth(scenario: Scenario, *, step: float) -> Truth:
    """The scenario on the clock, with a time before it that nothing happens in."""
    ticks_before = math.ceil(_BEFORE_SECONDS / scenario.compression / step)
    before = ticks_before * step
    end = _MONDAY + max(scenario.duration, step)
    return Truth(scenario.delayed(before), _MONDAY - before, end, step, "simulator")
