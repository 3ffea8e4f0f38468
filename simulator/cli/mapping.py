"""`simulator mapping`: list, show, check, diff, schema, and proposals."""

import sys
from pathlib import Path

import click

from simulator.cli.command_group import CommandGroup
from simulator.cli.options import allowing_series
from simulator.cli.reports import STANDARD_OUTPUT, write_reports
from simulator.errors import MappingError, ScenarioError
from simulator.json_output import json_text
from simulator.quoting import printable, printable_lines

__all__ = ["mapping"]

output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write it to this file.  [default: standard output]",
)


@click.group(cls=CommandGroup)
def mapping() -> None:
    """List, show, check and compare mappings: what a platform calls what is simulated."""


@mapping.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_mappings(*, as_json: bool) -> None:
    """List the mappings of the library."""
    from rich.table import Table

    from simulator.cli.reports import table_console
    from simulator.mapping.loading import library_names, load_mapping

    found = [load_mapping(name) for name in library_names()]
    if as_json:
        rows = [
            {"name": m.name, "metrics": len(m.metrics), "description": m.description} for m in found
        ]
        click.echo(json_text(rows), nl=False)
        return
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column("mapping", style="bold", no_wrap=True)
    table.add_column("metrics", justify="right", no_wrap=True)
    table.add_column("whose names these are")
    for m in found:
        table.add_row(m.name, str(len(m.metrics)), m.description.strip())
    table_console().print(table)


@mapping.command("show")
@click.argument("names_or_paths", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print all values, defaults included.")
def show(*, names_or_paths: tuple[str, ...], as_json: bool) -> None:
    """Print a mapping as it is written, or with --json several as one."""
    from simulator.mapping.loading import load_mapping, load_mappings, mapping_text

    if as_json:
        click.echo(load_mappings(names_or_paths).model_dump_json(indent=2))
        return
    if len(names_or_paths) > 1:
        raise click.UsageError("several are shown as one with --json only")
    load_mapping(names_or_paths[0])
    click.echo(mapping_text(names_or_paths[0]), nl=False)


@mapping.command("check")
@click.argument("names_or_paths", nargs=-1, required=True)
@allowing_series(is_told=True)
def check(*, names_or_paths: tuple[str, ...], allow_series: int | None) -> None:
    """Check mapping files; every problem with its path and the value found.

    More series than are allowed are refused, as by a run.
    """
    from simulator.mapping.chosen import chosen_plan
    from simulator.mapping.loading import load_mappings
    from simulator.mapping.notes import notes
    from simulator.mapping.size import series_count

    failed = False
    for name in names_or_paths:
        try:
            found = load_mappings([name], allow_series=allow_series)
            calm = chosen_plan("calm", found)
            count = sum(series_count(found, calm).values())
        except (MappingError, ScenarioError) as error:
            failed = True
            click.echo(printable_lines(str(error)), err=True)
        else:
            n = len(found.metrics)
            metrics = f"{n} metric{'' if n == 1 else 's'}"
            click.echo(f"{printable(name)}: fine, {metrics}, {count:,} series of calm")
            for path, note in notes(found, calm):
                click.echo(printable(f"{name}: {path}: note: {note}"))
    sys.exit(2 if failed else 0)


@mapping.command("diff")
@click.argument("one")
@click.argument("other")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def diff(*, one: str, other: str, as_json: bool) -> None:
    """Say in which metrics two mappings differ, and which measures neither has.

    Exit code 0: they say the same; 1: they differ; 2: bad input.
    """
    from simulator.mapping.differences import differences
    from simulator.mapping.loading import load_mapping

    found = differences(load_mapping(one), load_mapping(other))
    if as_json:
        click.echo(json_text(found.as_json()), nl=False)
    else:
        for line in found.lines():
            click.echo(printable(line))
    sys.exit(0 if found.are_same else 1)


@mapping.command("measures")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def measures(*, as_json: bool) -> None:
    """List what is simulated, and what each can be told apart by."""
    from rich.table import Table

    from simulator.cli.reports import table_console
    from simulator.mapping.properties import dimensions_along
    from simulator.measures.catalogue import MEASURES

    if as_json:
        rows = [
            {
                "name": m.name,
                "kind": m.kind,
                "component": m.component,
                "unit": m.unit,
                "dimensions": list(dimensions_along(m)),
                "help": m.help,
            }
            for m in MEASURES.values()
        ]
        click.echo(json_text(rows), nl=False)
        return
    table = Table(box=None, pad_edge=False, show_edge=False)
    for column in ("measure", "kind"):
        table.add_column(column, no_wrap=True, style="bold" if column == "measure" else "")
    table.add_column("told apart by")
    table.add_column("what it is")
    for m in MEASURES.values():
        table.add_row(m.name, m.kind, ", ".join(dimensions_along(m)), m.help)
    table_console().print(table)


@mapping.command("schema")
def schema() -> None:
    """Print the JSON Schema of mapping files, for editors."""
    from simulator.mapping.model import Mapping

    click.echo(json_text(Mapping.model_json_schema()), nl=False)


@mapping.command("from-openapi")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@output_option
def from_openapi(*, file: Path, output: Path | None) -> None:
    """Propose a mapping from an OpenAPI document: routes, field places, answers, and why.

    FILE is OpenAPI 3 or Swagger 2 in JSON or YAML; - is standard input.
    """
    from simulator.adopt.from_openapi import mapping_from_openapi
    from simulator.adopt.openapi.document import MOST_BYTES
    from simulator.errors import OpenApiError
    from simulator.reading.files import read_text

    path = Path("/dev/stdin") if file == STANDARD_OUTPUT else file
    text = read_text(path, most=MOST_BYTES, error=OpenApiError)
    name = "standard input" if file == STANDARD_OUTPUT else str(file)
    write_reports([(output or STANDARD_OUTPUT, lambda: mapping_from_openapi(text, name))])


@mapping.command("from-requests")
@click.argument("url")
@output_option
def from_requests(*, url: str, output: Path | None) -> None:
    """Propose stubs for requests that a running platform did not know.

    URL is where it answers, such as http://127.0.0.1:8000. What a FILE that exists has stays, and
    the difference is shown; no value of what was sent is in it. On another machine the token is
    read from SIMULATOR_CONTROL_TOKEN.
    """
    from simulator.adopt.from_requests import mapping_from_requests
    from simulator.cli.unknown_requests import unknown_requests
    from simulator.mapping.loading import MAX_BYTES
    from simulator.reading.files import read_text
    from simulator.tuning.writing.differences import unified_diff

    found = unknown_requests(url)
    file = output if output is not None and output != STANDARD_OUTPUT and output.exists() else None
    before = None if file is None else read_text(file, most=MAX_BYTES, error=MappingError)
    added = mapping_from_requests(found, before, str(output or "standard output"))
    if file is None or before is None:
        write_reports([(output or STANDARD_OUTPUT, lambda: added.text)])
    else:
        click.echo(unified_diff(file, before.encode(), added.text.encode()), nl=False)
        if added.text != before:
            write_reports([(file, lambda: added.text)])
    for line in added.left_out:
        click.echo(printable(f"not added: {line}"), err=True)
    click.echo(f"{len(added.routes)} added", err=True)
