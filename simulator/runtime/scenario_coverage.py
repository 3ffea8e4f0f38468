"""A scenario covered from nothing: its history, a Prometheus on it, and the verdicts."""

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from simulator.coverage.assumed import with_assumed
from simulator.coverage.causes.effects import MeasuredEffects
from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.verdicts import Coverage
from simulator.grafana.model import Dashboard
from simulator.mapping.assumed import assumed_names
from simulator.mapping.export import Exports
from simulator.mapping.loading import default_mapping
from simulator.mapping.model import Mapping
from simulator.observation.prometheus import Prometheus
from simulator.progress import Report
from simulator.runtime.days import MONDAY, independent_days, recorded_runs
from simulator.scenario.model import Scenario
from simulator.scenario.timed_run import TimedRun

__all__ = ["recorded_scenario", "scenario_coverage"]

_DAY_SECONDS: Final = 86_400.0
_SETTLED_SECONDS: Final = 3600.0
"""Until the windows of queries are full, on a platform that has just begun."""


def scenario_coverage(  # noqa: PLR0913 - what is simulated, and how it is looked at
    scenario: Scenario,
    dashboards: Sequence[Dashboard],
    plan: CoverPlan,
    report: Report,
    *,
    mapping: Mapping | None = None,
    midnight: float = MONDAY,
    calm: Scenario | None = None,
) -> Coverage:
    """The coverage of what a scenario does; nothing is left of its history afterwards.

    It runs from `midnight` on, by default that of the first Monday of 2026, in ticks of the plan's
    resolution; the plan's span, episodes and their effects are taken from there. What is `calm`
    comes on the day after, so that no query of the span sees it: the plan's alerts have to be
    silent then.

    Raises:
        StackError: a program is missing, or does not do what it should.
        PrometheusError: a variable's query is refused.
    """
    with (
        recorded_scenario(
            scenario, plan, report, mapping=mapping, midnight=midnight, calm=calm
        ) as (prometheus, looked_at, effects),
        _measured_meanwhile(effects),
    ):
        found = cover(dashboards, prometheus, looked_at, report=report)
    names = assumed_names(mapping or default_mapping())
    return with_assumed(found, dashboards, plan.rules, names)


@contextmanager
def recorded_scenario(  # noqa: PLR0913 - what is simulated, and how it is looked at
    scenario: Scenario,
    plan: CoverPlan,
    report: Report,
    *,
    mapping: Mapping | None = None,
    midnight: float = MONDAY,
    calm: Scenario | None = None,
) -> Iterator[tuple[Prometheus, CoverPlan, MeasuredEffects]]:
    """A Prometheus that has what a scenario does, the plan for its span, and what episodes do.

    Raises:
        StackError: a program is missing, or does not do what it should.
    """
    names = mapping or default_mapping()
    (run,) = days = independent_days(
        scenario,
        count=1,
        duration=max(scenario.duration, plan.resolution),
        step=plan.resolution,
        first=midnight,
    )
    start = run.end - scenario.duration
    after = _calm_run(calm, run) if calm is not None else None
    if after is not None:
        days = (run, after)
        plan = replace(plan, calm=(after.start + _SETTLED_SECONDS, after.end))
    with recorded_runs(
        days, report, scrape_interval_seconds=run.step, mapping=names, rules=plan.rules
    ) as prometheus:
        effects = MeasuredEffects(run, Exports(names))
        looked_at = replace(plan, start=start, end=run.end, episodes=run.episodes, effects=effects)
        yield prometheus, looked_at, effects


def _calm_run(calm: Scenario, run: TimedRun) -> TimedRun:
    """The calm scenario from the midnight after the next one on."""
    first = (math.floor(run.end / _DAY_SECONDS) + 2) * _DAY_SECONDS
    (found,) = independent_days(calm, count=1, duration=calm.duration, step=run.step, first=first)
    return found


@contextmanager
def _measured_meanwhile(effects: MeasuredEffects) -> Iterator[None]:
    """Inside, what episodes do is measured while the Prometheus works."""
    pool = ThreadPoolExecutor(max_workers=1)
    for episode in effects.run.episodes:
        pool.submit(effects.moved_by, episode.name)
    try:
        yield
    finally:
        pool.shutdown(cancel_futures=True)
