"""What `simulator tune` does: the tuning on a scenario's days, or on what a Prometheus has."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from simulator.checking.psi_noise import DriftSample
from simulator.cli.draw_view import tell_left_out
from simulator.cli.options import refuse
from simulator.cli.progress_view import ProgressView
from simulator.errors import RuleError
from simulator.installation import shipped
from simulator.mapping.chosen import chosen_plan
from simulator.mapping.expected import drift_indices
from simulator.mapping.model import Mapping
from simulator.observation.prometheus import Prometheus
from simulator.quoting import shortened
from simulator.rules.folders import read_rules_in
from simulator.rules.model import Group
from simulator.rules.reading import read_rule_files
from simulator.runtime.clock import unix_seconds
from simulator.runtime.scenario_tuning import scenario_tuning
from simulator.scenario.impact import applications_per_second
from simulator.scenario.model import Scenario
from simulator.scenario.window_noise import BINS
from simulator.tuning.judging.objectives import (
    Constraints,
    Cost,
    F1Objective,
    Objective,
    Search,
)
from simulator.tuning.monitors.drift_noise import DriftNoise
from simulator.tuning.monitors.quiet_spans import quiet_spans
from simulator.tuning.results import Tuning
from simulator.tuning.truth.incident_files import wanted_alarms_in
from simulator.tuning.tune import Question, tune_recorded

__all__ = ["chosen_groups", "noise_of", "recorded", "search_of", "simulated"]

_PARTS: Final = 5
"""Into how many parts recorded time is cut, to choose on some and judge on the others."""

_WEEK_SECONDS: Final = 7 * 86_400.0
_EXACTLY: Final = 10**12
_SEEDS: Final = 5
_DAYS: Final = 20


def simulated(  # noqa: PLR0913 - the options of one mode
    name: str,
    question: Question,
    view: ProgressView,
    mapping: Mapping,
    *,
    seed: int | None,
    seeds: int | None,
    days: int | None,
    duration: float | None,
) -> Tuning:
    """The tuning on days of a scenario."""
    scenario = chosen_plan(name, mapping, seed=seed)
    if scenario.drawn:
        refuse("each day is another one where incidents are drawn; say --days", seeds=seeds)
    else:
        refuse("this scenario's incidents are not drawn: its days differ by --seeds", days=days)
    return scenario_tuning(
        scenario,
        question
        if question.noise
        else replace(question, noise=_simulated_noise(scenario, mapping)),
        count=(days or _DAYS) if scenario.drawn else (seeds or _SEEDS),
        duration=scenario.duration if duration is None else duration,
        report=view.show,
        tell=tell_left_out,
        mapping=mapping,
    )


def noise_of(drift: DriftSample | None, mapping: Mapping) -> DriftNoise | None:
    """The noise of drift scores whose sample is told."""
    return None if drift is None else DriftNoise(drift, drift_indices(mapping))


def _simulated_noise(scenario: Scenario, mapping: Mapping) -> DriftNoise:
    """That of the scores that a scenario has, whose reference is known exactly."""
    sample = DriftSample(
        applications=scenario.platform.monitoring.drift_window,
        bins=max(BINS),
        reference=_EXACTLY,
        per_week=applications_per_second(scenario) * _WEEK_SECONDS,
        is_assumed=False,
    )
    return DriftNoise(sample, drift_indices(mapping))


def recorded(  # noqa: PLR0913, PLR0917 - the options of one mode
    url: str,
    question: Question,
    start: float | None,
    end: float | None,
    truth: Path | None,
    view: ProgressView,
) -> Tuning:
    """The tuning on what a Prometheus has, against the incidents of a file."""
    if start is None or truth is None:
        raise click.UsageError("--prometheus needs --truth FILE and --start, such as now-30d")
    until = unix_seconds() if end is None else end
    if not start < until:
        raise click.UsageError("--start is not before --end")
    wanted = wanted_alarms_in(truth)
    spans = quiet_spans(start, until, wanted, count=_PARTS, step=question.step)
    with Prometheus.from_environment(url) as prometheus:
        return tune_recorded(
            prometheus, question, spans, wanted, subject=truth.name, report=view.show
        )


def search_of(
    objective: str | None,
    cost: Cost | None,
    min_recall: float | None,
    max_detection_time: float | None,
    max_false_alarms_per_day: float | None,
) -> Search:
    """What proposals are chosen by."""
    if objective == "f1" and cost is not None:
        raise click.UsageError("--cost is an objective of its own: leave --objective f1 out")
    aim: Objective = F1Objective()
    if cost is not None or objective == "cost":
        aim = cost or Cost()
    return Search(aim, Constraints(min_recall, max_detection_time, max_false_alarms_per_day))


def chosen_groups(files: Sequence[Path], *, are_dashboards_given: bool) -> tuple[Group, ...]:
    """Those in the files; without any the project's own, which belong to its own dashboards.

    Raises:
        RuleError: a file is no rule file, or no alert is in any and nothing else is given.
    """
    if files or are_dashboards_given:
        found = read_rules_in(files)
        for file, why in found.skipped:
            click.echo(f"no rules are in {file}: {why}", err=True)
        if not are_dashboards_given and not any(group.alerts for group in found.groups):
            names = ", ".join(map(str, files))
            raise RuleError(f"{shortened(names)}: no alert in it: nothing to tune")
        return found.groups
    return read_rule_files([shipped("compose") / "prometheus" / "rules" / "scoring-alerts.yml"])
