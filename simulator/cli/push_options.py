"""Options of commands that push: to which Pushgateway, and under which instance label."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from simulator.cli.options import parsed_by
from simulator.pushing.instance import INSTANCE, USUAL_URL, checked_instance

__all__ = ["instance_option", "pushgateway_option"]

_F = TypeVar("_F", bound=Callable[..., Any])


def instance_option(what: str, *, envvar: str | None = None) -> Callable[[_F], _F]:
    """Adds --instance."""
    return click.option(
        "--instance",
        default=INSTANCE,
        show_default=True,
        envvar=envvar,
        callback=parsed_by(checked_instance),
        help=what,
    )


def pushgateway_option(command: _F) -> _F:
    """Adds --pushgateway and --instance."""
    what = "The instance label under which metrics are pushed."
    command = instance_option(what, envvar="SIMULATOR_INSTANCE")(command)
    return click.option(
        "--pushgateway",
        default=USUAL_URL,
        show_default=True,
        envvar="SIMULATOR_PUSHGATEWAY",
        metavar="URL",
        help="Where to push; `none` pushes nowhere.",
    )(command)
