"""What `simulator check` does: what is read, what is known around it, and the reports."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator import __version__
from simulator.checking.baseline import Known, baseline_text, read_baseline
from simulator.checking.exposed_buckets import top_buckets
from simulator.checking.material import Facts, Material
from simulator.checking.psi_noise import DriftSample
from simulator.checking.report.json_report import check_json
from simulator.checking.report.junit import check_junit
from simulator.checking.report.sarif import sarif_log
from simulator.cli.check_view import check_table
from simulator.cli.dashboards import chosen_dashboards
from simulator.cli.reports import table_console, write_reports
from simulator.json_output import json_text
from simulator.rules.folders import read_rules_in
from simulator.runtime.atomic_files import write_atomically
from simulator.runtime.own_rules import own_rule_files, own_scrape_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping as LevelOf
    from collections.abc import Sequence

    from simulator.checking.results import Results
    from simulator.mapping.model import Mapping  # which takes half a second to load
    from simulator.rules.model import Group

__all__ = ["known", "material", "read_rules", "saved_baseline", "with_mapping", "write_results"]


def material(  # noqa: PLR0913 - the options of the command
    dashboards: Sequence[Path],
    rules: Sequence[Path],
    *,
    scrape_seconds: float | None,
    metrics: Sequence[Path],
    drift: DriftSample | None,
    levels: LevelOf[str, str],
    are_provisioned: bool,
    mapping: Mapping | None,
) -> Material:
    """The files that are given, or the project's own, and what is known around them."""
    are_own = not dashboards and not rules
    boards = chosen_dashboards(dashboards) if dashboards or are_own else []
    groups = read_rules(own_rule_files() if are_own else rules)
    every = scrape_seconds or (own_scrape_seconds() if are_own else 0.0)
    facts = Facts(
        scrape_seconds=every,
        top_buckets=top_buckets(metrics),
        drift=drift or DriftSample(is_assumed=not are_own),
        are_provisioned=are_provisioned or are_own,
        levels=levels,
    )
    if mapping is not None or are_own:
        facts = with_mapping(facts, mapping)
    return Material(boards, groups, facts)


def read_rules(paths: Sequence[Path]) -> tuple[Group, ...]:
    """The groups in files and folders; what in a folder is none is named on standard error."""
    found = read_rules_in(paths)
    for file, reason in found.skipped:
        click.echo(f"{file}: skipped, {reason}", err=True)
    return found.groups


def with_mapping(facts: Facts, given: Mapping | None) -> Facts:
    """The facts with what a mapping, or the project's own, says of buckets and of drift scores."""
    from simulator.mapping.expected import drift_indices, highest_bounds
    from simulator.mapping.loading import default_mapping

    mapping = given or default_mapping()
    return replace(
        facts,
        top_buckets={**highest_bounds(mapping), **facts.top_buckets},
        psi_metrics=drift_indices(mapping),
    )


def known(baseline: Path | None) -> tuple[frozenset[Known], Path]:
    """What the baseline has, and the folder that its files are told from."""
    if baseline is None:
        return frozenset(), Path()
    return read_baseline(baseline), baseline.parent


def saved_baseline(found: Results, baseline: Path) -> None:
    """Writes the findings as the baseline."""
    every = [one.found for one in found.findings]
    write_atomically(baseline, baseline_text(every, baseline.parent))
    click.echo(f"{baseline}: {len(every)} findings are known from now on", err=True)


def write_results(
    found: Results,
    *,
    has_notes: bool,
    json_file: Path | None,
    junit_file: Path | None,
    sarif_file: Path | None,
) -> None:
    """The reports that are asked for, and the table."""
    is_taken = write_reports(
        [
            (json_file, lambda: json_text(check_json(found))),
            (junit_file, partial(check_junit, found)),
            (
                sarif_file,
                lambda: json_text(sarif_log(found, version=__version__, folder=Path.cwd())),
            ),
        ]
    )
    console = table_console(is_output_taken=is_taken)
    console.print(check_table(found, has_notes=has_notes, folder=Path.cwd()))
