"""`simulator scenario`: list, show, check, draw, plan, schema."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from simulator.cli.command_group import CommandGroup
from simulator.cli.scenario_draw import draw
from simulator.cli.scenario_plan import plan
from simulator.errors import ScenarioError
from simulator.json_output import json_text
from simulator.quoting import printable, printable_lines
from simulator.timeline.durations import format_duration

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario

__all__ = ["scenario"]


@click.group(cls=CommandGroup)
def scenario() -> None:
    """List, show, check, draw and plan scenarios."""


scenario.add_command(draw)
scenario.add_command(plan)


@scenario.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_scenarios(*, as_json: bool) -> None:
    """List the scenarios of the library."""
    from rich.table import Table

    from simulator.cli.reports import table_console
    from simulator.scenario.loading import library_names, load_scenario

    found = [load_scenario(name) for name in library_names()]
    if as_json:
        rows = [{"name": s.name, "description": s.description} for s in found]
        click.echo(json_text(rows), nl=False)
        return
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column("scenario", style="bold", no_wrap=True)
    table.add_column("length", justify="right", no_wrap=True)
    table.add_column("episodes", justify="right", no_wrap=True)
    table.add_column("what happens")
    for s in found:
        table.add_row(
            s.name,
            format_duration(s.duration),
            "drawn" if s.drawn else str(len(s.episodes)),
            s.description.strip(),
        )
    table_console().print(table)


@scenario.command("show")
@click.argument("name_or_path")
@click.option("--json", "as_json", is_flag=True, help="Print all values, defaults included.")
def show(*, name_or_path: str, as_json: bool) -> None:
    """Print a scenario as it is written, or with --json whole, durations in seconds."""
    from simulator.scenario.loading import load_scenario, scenario_text

    if as_json:
        click.echo(load_scenario(name_or_path).model_dump_json(indent=2))
        return
    load_scenario(name_or_path)
    click.echo(scenario_text(name_or_path), nl=False)


@scenario.command("check")
@click.argument("names_or_paths", nargs=-1, required=True)
def check(*, names_or_paths: tuple[str, ...]) -> None:
    """Check scenario files; every problem with its path and the value found.

    A file that is fine may have notes: windows so small that their noise crosses thresholds, or
    episodes that a live run does not show as a history does.
    """
    from simulator.scenario.loading import load_scenario
    from simulator.scenario.notes import notes

    failed = False
    for name in names_or_paths:
        try:
            found = load_scenario(name)
        except ScenarioError as error:
            failed = True
            click.echo(printable_lines(str(error)), err=True)
        else:
            click.echo(f"{printable(name)}: fine, {_episodes(found)}")
            for path, message in notes(found):
                click.echo(f"{printable(name)}: note: {path}: {message}", err=True)
    sys.exit(2 if failed else 0)


def _episodes(found: Scenario) -> str:
    n = len(found.episodes)
    said = f"{n} episode{'' if n == 1 else 's'}"
    a_week = sum(entry.a_week for entry in found.drawn)
    return f"{said} and {a_week:g} drawn a week" if found.drawn else said


@scenario.command("schema")
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from simulator.scenario.model import Scenario

    click.echo(json_text(Scenario.model_json_schema()), nl=False)
