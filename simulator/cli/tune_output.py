"""What `simulator tune` leaves: the table, reports, and files with the proposals in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from simulator.cli.reports import STANDARD_OUTPUT, table_console, write_reports
from simulator.cli.tune_view import tuning_table
from simulator.errors import OutputError
from simulator.json_output import json_text
from simulator.quoting import printable
from simulator.runtime.atomic_files import write_all_atomically, write_atomically
from simulator.tuning.report.html.pages import html_pages
from simulator.tuning.report.json_report import tuning_json
from simulator.tuning.requirements import Unmet
from simulator.tuning.results import Tuning
from simulator.tuning.writing.differences import unified_diff
from simulator.tuning.writing.new_rules import new_rules
from simulator.tuning.writing.revisions import Revision, left_out, revisions
from simulator.tuning.writing.texts_left import texts_left

__all__ = ["Output", "tell"]

_MAY_WRITE: Final = 0o222


@dataclass(frozen=True, slots=True)
class Output:
    """Where reports go, and whether proposals are written into files or shown as a patch."""

    json_file: Path | None
    html_folder: Path | None
    is_written: bool
    is_shown: bool
    is_forced: bool = False
    rules_file: Path | None = None

    @property
    def is_json_printed(self) -> bool:
        """Whether the JSON goes to standard output."""
        return self.json_file == STANDARD_OUTPUT


def tell(tuning: Tuning, failed: Sequence[Unmet], output: Output) -> None:
    """The table first, so that it is there whatever goes wrong; files with thresholds last.

    Raises:
        OutputError: a file cannot be written.
        TuningError: a proposal cannot be put into its file.
    """
    console = table_console(is_output_taken=output.is_json_printed or output.is_shown)
    console.print(tuning_table(tuning, failed, width=console.width))
    write_reports([(output.json_file, lambda: json_text(tuning_json(tuning)))])
    if output.html_folder is not None:
        _write_pages(tuning, output.html_folder)
    is_asked = output.is_written or output.is_shown
    changed = revisions(tuning, is_forced=output.is_forced) if is_asked else ()
    if (is_asked or output.rules_file) and not output.is_forced:
        for said in left_out(tuning):
            click.echo(f"not written without --force: {printable(said)}", err=True)
    for said in (said for one in changed for said in one.refused):
        click.echo(f"not written: {printable(said)}", err=True)
    for said in texts_left(changed):
        click.echo(f"for you to mend: {printable(said)}", err=True)
    if output.is_shown:
        for one in changed:
            click.echo(unified_diff(_from_here(one.file), one.before, one.after), nl=False)
    if output.is_written:
        _write_thresholds(changed)
    if output.rules_file is not None:
        _write_rules(tuning, output.rules_file, is_forced=output.is_forced)


def _write_rules(tuning: Tuning, file: Path, *, is_forced: bool) -> None:
    found = new_rules(tuning, is_forced=is_forced)
    for said in found.refused:
        click.echo(f"no alert for {printable(said)}", err=True)
    if found.text:
        write_atomically(file, found.text)
        click.echo(f"wrote {file}", err=True)
    else:
        click.echo("no alert to write: nothing without one moves", err=True)


def _from_here(file: Path) -> Path:
    """The file's name in the working folder: `patch` takes no absolute ones."""
    here, whole = Path.cwd(), file.absolute()
    return whole.relative_to(here) if whole.is_relative_to(here) else file


def _write_pages(tuning: Tuning, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make {folder}: {error.strerror}") from error
    for name, text in html_pages(tuning).items():
        write_atomically(folder / name, text)


def _write_thresholds(revised: Sequence[Revision]) -> None:
    changed = [one for one in revised if one.after != one.before]
    for one in changed:
        _require_as_read(one)
    write_all_atomically({one.file: one.after for one in changed})
    for one in changed:
        click.echo(f"changed {one.file}", err=True)
    if not revised:
        click.echo("nothing to change: every threshold stays", err=True)


def _require_as_read(revision: Revision) -> None:
    """Refuses a file that is for reading only, or that somebody changed meanwhile.

    Raises:
        OutputError: so it is.
    """
    file = revision.file
    try:
        is_writable = file.stat().st_mode & _MAY_WRITE != 0
        now = file.read_bytes()
    except OSError as error:
        raise OutputError(f"cannot write {file}: {error.strerror}") from error
    if not is_writable:
        raise OutputError(f"{file} is for reading only; nothing is written")
    if now != revision.before:
        raise OutputError(f"{file} has changed since it was read; nothing is written: tune again")
