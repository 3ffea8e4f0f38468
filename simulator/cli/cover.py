"""`simulator cover`: prove which panel and which threshold step is exercised."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.check_options import rules_paths_option
from simulator.cli.mutate_options import MutateOptions, mutate_options
from simulator.cli.notice_options import NoticeOptions, notice_options
from simulator.cli.options import (
    DATE,
    MOMENT,
    SECONDS,
    ZONE,
    compress_option,
    dashboards_option,
    grafana_option,
    mapping_option,
    parsed_by,
    refuse,
    report_option,
    seed_option,
    variables_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from simulator.coverage.allowances import Allowance
    from simulator.grafana.variables import Given
    from simulator.mapping.model import Mapping

__all__ = ["cover"]


def _allowances(texts: Sequence[str]) -> tuple[Allowance, ...]:
    from simulator.coverage.allowances import parse_allowance

    return tuple(map(parse_allowance, texts))


@click.command()
@click.argument("scenario", required=False)
@dashboards_option
@grafana_option
@rules_paths_option("no alerts are judged")
@variables_option
@seed_option()
@compress_option()
@mapping_option
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
@click.option(
    "--timezone",
    "viewer",
    type=ZONE,
    default="Europe/Paris",
    show_default=True,
    help="Of the browser, for dashboards that leave it to that.",
)
@click.option(
    "--date",
    "midnight",
    type=DATE,
    help="The day that SCENARIO begins on, at midnight in UTC.  [default: 2026-01-05]",
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
    callback=parsed_by(_allowances),
    help="Do not fail for this step (colour or index; * for all of the panel), but report it.",
)
@notice_options
@mutate_options
@report_option("json", "all verdicts as JSON")
@report_option("junit", "them as JUnit XML")
@report_option("html", "a page with every panel drawn")
def cover(  # noqa: PLR0913 - click passes one argument per option
    *,
    scenario: str | None,
    dashboards: Sequence[Path],
    grafana: str | None,
    rules: Sequence[Path],
    variables: Given,
    seed: int | None,
    compress: float,
    mapping: Mapping,
    step: float,
    time_range: float | None,
    viewer: tzinfo,
    midnight: float | None,
    prometheus: str | None,
    start: float | None,
    end: float | None,
    truth: Path | None,
    allowances: Sequence[Allowance],
    notifications: bool,
    alertmanager: Path | None,
    expected: Path | None,
    play_time: float | None,
    receiver: str | None,
    mutate: bool,
    mutants: int | None,
    least_noticed: float | None,
    json_file: Path | None,
    junit_file: Path | None,
    html_file: Path | None,
) -> None:
    """Prove which panel and which threshold step SCENARIO exercises, with a real Prometheus.

    A history of the scenario is simulated, a Prometheus started on it, every query of the
    dashboards asked, and all of it judged as Grafana would show it. With --prometheus it is judged
    what that one has. With --rules it is judged of each alert whether it fires, resolves, and is
    silent on a calm day; with --notifications, also what an Alertmanager tells of it. With --mutate
    small mistakes are made in all of these, and those are told which neither this nor `simulator
    check` notices (docs/mutation.md).

    Exit code 0: every panel has data, every step was reached, every alert did all of that and was
    told as it should; 1: not so; 2: bad input. With --mutate, 0: enough mistakes of each kind but
    units are noticed.
    """
    from simulator.cli.check_run import read_rules
    from simulator.cli.cover_run import Viewing, recorded, simulated, write_coverage
    from simulator.cli.dashboards import chosen_dashboards
    from simulator.coverage.allowances import with_allowances

    if (scenario is None) == (prometheus is None):
        raise click.UsageError("give a SCENARIO, or --prometheus with --start; one of the two")
    mutating = MutateOptions(mutate, mutants, least_noticed)
    mutating.require_sensible(
        junit=junit_file,
        html=html_file,
        allow=allowances or None,
        notifications=notifications or None,
    )
    boards = chosen_dashboards(dashboards, variables, grafana)
    groups = read_rules(rules)
    notices = NoticeOptions(notifications, alertmanager, expected, play_time, receiver)
    notices.require_sensible(groups, is_recorded=prometheus is not None)
    viewing = Viewing(boards, variables, step, time_range, viewer, groups, notices)
    if prometheus is not None:
        refuse("not with --prometheus, whose days are what they are", date=midnight)
    else:
        refuse("only with --prometheus", start=start, end=end, truth=truth)
    if mutate:
        from simulator.cli.mutate_run import mutated_recording, mutated_scenario, write_mutation

        tried = (
            mutated_recording(
                prometheus, viewing, mutating, mapping, seed=seed, start=start, end=end, truth=truth
            )
            if prometheus is not None
            else mutated_scenario(
                str(scenario),
                viewing,
                mutating,
                mapping,
                seed=seed,
                compress=compress,
                midnight=midnight,
            )
        )
        write_mutation(tried, json_file=json_file)
        sys.exit(0 if tried.is_enough else 1)
    if prometheus is not None:
        found = recorded(prometheus, viewing, start, end, truth)
    else:
        found = simulated(
            str(scenario), viewing, mapping, seed=seed, compress=compress, midnight=midnight
        )
    found = with_allowances(found, allowances)
    write_coverage(found, json_file=json_file, junit_file=junit_file, html_file=html_file)
    sys.exit(0 if found.is_complete else 1)
