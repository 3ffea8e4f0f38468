"""`simulator adopt`: from dashboards and rules that people have to a mapping."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.check_options import rules_paths_option
from simulator.cli.options import grafana_option

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["adopt"]


def _pattern(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> re.Pattern[str] | None:
    try:
        return None if value is None else re.compile(value)
    except re.error as error:
        raise click.BadParameter(f"is no regular expression: {error}") from error


@click.command()
@click.option(
    "--dashboards",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    metavar="PATH",
    help="A dashboard as a JSON file, or a folder of them; may be repeated.",
)
@grafana_option
@rules_paths_option("none")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="The mapping. What a person changed in one that is there stays, and the difference is "
    "shown.  [default: standard output]",
)
@click.option(
    "--prometheus",
    metavar="URL",
    help="Also read types, help and labels of these metrics in a running one; no samples.",
)
@click.option(
    "--no-values",
    is_flag=True,
    help="With --prometheus: read no values of labels. (Those that look like people, mails, tokens "
    "or addresses are never written.)",
)
@click.option(
    "--no-proof",
    is_flag=True,
    help="Do not simulate a calm day and the tour to show what it gives.",
)
@click.option(
    "--only", callback=_pattern, metavar="REGEX", help="Only metrics with this in their name."
)
def adopt(  # noqa: PLR0913 - click passes one argument per option
    *,
    dashboards: Sequence[Path],
    grafana: str | None,
    rules: Sequence[Path],
    output: Path | None,
    only: re.Pattern[str] | None,
    prometheus: str | None,
    no_values: bool,
    no_proof: bool,
) -> None:
    """Write the mapping that your dashboards and rules ask for, with a reason for each guess.

    What their queries read is held against all that is simulated: by names, types, units, labels,
    and how it is used. What no measure has becomes an extra signal where it is a platform's usual
    resource; all else is listed as not adopted. In the end a calm day and the tour are simulated:
    how many panels and alerts have data, before and after.
    """
    from simulator.cli.adopt_proof import show_proof
    from simulator.cli.adopt_run import Adoption, write_adopted

    if not dashboards and not rules and grafana is None:
        raise click.UsageError("give --dashboards, --grafana or --rules: what is to be adopted")
    if no_values and prometheus is None:
        raise click.UsageError("--no-values is for --prometheus, whose values it leaves out")
    adoption = Adoption(
        tuple(dashboards), grafana, tuple(rules), only, prometheus, with_values=not no_values
    )
    found = write_adopted(adoption, output)
    if not no_proof:
        show_proof(adoption, found)
