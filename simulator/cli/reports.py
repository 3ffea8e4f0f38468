"""Reports into files or standard output, and the table beside them."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from simulator.runtime.atomic_files import write_atomically

__all__ = ["STANDARD_OUTPUT", "table_console", "write_reports"]

STANDARD_OUTPUT: Final = Path("-")
_WIDTH_WITHOUT_TERMINAL: Final = 120


def write_reports(reports: Sequence[tuple[Path | None, Callable[[], str]]]) -> bool:
    """Writes the reports that have a file; whether one of them took standard output.

    Raises:
        OutputError: a file cannot be written.
    """
    wanted = [(file, text) for file, text in reports if file is not None]
    for file, text in wanted:
        if file == STANDARD_OUTPUT:
            click.echo(text(), nl=False)
        else:
            write_atomically(file, text())
    return any(file == STANDARD_OUTPUT for file, _ in wanted)


def table_console(*, is_output_taken: bool = False) -> Console:
    """Where a table goes: to stderr where a report took standard output.

    In a pipe it is as wide as COLUMNS says, else 120 columns.
    """
    console = Console(stderr=is_output_taken)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _WIDTH_WITHOUT_TERMINAL
    return console
