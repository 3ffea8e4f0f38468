"""A scenario covered from nothing: its history, a Prometheus on it, and the verdicts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.verdicts import Coverage
from simulator.grafana.model import Dashboard
from simulator.runtime.days import independent_days, recorded_days
from simulator.runtime.history.writing import HistoryProgress
from simulator.scenario.model import Scenario

__all__ = ["Watchers", "scenario_coverage"]


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
    (truth,) = days = independent_days(
        scenario,
        count=1,
        duration=max(scenario.duration, plan.resolution),
        step=plan.resolution,
    )
    start = truth.end - scenario.duration
    with recorded_days(days, watchers.history) as prometheus:
        looked_at = replace(plan, start=start, end=truth.end, episodes=truth.episodes)
        return cover(dashboards, prometheus, looked_at, report=watchers.panels)
