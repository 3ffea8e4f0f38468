"""What `simulator cover --mutate` prints: the shares by kind, and what was not noticed."""

from pathlib import Path
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simulator.mutation.report.texts import share_text, summary_text
from simulator.mutation.results import Mutation, Tried
from simulator.quoting import printable

__all__ = ["mutation_table"]

_MOST_SURVIVORS: Final = 60


def mutation_table(found: Mutation, *, folder: Path) -> RenderableType:
    """The kinds, the survivors with what would notice them, and the sums.

    Files in `folder` have their names in it; of more than 60 survivors the first are shown.
    """
    parts: list[RenderableType] = [_kinds(found), Text("")]
    survivors = found.survivors
    if survivors:
        shown = survivors[:_MOST_SURVIVORS]
        parts += [Text("not noticed", style="bold"), *(_survivor(one, folder) for one in shown)]
        more = len(survivors) - len(shown)
        parts += [Text(f"  and {more} more; --json has all of them", style="dim")] if more else []
        parts.append(Text(""))
    parts += [Text(printable(one), style="dim") for one in found.notes]
    drawn = f"{len(found.tried)} of {found.n_possible} possible mistakes, seed {found.seed}"
    parts.append(Text(drawn, style="dim"))
    style = "bold green" if found.is_enough else "bold red"
    return Group(*parts, Text(printable(summary_text(found)), style=style))


def _kinds(found: Mutation) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("what was changed", no_wrap=True)
    for name in ("noticed", "not", "share", "cannot matter", "without a limit"):
        table.add_column(name, justify="right")
    for one in found.kinds:
        style = "" if one.is_enough(found.least) else "red"
        without = f"{one.n_unwatched_noticed} of {one.n_unwatched}" if one.n_unwatched else "-"
        table.add_row(
            one.kind.value,
            str(one.n_noticed),
            str(one.n_survived),
            Text(share_text(one), style=style),
            str(one.n_equivalent),
            without,
        )
    return table


def _survivor(one: Tried, folder: Path) -> Text:
    change = one.mutant.change
    file = change.place.file
    name = str(file.resolve()).removeprefix(f"{folder.resolve()}/")
    return Text.assemble(
        "  ",
        (change.kind.value, "yellow"),
        " ",
        (printable(change.subject), "bold"),
        f": {printable(change.said)}",
        (f"\n      {printable(name)}; would notice: {printable(one.why)}", "dim"),
        overflow="fold",
    )
