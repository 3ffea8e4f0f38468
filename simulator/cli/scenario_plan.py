"""`simulator scenario plan`: a scenario that reaches every threshold step of given dashboards."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.options import (
    dashboards_option,
    grafana_option,
    mapping_option,
    seed_option,
    variables_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.grafana.variables import Given
    from simulator.mapping.model import Mapping

__all__ = ["plan"]


@click.command("plan")
@dashboards_option
@grafana_option
@variables_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default="-",
    metavar="FILE",
    help="Where the scenario goes.  [default: standard output]",
)
@click.option(
    "--base",
    default="tour",
    show_default=True,
    metavar="NAME|FILE",
    help="A scenario with the platform and the traffic to plan on; its episodes are left out.",
)
@click.option("--name", default="planned", show_default=True, help="What to call the scenario.")
@seed_option()
@mapping_option
@click.option("--json", "as_json", is_flag=True, help="Print what it reaches as JSON; needs -o.")
def plan(  # noqa: PLR0913 - click passes one argument per option
    *,
    dashboards: Sequence[Path],
    grafana: str | None,
    variables: Given,
    output: Path,
    base: str,
    name: str,
    seed: int | None,
    mapping: Mapping,
    as_json: bool,
) -> None:
    """Write a scenario that takes dashboards through every one of their threshold steps.

    Incidents of every kind and many strengths are tried, each for itself, and the panels' own
    queries asked what they show; the few that together bring every value into the middle of every
    band make the scenario, which is then run as the proof.

    Exit code 0: every step is reached; 1: some cannot be, which are listed with the reason; the
    scenario reaches all others. 2: bad input.
    """
    if as_json and output == Path("-"):
        raise click.UsageError("--json needs -o FILE: standard output holds one of the two")
    from simulator.cli.plan_run import planned, write_plan

    found = planned(
        dashboards, variables, mapping, grafana=grafana, base=base, name=name, seed=seed
    )
    write_plan(found, output, as_json=as_json)
    sys.exit(0 if found.is_complete else 1)
