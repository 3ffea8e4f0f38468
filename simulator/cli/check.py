"""`simulator check`: hold dashboards and rules against each other, without a simulation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.check_options import facts_options, rules_paths_option
from simulator.cli.options import chosen_mapping_option, dashboards_option, report_option

if TYPE_CHECKING:
    from collections.abc import Mapping as LevelOf
    from collections.abc import Sequence

    from simulator.checking.psi_noise import DriftSample
    from simulator.mapping.model import Mapping

__all__ = ["check"]


@click.command()
@dashboards_option
@rules_paths_option("those of this project, without --dashboards")
@facts_options
@chosen_mapping_option
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Findings that are known, and do not fail.",
)
@click.option(
    "--write-baseline", is_flag=True, help="Write all findings into the --baseline, and exit 0."
)
@click.option("--notes", is_flag=True, help="Print notes, too, which never fail.")
@report_option("json", "all of it as JSON")
@report_option("junit", "it as JUnit XML")
@report_option("sarif", "it as SARIF 2.1.0")
def check(  # noqa: PLR0913 - click passes one argument per option
    *,
    dashboards: Sequence[Path],
    rules: Sequence[Path],
    scrape_interval: float | None,
    metrics: Sequence[Path],
    drift: DriftSample | None,
    severities: LevelOf[str, str],
    provisioned: bool,
    mapping: Mapping | None,
    baseline: Path | None,
    write_baseline: bool,
    notes: bool,
    json_file: Path | None,
    junit_file: Path | None,
    sarif_file: Path | None,
) -> None:
    """Hold dashboards and alert rules against each other and themselves: no data, no simulation.

    Alerts are paired with the panels that show what they compare, by link, by query or by limit.
    docs/check.md has a section for each check.

    Exit code 0: no findings but those of the baseline; 1: there are others; 2: bad input.
    """
    from simulator.checking.results import results
    from simulator.cli.check_run import known, material, saved_baseline, write_results

    if write_baseline and baseline is None:
        raise click.UsageError("--write-baseline needs --baseline FILE, where it is to be written")
    looked_at = material(
        dashboards,
        rules,
        scrape_seconds=scrape_interval,
        metrics=metrics,
        drift=drift,
        levels=severities,
        are_provisioned=provisioned,
        mapping=mapping,
    )
    if write_baseline and baseline is not None:
        found = results(looked_at)
        saved_baseline(found, baseline)
    else:
        found = results(looked_at, *known(baseline))
    write_results(
        found,
        has_notes=notes,
        json_file=json_file,
        junit_file=junit_file,
        sarif_file=sarif_file,
    )
    sys.exit(0 if found.is_clean or write_baseline else 1)
