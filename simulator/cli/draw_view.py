"""What of a scenario's distributions is left out of a draw, as every command says it."""

from collections.abc import Sequence
from typing import Final

import click

__all__ = ["tell_left_out"]

_MOST_LINES: Final = 5


def tell_left_out(left_out: Sequence[str]) -> None:
    """Says on the error output what is left out, and why: a few of many, and how many there are."""
    for line in left_out[:_MOST_LINES]:
        click.echo(f"left out: {line}", err=True)
    if len(left_out) > _MOST_LINES:
        more = len(left_out) - _MOST_LINES
        click.echo(f"left out: {more} more; `simulator scenario draw` names all", err=True)
