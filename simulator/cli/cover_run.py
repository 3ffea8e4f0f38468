"""What `simulator cover` does: the coverage of a scenario, or of what a Prometheus has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Final

import click

from simulator.cli.cover_view import coverage_table
from simulator.cli.draw_view import tell_left_out
from simulator.cli.notice_options import NoticeOptions
from simulator.cli.progress_view import ProgressView
from simulator.cli.reports import table_console, write_reports
from simulator.coverage.cover import CoverPlan
from simulator.coverage.cover import cover as coverage_of
from simulator.coverage.report.json_report import coverage_json
from simulator.coverage.report.junit import junit_xml
from simulator.coverage.verdicts import Coverage
from simulator.grafana.model import Dashboard
from simulator.grafana.variables import Given
from simulator.json_output import json_text
from simulator.mapping.chosen import chosen_draw
from simulator.mapping.model import Mapping
from simulator.observation.episodes import episodes_in, recorded_episodes
from simulator.observation.prometheus import Prometheus
from simulator.progress import Report
from simulator.rules.model import Group
from simulator.runtime.clock import unix_seconds
from simulator.runtime.days import MONDAY
from simulator.runtime.scenario_coverage import scenario_coverage
from simulator.timeline.durations import format_duration

CALM: Final = "calm"
"""The scenario of the library in which nothing is wrong."""

__all__ = ["CALM", "Viewing", "recorded", "recorded_plan", "simulated", "write_coverage"]


_BY_TIME: Final = (
    "beside each step are the episodes that were on: which of them can be why is measured of a "
    "SCENARIO only"
)


@dataclass(frozen=True)
class Viewing:
    """How the dashboards are looked at."""

    dashboards: Sequence[Dashboard]
    variables: Given
    step: float
    time_range: float | None
    viewer: tzinfo
    rules: tuple[Group, ...] = ()
    notices: NoticeOptions | None = None

    def plan(self, start: float, end: float, report: Report, scenario: str = "") -> CoverPlan:
        """The plan of a span on the clock."""
        given = self.notices
        notices = given.judge(self.dashboards, self.rules, report) if given else None
        return CoverPlan(
            start=start,
            end=end,
            resolution=self.step,
            variables=self.variables,
            scrape_interval=format_duration(self.step),
            time_range=self.time_range,
            viewer=self.viewer,
            scenario=scenario,
            rules=self.rules,
            notices=notices,
        )


def recorded(
    url: str, viewing: Viewing, start: float | None, end: float | None, truth: Path | None
) -> Coverage:
    """The coverage of what a Prometheus has; the truth is what it tells itself, without a file."""
    with Prometheus.from_environment(url) as prometheus, ProgressView() as view:
        plan = recorded_plan(
            prometheus, viewing, start=start, end=end, truth=truth, report=view.show
        )
        found = coverage_of(viewing.dashboards, prometheus, plan, report=view.show)
    return replace(found, notes=(*found.notes, _BY_TIME)) if plan.episodes else found


def recorded_plan(  # noqa: PLR0913 - the options of one mode
    prometheus: Prometheus,
    viewing: Viewing,
    *,
    start: float | None,
    end: float | None,
    truth: Path | None,
    report: Report,
) -> CoverPlan:
    """The plan of what a Prometheus has, with the episodes that a file or itself tells of."""
    if start is None:
        raise click.UsageError("--prometheus needs --start, such as --start now-1d")
    plan = viewing.plan(start, unix_seconds() if end is None else end, report)
    episodes = (
        episodes_in(truth)
        if truth
        else recorded_episodes(prometheus, start=plan.start, end=plan.end, step=viewing.step)
    )
    return replace(plan, episodes=episodes)


def simulated(  # noqa: PLR0913 - the options of one mode
    name_or_path: str,
    viewing: Viewing,
    mapping: Mapping,
    *,
    seed: int | None,
    compress: float,
    midnight: float | None,
) -> Coverage:
    """The coverage of a scenario's history, from a midnight on."""
    first = MONDAY if midnight is None else midnight
    drawn = chosen_draw(name_or_path, mapping, origin=first, seed=seed, compress=compress)
    tell_left_out(drawn.left_out)
    scenario = drawn.scenario
    calm = chosen_draw(CALM, mapping, origin=first, compress=compress).scenario
    with ProgressView() as view:
        plan = viewing.plan(0.0, scenario.duration, view.show, scenario.name)
        return scenario_coverage(
            scenario,
            viewing.dashboards,
            plan,
            view.show,
            mapping=mapping,
            midnight=first,
            calm=calm if viewing.rules else None,
        )


def write_coverage(
    coverage: Coverage, *, json_file: Path | None, junit_file: Path | None, html_file: Path | None
) -> None:
    """The reports that are asked for, and the table."""
    is_taken = write_reports(
        [
            (json_file, lambda: json_text(coverage_json(coverage))),
            (junit_file, partial(junit_xml, coverage)),
            (html_file, partial(_html, coverage)),
        ]
    )
    console = table_console(is_output_taken=is_taken)
    console.print(coverage_table(coverage, width=console.width))


def _html(coverage: Coverage) -> str:
    from simulator.coverage.report.html.page import html_report  # charts and templates

    return html_report(coverage)
