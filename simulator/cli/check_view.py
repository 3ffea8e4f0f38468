"""What `simulator check` prints: findings by file and line, and the sums."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simulator.checking.problems import Weight
from simulator.checking.report.counts import read_text, verdict_text
from simulator.checking.results import Result, Results
from simulator.quoting import printable

__all__ = ["check_table"]


def check_table(found: Results, *, has_notes: bool, folder: Path) -> RenderableType:
    """The findings, and the notes where they are asked for; files in `folder` by their names in it.

    Nothing is cut: what is long goes on in the next line.
    """
    shown = [one for one in found.every if not one.is_known]
    shown = [one for one in shown if has_notes or one.problem.weight is Weight.FINDING]
    parts: list[RenderableType] = [*_files(shown, folder)]
    parts += [
        Text(f"gone from what the baseline knows: {one.check}, {one.file}: {one.message}", "dim")
        for one in found.gone
    ]
    hint = "; --notes shows them" if found.notes and not has_notes else ""
    style = "bold green" if found.is_clean else "bold red"
    parts += [
        Text(printable(read_text(found)), style="dim"),
        Text(f"{verdict_text(found)}{hint}", style=style),
    ]
    return Group(*parts)


def _files(shown: Sequence[Result], folder: Path) -> Iterator[RenderableType]:
    by_file: dict[Path, list[Result]] = {}
    for one in shown:
        by_file.setdefault(one.problem.place.file, []).append(one)
    for file, own in by_file.items():
        yield Text(printable(_name(file, folder)), style="bold", overflow="fold")
        yield _table(sorted(own, key=lambda one: one.line))
        yield Text("")


def _name(file: Path, folder: Path) -> str:
    try:
        return str(file.resolve().relative_to(folder.resolve()))
    except ValueError:
        return str(file)


def _table(own: Sequence[Result]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column("line", justify="right", no_wrap=True, min_width=6, style="dim")
    table.add_column("check", no_wrap=True)
    table.add_column("what", overflow="fold")
    for one in own:
        is_note = one.problem.weight is Weight.NOTE
        check = Text(one.found.check.id, style="cyan" if is_note else "red")
        table.add_row(str(one.line), check, _said(one))
    return table


def _said(one: Result) -> Text:
    problem = one.problem
    said = Text.assemble((printable(problem.subject), "bold"), f": {printable(problem.message)}")
    if problem.weight is Weight.NOTE:
        said.append(" (note)", style="dim")
    if problem.proposal:
        said.append(f"\n→ {printable(problem.proposal)}", style="green")
    return said
