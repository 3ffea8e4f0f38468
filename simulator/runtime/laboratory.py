"""A laboratory for scenarios: their histories, one Prometheus on them all, and every panel."""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.plan.goals import dashboard_key
from simulator.coverage.plan.trials import PanelId, TrialResults
from simulator.coverage.verdicts import Coverage
from simulator.grafana.model import Dashboard
from simulator.grafana.variables import Given
from simulator.mapping.model import Mapping
from simulator.progress import Report, unreported
from simulator.pushing.instance import INSTANCE
from simulator.runtime.days import MONDAY, recorded_runs
from simulator.runtime.scenario_coverage import scenario_coverage
from simulator.scenario.model import Scenario
from simulator.scenario.timed_run import TimedRun
from simulator.timeline.durations import format_duration

__all__ = ["HistoryLaboratory"]

_SCRAPE_SECONDS: Final = 15.0
"""What the dashboards take the scrape interval for, as in production, whatever the ticks are."""

_MOMENT_SECONDS: Final = 60.0
"""Between two looks at the panels, in which there are ten for each trial that holds."""


@dataclass(frozen=True)
class HistoryLaboratory:
    """Simulates scenarios one after the other on the clock, and looks at dashboards meanwhile.

    Of each call's histories and programs nothing is left afterwards. `variables` are values chosen
    in the dashboards.

    Raises:
        StackError: a program is missing, or does not do what it should.
        PrometheusError: a variable's query is refused.
    """

    dashboards: Sequence[Dashboard]
    variables: Given
    mapping: Mapping | None = None

    def try_out(
        self,
        scenarios: Sequence[Scenario],
        *,
        apart: float,
        step: float,
        only: Collection[PanelId] | None = None,
        report: Report = unreported,
    ) -> TrialResults:
        """What was seen of scenarios one after the other, from the first Monday of 2026 on."""
        runs = list(_on_the_clock(scenarios, apart=apart, step=step))
        plan = CoverPlan(
            start=runs[0].start,
            end=runs[-1].end,
            resolution=max(step, _MOMENT_SECONDS),
            variables=self.variables,
            scrape_interval=format_duration(_SCRAPE_SECONDS),
        )
        with recorded_runs(
            runs, report, scrape_interval_seconds=_SCRAPE_SECONDS, mapping=self.mapping
        ) as prometheus:
            coverage = cover(self._boards(only), prometheus, plan, report=report)
        return TrialResults(coverage, tuple((one.start, one.end) for one in runs))

    def prove(self, scenario: Scenario, *, report: Report = unreported) -> Coverage:
        """The coverage that `simulator cover` gives of the scenario."""
        plan = CoverPlan(
            start=0.0,
            end=scenario.duration,
            resolution=_SCRAPE_SECONDS,
            variables=self.variables,
            scrape_interval=format_duration(_SCRAPE_SECONDS),
            scenario=scenario.name,
        )
        return scenario_coverage(scenario, self.dashboards, plan, report, mapping=self.mapping)

    def _boards(self, only: Collection[PanelId] | None) -> Sequence[Dashboard]:
        if only is None:
            return self.dashboards
        kept = [
            replace(board, panels=tuple(p for p in board.panels if (key, p.path) in only))
            for board in self.dashboards
            for key in (dashboard_key(board.uid, board.title),)
        ]
        return [board for board in kept if board.panels]


def _on_the_clock(
    scenarios: Sequence[Scenario], *, apart: float, step: float
) -> Iterator[TimedRun]:
    """Each scenario's time, on multiples of the step.

    >>> from simulator.scenario.loading import load_scenario
    >>> hour = load_scenario("calm").model_copy(update={"duration": 3600.0})
    >>> first, second = _on_the_clock([hour, hour], apart=600.0, step=15.0)
    >>> first.end - first.start, second.start - first.end
    (3600.0, 600.0)
    """
    start = MONDAY
    for scenario in scenarios:
        end = start + max(round(scenario.duration / step), 1) * step
        yield TimedRun(scenario, start, end, step, INSTANCE)
        start = math.ceil((end + apart) / step) * step
