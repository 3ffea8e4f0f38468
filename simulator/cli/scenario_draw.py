"""`simulator scenario draw`: one concrete draw of a scenario whose episodes are drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from simulator.cli.options import DATE, mapping_option, seed_option
from simulator.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.mapping.model import Mapping
    from simulator.scenario.draws.drawing import Draw

__all__ = ["draw"]

_MOST_DAYS: Final = 366


@click.command("draw")
@click.argument("name_or_path", metavar="NAME|FILE")
@click.option(
    "--days",
    type=click.IntRange(1, _MOST_DAYS),
    help="How many days are drawn.  [default: as long as the scenario lasts]",
)
@click.option(
    "--start",
    type=DATE,
    metavar="DATE",
    help="The first day, for weekdays.  [default: some Monday]",
)
@seed_option()
@mapping_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default="-",
    metavar="FILE",
    help="Where the scenario goes.  [default: standard output]",
)
def draw(  # noqa: PLR0913 - click passes one argument per option
    *,
    name_or_path: str,
    days: int | None,
    start: float | None,
    seed: int | None,
    mapping: Mapping,
    output: Path,
) -> None:
    """Write one draw of a scenario: a file with all episodes in it, to be read and edited.

    Days begin at midnight on the scenario's clocks. A day is the same for the same seed, however
    many days are drawn; another seed draws others. The platform of --mapping is what episodes have
    to fit; it is written, too.
    """
    from simulator.cli.reports import write_reports
    from simulator.mapping.chosen import chosen_plan
    from simulator.scenario.draws.drawing import MONDAY_MIDNIGHT, Beginning, drawn_scenario
    from simulator.scenario.draws.room import out_of_reach
    from simulator.scenario.loading import MOST_BYTES, parse_scenario
    from simulator.scenario.writing import scenario_yaml

    plan = chosen_plan(name_or_path, mapping, seed=seed)
    if not plan.drawn:
        raise ScenarioError(f"scenario {plan.name!r} has nothing to be drawn: no `drawn:` in it")
    beginning = MONDAY_MIDNIGHT if start is None else Beginning.on_date(start)
    found = drawn_scenario(plan, days=days, beginning=beginning)
    found = replace(found, left_out=(*out_of_reach(plan), *found.left_out))
    text = scenario_yaml(found.scenario, head=list(_head(found, plan.name)))
    if len(text.encode()) > MOST_BYTES:
        raise ScenarioError(
            f"{len(found.scenario.episodes):,} episodes make a file of {len(text.encode()):,} "
            f"bytes, and {MOST_BYTES:,} are read; draw fewer days"
        )
    parse_scenario(text, "the draw")  # a scenario that cannot be loaded again is none
    write_reports([(output, lambda: text)])
    for one in found.left_out:
        click.echo(f"left out: {one}", err=True)
    click.echo(f"{len(found.scenario.episodes)} episodes", err=True)


def _head(found: Draw, name: str) -> Iterator[str]:
    from simulator.scenario.draws.one_episode import ALGORITHM

    yield (
        f"Drawn by `simulator scenario draw` from {name} with seed {found.scenario.seed}, "
        f"by algorithm {ALGORITHM}. Another draw does not change it; edit it as you like."
    )
    if found.left_out:
        yield "Left out, since they cannot stand beside the others:"
        yield from (f"- {one}" for one in found.left_out)
