"""Thresholds tuned on independent days of a scenario, from nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.grafana.model import Dashboard
from simulator.grafana.variables import Given
from simulator.progress import Report
from simulator.runtime.days import independent_days, recorded_days
from simulator.scenario.model import Scenario
from simulator.tuning.judging.objectives import Search
from simulator.tuning.monitors.monitor import Sampling, Span, require_moments
from simulator.tuning.monitors.rules import AlertRule
from simulator.tuning.results import Tuning
from simulator.tuning.truth.files import wanted_of
from simulator.tuning.tune import Subject, tune_recorded

__all__ = ["Days", "scenario_tuning"]


@dataclass(frozen=True, slots=True)
class Days:
    """How a scenario is simulated: so many independent days, of a duration, in ticks of `step`."""

    scenario: Scenario
    count: int
    duration: float
    step: float

    def __post_init__(self) -> None:
        require_moments([self.duration] * self.count, self.step)


def scenario_tuning(  # noqa: PLR0913, PLR0917 - the parts of the question
    days: Days,
    dashboards: Sequence[Dashboard],
    rules: Sequence[AlertRule],
    variables: Given,
    search: Search,
    report: Report,
) -> Tuning:
    """The tuning on days of a scenario; nothing is left of their histories afterwards.

    Raises:
        StackError: a program is missing, or does not do what it should.
        PrometheusError: a variable's query is refused.
    """
    truths = independent_days(
        days.scenario, count=days.count, duration=days.duration, step=days.step
    )
    spans = [Span(truth.end - days.duration, truth.end) for truth in truths]
    wanted = wanted_of(episode for truth in truths for episode in truth.episodes)
    subject = Subject(dashboards, rules, wanted, days.scenario.name)
    with recorded_days(truths, report) as prometheus:
        sampling = Sampling(spans, days.step, variables)
        return tune_recorded(prometheus, subject, sampling, search, report=report)
