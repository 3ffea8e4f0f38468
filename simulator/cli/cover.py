"""`simulator cover`: prove which panel and which threshold step is exercised."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click

from simulator.cli.cover_view import coverage_table
from simulator.cli.dashboards import chosen_dashboards
from simulator.cli.options import (
    MOMENT,
    SECONDS,
    compress_option,
    dashboards_option,
    refuse,
    report_option,
    seed_option,
    variables_option,
)
from simulator.cli.progress_view import ProgressView
from simulator.cli.reports import table_console, write_reports
from simulator.coverage.allowances import Allowance, parse_allowance, with_allowances
from simulator.coverage.cover import CoverPlan
from simulator.coverage.cover import cover as coverage_of
from simulator.coverage.report.html.page import html_report
from simulator.coverage.report.json_report import coverage_json
from simulator.coverage.report.junit import junit_xml
from simulator.coverage.verdicts import Coverage
from simulator.errors import AllowanceError
from simulator.grafana.model import Dashboard
from simulator.grafana.variables import Given
from simulator.http.endpoint import Endpoint
from simulator.observation.episodes import episodes_in, recorded_episodes
from simulator.observation.prometheus import PROMETHEUS, Prometheus
from simulator.runtime.covering import scenario_coverage
from simulator.scenario.loading import chosen_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.timed_run import EpisodeSpan
from simulator.timeline.durations import format_duration

__all__ = ["cover"]


@dataclass(frozen=True)
class _View:
    """How the dashboards are looked at."""

    dashboards: Sequence[Dashboard]
    variables: Given
    step: float
    time_range: float | None

    def plan(
        self, start: float, end: float, episodes: Sequence[EpisodeSpan], scenario: str = ""
    ) -> CoverPlan:
        return CoverPlan(
            start=start,
            end=end,
            resolution=self.step,
            variables=self.variables,
            scrape_interval=format_duration(self.step),
            time_range=self.time_range,
            episodes=tuple(episodes),
            scenario=scenario,
        )


def _allowances(
    _ctx: click.Context, _param: click.Parameter, texts: Sequence[str]
) -> tuple[Allowance, ...]:
    try:
        return tuple(map(parse_allowance, texts))
    except AllowanceError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.argument("scenario", required=False)
@dashboards_option
@variables_option
@seed_option()
@compress_option()
@click.option(
    "--step",
    type=SECONDS,
    default="15s",
    show_default=True,
    help="Time between ticks, scrapes, and the moments looked at.",
)
@click.option(
    "--time-range",
    type=SECONDS,
    help="What the dashboards are opened with, as the last 6h.  [default: each one's own]",
)
@click.option("--prometheus", metavar="URL", help="Judge what this Prometheus has instead.")
@click.option("--start", type=MOMENT, help="With --prometheus: from when, such as now-1d.")
@click.option("--end", type=MOMENT, help="With --prometheus: until when.  [default: now]")
@click.option(
    "--truth",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --prometheus: a truth.json that tells which episodes were on.",
)
@click.option(
    "--allow",
    "allowances",
    multiple=True,
    metavar="PANEL:STEP",
    callback=_allowances,
    help="Do not fail for this step (colour or index; * for all of the panel), but report it.",
)
@report_option("json", "all verdicts as JSON")
@report_option("junit", "them as JUnit XML")
@report_option("html", "a page with every panel drawn")
def cover(  # noqa: PLR0913 - click passes one argument per option
    *,
    scenario: str | None,
    dashboards: Sequence[Path],
    variables: Given,
    seed: int | None,
    compress: float,
    step: float,
    time_range: float | None,
    prometheus: str | None,
    start: float | None,
    end: float | None,
    truth: Path | None,
    allowances: Sequence[Allowance],
    json_file: Path | None,
    junit_file: Path | None,
    html_file: Path | None,
) -> None:
    """Prove which panel and which threshold step SCENARIO exercises, with a real Prometheus.

    A history of the scenario is simulated, a Prometheus started on it, every query of the
    dashboards asked, and all of it judged as Grafana would show it. With --prometheus it is judged
    what that one has.

    Exit code 0: every panel has data and every step was reached; 1: not so; 2: bad input.
    """
    if (scenario is None) == (prometheus is None):
        raise click.UsageError("give a SCENARIO, or --prometheus with --start; one of the two")
    look = _View(chosen_dashboards(dashboards, variables), variables, step, time_range)
    if prometheus is not None:
        found = _recorded(prometheus, look, start, end, truth)
    else:
        refuse("only with --prometheus", start=start, end=end, truth=truth)
        found = _simulated(chosen_scenario(str(scenario), seed=seed, compress=compress), look)
    found = with_allowances(found, allowances)
    _write(found, [(json_file, _json_text), (junit_file, junit_xml), (html_file, html_report)])
    sys.exit(0 if found.is_complete else 1)


def _recorded(
    url: str, look: _View, start: float | None, end: float | None, truth: Path | None
) -> Coverage:
    """The coverage of what a Prometheus has; the truth is what it tells itself, without a file."""
    if start is None:
        raise click.UsageError("--prometheus needs --start, such as --start now-1d")
    plan = look.plan(start, time.time() if end is None else end, ())
    endpoint = Endpoint.from_environment(url, of=PROMETHEUS)
    with Prometheus.at(endpoint) as prometheus, ProgressView() as view:
        episodes = (
            episodes_in(truth)
            if truth
            else recorded_episodes(prometheus, start=plan.start, end=plan.end, step=look.step)
        )
        plan = replace(plan, episodes=episodes)
        return coverage_of(look.dashboards, prometheus, plan, report=view.show)


def _simulated(scenario: Scenario, look: _View) -> Coverage:
    with ProgressView() as view:
        plan = look.plan(0.0, scenario.duration, (), scenario.name)
        return scenario_coverage(scenario, look.dashboards, plan, view.show)


def _json_text(coverage: Coverage) -> str:
    return json.dumps(coverage_json(coverage), indent=2, ensure_ascii=False) + "\n"


def _write(
    coverage: Coverage, reports: Sequence[tuple[Path | None, Callable[[Coverage], str]]]
) -> None:
    """The reports that are asked for, and the table."""
    is_taken = write_reports([(file, partial(text, coverage)) for file, text in reports])
    console = table_console(is_output_taken=is_taken)
    console.print(coverage_table(coverage, width=console.width))
