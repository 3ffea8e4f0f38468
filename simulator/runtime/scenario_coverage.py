"""A scenario covered from nothing: its history, a Prometheus on it, and the verdicts."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from simulator.coverage.causes.effects import MeasuredEffects
from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.verdicts import Coverage
from simulator.grafana.model import Dashboard
from simulator.mapping.export import Exports
from simulator.mapping.loading import default_mapping
from simulator.mapping.model import Mapping
from simulator.progress import Report
from simulator.runtime.days import MONDAY, independent_days, recorded_runs
from simulator.scenario.model import Scenario

__all__ = ["scenario_coverage"]


def scenario_coverage(  # noqa: PLR0913 - what is simulated, and how it is looked at
    scenario: Scenario,
    dashboards: Sequence[Dashboard],
    plan: CoverPlan,
    report: Report,
    *,
    mapping: Mapping | None = None,
    midnight: float = MONDAY,
) -> Coverage:
    """The coverage of what a scenario does; nothing is left of its history afterwards.

    It runs from `midnight` on, by default that of the first Monday of 2026, in ticks of the plan's
    resolution; the plan's span, episodes and their effects are taken from there.

    Raises:
        StackError: a program is missing, or does not do what it should.
        PrometheusError: a variable's query is refused.
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
    with recorded_runs(days, report, scrape_interval_seconds=run.step, mapping=names) as prometheus:
        effects = MeasuredEffects(run, Exports(names))
        looked_at = replace(plan, start=start, end=run.end, episodes=run.episodes, effects=effects)
        with _measured_meanwhile(effects):
            return cover(dashboards, prometheus, looked_at, report=report)


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
