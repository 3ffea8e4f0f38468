"""Dashboards and rules of somebody's, adopted for as long as a demo runs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from simulator.adopt.boards.adopting import adopted
from simulator.cli.adopt_run import Adoption, said
from simulator.mapping.loading import DEFAULT
from simulator.quoting import printable
from simulator.runtime.stack_files import Theirs
from simulator.runtime.temporary import temporary_folder

__all__ = ["adopted_for_a_demo"]


@contextmanager
def adopted_for_a_demo(
    dashboards: Sequence[Path], rules: Sequence[Path], mappings: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Theirs | None]]:
    """The mappings of a demo, and what is shown in it; without dashboards the project's own.

    The file of the adopted mapping is gone after the block.

    Raises:
        MappingError: no query reads a metric.
    """
    if not dashboards:
        yield mappings, None
        return
    adoption = Adoption(tuple(dashboards), None, tuple(rules))
    boards, groups = adoption.read()
    found = adopted(boards, groups, adoption.source)
    for line in said(found):
        click.echo(printable(line), err=True)
    with temporary_folder("adopted") as folder:
        file = folder / "adopted.yaml"
        file.write_text(found.text, encoding="utf-8")
        yield (*(mappings or (DEFAULT,)), str(file)), Theirs(tuple(boards), groups)
