"""`simulator tune`: how good thresholds are against known incidents, and which would be better."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from simulator.cli.dashboards import chosen_dashboards
from simulator.cli.options import (
    MOMENT,
    SECONDS,
    dashboards_option,
    refuse,
    report_option,
    seed_option,
    variables_option,
)
from simulator.cli.progress_view import ProgressView
from simulator.cli.tune_options import (
    aims_options,
    chosen_rules,
    require_option,
    rules_option,
    search_of,
)
from simulator.cli.tune_output import Output, tell
from simulator.grafana.model import Dashboard
from simulator.grafana.variables import Given
from simulator.http.endpoint import Endpoint
from simulator.observation.prometheus import PROMETHEUS, Prometheus
from simulator.runtime.tuning import Days, scenario_tuning
from simulator.scenario.loading import chosen_scenario
from simulator.tuning.choosing.search import Search
from simulator.tuning.judging.objectives import Cost
from simulator.tuning.monitors.monitor import Sampling
from simulator.tuning.monitors.quiet_spans import quiet_spans
from simulator.tuning.monitors.rules import AlertRule
from simulator.tuning.requirements import Requirement, unmet
from simulator.tuning.results import Tuning
from simulator.tuning.truth.files import wanted_in
from simulator.tuning.tune import Subject, tune_recorded

__all__ = ["tune"]

_PARTS: Final = 5
"""Into how many parts recorded time is cut, to choose on some and judge on the others."""

_SEEDS: Final = 5
_MOST_SEEDS: Final = 30


@dataclass(frozen=True)
class _Question:
    """What is tuned, how it is looked at, and what for."""

    dashboards: Sequence[Dashboard]
    rules: Sequence[AlertRule]
    variables: Given
    step: float
    search: Search


@click.command()
@click.argument("scenario", required=False)
@dashboards_option
@rules_option
@variables_option
@seed_option()
@click.option(
    "--seeds",
    type=click.IntRange(1, _MOST_SEEDS),
    help="How many independent days are simulated, each with a seed of its own.  [default: 5]",
)
@click.option("--duration", type=SECONDS, help="Of each day.  [default: the scenario's]")
@click.option(
    "--step",
    type=SECONDS,
    default="30s",
    show_default=True,
    help="Time between ticks, scrapes, and evaluations of panels and rules.",
)
@aims_options
@require_option
@click.option("--prometheus", metavar="URL", help="Tune on what this Prometheus has instead.")
@click.option("--start", type=MOMENT, help="With --prometheus: from when, such as now-30d.")
@click.option("--end", type=MOMENT, help="With --prometheus: until when.  [default: now]")
@click.option(
    "--truth",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --prometheus: the incidents, as CSV or JSON with start, end, signal, severity.",
)
@report_option("json", "all settings and measures as JSON")
@click.option(
    "--html",
    "html_folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write a page for each panel, and an index of them, into a folder.",
)
@click.option("--write", is_flag=True, help="Put the proposals into dashboards and rules.")
@click.option("--dry-run", is_flag=True, help="Print what --write would change, as a patch.")
def tune(  # noqa: PLR0913 - click passes one argument per option
    *,
    scenario: str | None,
    dashboards: Sequence[Path],
    rules: Sequence[Path],
    variables: Given,
    seed: int | None,
    seeds: int | None,
    duration: float | None,
    step: float,
    objective: str | None,
    cost: Cost | None,
    min_recall: float | None,
    max_detection_time: float | None,
    max_false_alarms_per_day: float | None,
    requirements: Sequence[Requirement],
    prometheus: str | None,
    start: float | None,
    end: float | None,
    truth: Path | None,
    json_file: Path | None,
    html_folder: Path | None,
    write: bool,
    dry_run: bool,
) -> None:
    """Measure today's thresholds against known incidents, and propose better ones.

    Independent days of SCENARIO are simulated, and a real Prometheus asked the queries of panels,
    and of alert rules whose thresholds no panel has. Every threshold that values tell apart is
    tried with every hold up to 30 minutes; the best is chosen on some of the days and measured on
    the others.

    Exit code 0: done; 1: today's thresholds do not reach what --require says; 2: bad input.
    """
    if (scenario is None) == (prometheus is None):
        raise click.UsageError("give a SCENARIO, or --prometheus with --truth; one of the two")
    if write and dry_run:
        raise click.UsageError("--write and --dry-run: one of the two")
    output = Output(json_file, html_folder, is_written=write, is_shown=dry_run)
    if dry_run and output.is_json_printed:
        raise click.UsageError("--dry-run prints a patch: give --json a file")
    question = _Question(
        chosen_dashboards(dashboards, variables),
        chosen_rules(rules, are_dashboards_given=bool(dashboards)),
        variables,
        step,
        search_of(objective, cost, min_recall, max_detection_time, max_false_alarms_per_day),
    )
    with ProgressView() as view:
        if prometheus is not None:
            refuse("only with a SCENARIO", seed=seed, seeds=seeds, duration=duration)
            found = _recorded(prometheus, question, start, end, truth, view)
        else:
            refuse("only with --prometheus", start=start, end=end, truth=truth)
            days = _days(str(scenario), seed, seeds, duration, step)
            found = _simulated(days, question, view)
    failed = tuple(unmet(found, requirements, is_all_known=prometheus is None))
    tell(found, failed, output)
    sys.exit(1 if failed else 0)


def _days(
    name: str, seed: int | None, seeds: int | None, duration: float | None, step: float
) -> Days:
    scenario = chosen_scenario(name, seed=seed, compress=1.0)
    return Days(
        scenario, seeds or _SEEDS, scenario.duration if duration is None else duration, step
    )


def _simulated(days: Days, question: _Question, view: ProgressView) -> Tuning:
    return scenario_tuning(
        days,
        question.dashboards,
        question.rules,
        question.variables,
        question.search,
        view.show,
    )


def _recorded(  # noqa: PLR0913, PLR0917 - the options of one mode
    url: str,
    question: _Question,
    start: float | None,
    end: float | None,
    truth: Path | None,
    view: ProgressView,
) -> Tuning:
    """The tuning on what a Prometheus has, against the incidents of a file."""
    if start is None or truth is None:
        raise click.UsageError("--prometheus needs --truth FILE and --start, such as now-30d")
    until = time.time() if end is None else end
    if not start < until:
        raise click.UsageError("--start is not before --end")
    wanted = wanted_in(truth)
    spans = quiet_spans(start, until, wanted, count=_PARTS, step=question.step)
    subject = Subject(question.dashboards, question.rules, wanted, truth.name)
    with Prometheus.at(Endpoint.from_environment(url, of=PROMETHEUS)) as prometheus:
        sampling = Sampling(spans, question.step, question.variables)
        return tune_recorded(prometheus, subject, sampling, question.search, report=view.show)
