"""Options that several commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from simulator.timeline.durations import parse_duration

__all__ = ["SECONDS", "pushgateway_option", "scenario_options"]

_F = TypeVar("_F", bound=Callable[..., Any])


class _Seconds(click.ParamType[float]):
    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, float):
            return value
        try:
            return parse_duration(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


#: A duration such as 90s or 5m, in seconds once read.
SECONDS = _Seconds()


def scenario_options(command: _F) -> _F:
    """Adds --scenario, --seed and --compress, each with its environment variable."""
    options = (
        click.option(
            "--scenario",
            "name_or_path",
            default="calm",
            show_default=True,
            envvar="SIMULATOR_SCENARIO",
            metavar="NAME|FILE",
            help="A scenario of the library, or a YAML file.",
        ),
        click.option(
            "--seed",
            type=click.IntRange(0, 2**63 - 1),
            envvar="SIMULATOR_SEED",
            help="In place of the scenario's own seed.",
        ),
        click.option(
            "--compress",
            type=click.FloatRange(1.0, 1e5),
            default=1.0,
            show_default=True,
            envvar="SIMULATOR_COMPRESS",
            metavar="K",
            help="Run scenario time K times as fast; rates stay as they are.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _named(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    """Groups that others pushed without an instance look as if theirs were empty."""
    if not value:
        raise click.BadParameter("the instance is ''; give it a name")
    return value


def pushgateway_option(command: _F) -> _F:
    """Adds --pushgateway and --instance."""
    command = click.option(
        "--instance",
        default="simulator",
        show_default=True,
        envvar="SIMULATOR_INSTANCE",
        callback=_named,
        help="The instance label under which metrics are pushed.",
    )(command)
    return click.option(
        "--pushgateway",
        default="http://127.0.0.1:9091",
        show_default=True,
        envvar="SIMULATOR_PUSHGATEWAY",
        metavar="URL",
        help="Where to push; `none` pushes nowhere.",
    )(command)
