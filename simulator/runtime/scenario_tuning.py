"""Thresholds tuned on independent days of a scenario, from nothing."""

from collections.abc import Callable, Sequence

from simulator.mapping.model import Mapping
from simulator.progress import Report
from simulator.runtime.days import recorded_runs
from simulator.runtime.tuning_days import days_alike, tuning_days
from simulator.scenario.model import Scenario
from simulator.tuning.monitors.monitor import Span, require_moments
from simulator.tuning.results import Tuning
from simulator.tuning.truth.incident_files import wanted_alarms_of
from simulator.tuning.tune import Question, tune_recorded

__all__ = ["scenario_tuning"]


def scenario_tuning(  # noqa: PLR0913 - what is simulated, and how it is looked at
    scenario: Scenario,
    question: Question,
    *,
    count: int,
    duration: float,
    report: Report,
    tell: Callable[[Sequence[str]], None],
    mapping: Mapping | None = None,
) -> Tuning:
    """The tuning on days of a scenario; nothing is left of their histories afterwards.

    There are `count` of them, each of `duration` seconds, in ticks of the question's step. Where
    episodes are drawn, half of the days are chosen on, and the others have other incidents; what
    of their distributions is left out is told first.

    Raises:
        StackError: a program is missing, or does not do what it should.
        PrometheusError: a variable's query is refused.
        TuningError: too few or too many moments, or nothing with thresholds.
    """
    require_moments([duration] * count, question.step)
    days_of = tuning_days if scenario.drawn else days_alike
    found = days_of(scenario, count=count, duration=duration, step=question.step)
    tell(found.left_out)
    days, weighed = [day for day, _ in found.weighed], found.weighed
    spans = [Span(day.end - duration, day.end, day.start, weight) for day, weight in weighed]
    wanted = wanted_alarms_of(episode for day in days for episode in day.episodes)
    with recorded_runs(
        days,
        report,
        scrape_interval_seconds=question.step,
        mapping=mapping,
        rules=question.groups,
    ) as prometheus:
        return tune_recorded(
            prometheus,
            question,
            spans,
            wanted,
            n_chosen_on=(count + 1) // 2 if scenario.drawn else None,
            subject=scenario.name,
            report=report,
        )
