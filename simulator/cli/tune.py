"""`simulator tune`: how good thresholds are against known incidents, and which would be better."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from simulator.cli.check_options import drift_option
from simulator.cli.options import (
    MOMENT,
    SECONDS,
    dashboards_option,
    mapping_option,
    refuse,
    report_option,
    seed_option,
    variables_option,
)
from simulator.cli.tune_options import aims_options, require_option, rules_option, severity_option

if TYPE_CHECKING:
    from collections.abc import Mapping as LevelOf
    from collections.abc import Sequence

    from simulator.checking.psi_noise import DriftSample
    from simulator.grafana.variables import Given
    from simulator.mapping.model import Mapping
    from simulator.tuning.judging.objectives import Cost
    from simulator.tuning.requirements import Requirement

__all__ = ["tune"]

_MOST_SEEDS: Final = 30
_MOST_DAYS: Final = 60


@click.command()
@click.argument("scenario", required=False)
@dashboards_option
@rules_option
@severity_option
@variables_option
@seed_option()
@mapping_option
@click.option(
    "--seeds",
    type=click.IntRange(1, _MOST_SEEDS),
    help="How often the same day is simulated, each with a seed of its own, where SCENARIO's "
    "incidents are not drawn.  [default: 5]",
)
@click.option(
    "--days",
    type=click.IntRange(2, _MOST_DAYS),
    help="How many days, where SCENARIO's incidents are drawn: half to choose on, and half with "
    "other incidents to judge on.  [default: 20]",
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
@drift_option
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
@click.option(
    "--force",
    is_flag=True,
    help="With --write, --write-rules or --dry-run: also what was chosen from fewer than five "
    "distinct incidents, or from all there is.",
)
@click.option(
    "--write-rules",
    "rules_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a rule file with an alert for each threshold that moves and has none, whose holds "
    "are then chosen too.",
)
@click.option("--dry-run", is_flag=True, help="Print what --write would change, as a patch.")
def tune(  # noqa: PLR0913 - click passes one argument per option
    *,
    scenario: str | None,
    dashboards: Sequence[Path],
    rules: Sequence[Path],
    severities: LevelOf[str, str],
    variables: Given,
    seed: int | None,
    mapping: Mapping,
    seeds: int | None,
    days: int | None,
    duration: float | None,
    step: float,
    objective: str | None,
    cost: Cost | None,
    min_recall: float | None,
    max_detection_time: float | None,
    max_false_alarms_per_day: float | None,
    requirements: Sequence[Requirement],
    drift: DriftSample | None,
    prometheus: str | None,
    start: float | None,
    end: float | None,
    truth: Path | None,
    json_file: Path | None,
    html_folder: Path | None,
    write: bool,
    rules_file: Path | None,
    dry_run: bool,
    force: bool,
) -> None:
    """Measure today's thresholds against known incidents, and propose better ones.

    Days of SCENARIO are simulated, each with other incidents where they are drawn, and a real
    Prometheus asked the queries of panels, and of alert rules whose thresholds no panel has. Every
    threshold that values tell apart is tried with every hold up to 30 minutes; the best is chosen
    on some of the days and measured on the others.

    Exit code 0: done; 1: today's thresholds do not reach what --require says; 2: bad input.
    """
    from simulator.cli.dashboards import chosen_dashboards
    from simulator.cli.progress_view import ProgressView
    from simulator.cli.tune_output import Output, tell
    from simulator.cli.tune_run import chosen_groups, noise_of, recorded, search_of, simulated
    from simulator.mapping.assumed import assumed_names
    from simulator.mapping.signals import signals_of
    from simulator.tuning.monitors.alert_rules import alert_rules
    from simulator.tuning.requirements import unmet
    from simulator.tuning.tune import Question

    if (scenario is None) == (prometheus is None):
        raise click.UsageError("give a SCENARIO, or --prometheus with --truth; one of the two")
    if write and dry_run:
        raise click.UsageError("--write and --dry-run: one of the two")
    if force and not (write or dry_run or rules_file):
        raise click.UsageError("--force goes with --write, --write-rules or --dry-run")
    if rules_file is not None and rules_file.exists():
        raise click.UsageError(f"--write-rules: {rules_file} is there already: name another file")
    output = Output(json_file, html_folder, write, dry_run, force, rules_file)
    if dry_run and output.is_json_printed:
        raise click.UsageError("--dry-run prints a patch: give --json a file")
    signals = signals_of(mapping)
    groups = chosen_groups(rules, are_dashboards_given=bool(dashboards))
    question = Question(
        chosen_dashboards(dashboards, variables) if dashboards or not rules else (),
        alert_rules(groups, signals, severities),
        groups,
        variables,
        step,
        search_of(objective, cost, min_recall, max_detection_time, max_false_alarms_per_day),
        signals,
        severities,
        gets_rules=rules_file is not None,
        assumed=assumed_names(mapping),
        noise=noise_of(drift, mapping),
    )
    with ProgressView() as view:
        if prometheus is not None:
            refuse("only with a SCENARIO", seed=seed, seeds=seeds, days=days, duration=duration)
            found = recorded(prometheus, question, start, end, truth, view)
        else:
            refuse("only with --prometheus", start=start, end=end, truth=truth)
            found = simulated(
                str(scenario),
                question,
                view,
                mapping,
                seed=seed,
                seeds=seeds,
                days=days,
                duration=duration,
            )
    failed = tuple(unmet(found, requirements, is_all_known=prometheus is None))
    tell(found, failed, output)
    sys.exit(1 if failed else 0)
