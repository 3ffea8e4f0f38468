"""What `simulator cover` is told of mistakes that are made on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import click

from simulator.cli.options import refuse, with_options

__all__ = ["MutateOptions", "mutate_options"]

_F = TypeVar("_F", bound=Callable[..., Any])
_COUNT: Final = 200
_LEAST: Final = 0.9


def mutate_options(command: _F) -> _F:
    """Adds --mutate, and what goes with it."""
    return with_options(
        command,
        click.option(
            "--mutate",
            is_flag=True,
            help="Make mistakes in dashboards and rules on purpose, and tell which are noticed.",
        ),
        click.option(
            "--mutants",
            type=click.IntRange(1, 100_000),
            metavar="N",
            help=f"With --mutate: how many mistakes, drawn by the seed.  [default: {_COUNT}]",
        ),
        click.option(
            "--least-noticed",
            type=click.FloatRange(0.0, 1.0),
            metavar="SHARE",
            help="With --mutate: the share of each kind that has to be noticed.  "
            f"[default: {_LEAST}]",
        ),
    )


@dataclass(frozen=True, slots=True)
class MutateOptions:
    """The options as they were given."""

    mutate: bool
    mutants: int | None
    least_noticed: float | None

    def require_sensible(self, **others: object) -> None:
        """Nothing, where they mean something together, and with the other options.

        Raises:
            click.UsageError: some do not; with their names.
        """
        if self.mutate:
            refuse("not with --mutate, which tells of mistakes and not of the whole", **others)
        else:
            given = {"mutants": self.mutants, "least_noticed": self.least_noticed}
            refuse("only with --mutate", **given)

    @property
    def count(self) -> int:
        """How many mistakes."""
        return _COUNT if self.mutants is None else self.mutants

    @property
    def least(self) -> float:
        """Which share of each kind has to be noticed."""
        return _LEAST if self.least_noticed is None else self.least_noticed
