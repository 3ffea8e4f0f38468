"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from zoneinfo import ZoneInfo

import click

from simulator.errors import SimulatorError
from simulator.quoting import quoted
from simulator.runtime.clock import unix_seconds
from simulator.timeline.durations import parse_duration
from simulator.timeline.moments import parse_date, parse_moment

if TYPE_CHECKING:
    from simulator.mapping.model import Mapping

__all__ = [
    "DATE",
    "MOMENT",
    "PUSH_SECONDS",
    "SECONDS",
    "ZONE",
    "chosen_mapping_option",
    "compress_option",
    "dashboards_option",
    "grafana_option",
    "mapping_names_option",
    "mapping_option",
    "parsed_by",
    "refuse",
    "report_option",
    "scenario_options",
    "seed_option",
    "variables_option",
    "with_options",
]

_F = TypeVar("_F", bound=Callable[..., Any])
_R = TypeVar("_R")


class _Zone(click.ParamType[ZoneInfo]):
    name = "zone"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> ZoneInfo:
        try:
            return ZoneInfo(str(value))
        except (KeyError, OSError, ValueError):
            self.fail(f"there is no time zone {quoted(value)}, such as Europe/Paris", param, ctx)


class _Time(click.ParamType[float]):
    def __init__(self, name: str, parse: Callable[[str], float]) -> None:
        self.name = name
        self._parse = parse

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, float):
            return value
        try:
            return self._parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


#: How long a tick of a live run is unless another length is chosen.
PUSH_SECONDS: Final = 5.0
#: A duration such as 90s or 5m, in seconds once read.
SECONDS = _Time("duration", parse_duration)
#: The name of a time zone.
ZONE = _Zone()
#: A day such as 2026-03-29, in unix seconds of its midnight in UTC once read.
DATE = _Time("date", parse_date)
#: A moment such as now, now-6h or 2026-01-01T00:00:00Z, in unix seconds once read.
MOMENT = _Time("time", lambda text: parse_moment(text, now=unix_seconds()))


def seed_option(*, envvar: str | None = None) -> Callable[[_F], _F]:
    """Adds --seed."""
    return click.option(
        "--seed",
        type=click.IntRange(0, 2**63 - 1),
        envvar=envvar,
        help="In place of the scenario's own seed.",
    )


def compress_option(*, envvar: str | None = None) -> Callable[[_F], _F]:
    """Adds --compress."""
    return click.option(
        "--compress",
        type=click.FloatRange(1.0, 1e5),
        default=1.0,
        show_default=True,
        envvar=envvar,
        metavar="K",
        help="Scenario time K times as fast; rates stay as they are, and so do panels' windows.",
    )


def scenario_options(command: _F) -> _F:
    """Adds --scenario, --seed and --compress, each with its environment variable."""
    return with_options(
        command,
        click.option(
            "--scenario",
            "name_or_path",
            default="calm",
            show_default=True,
            envvar="SIMULATOR_SCENARIO",
            metavar="NAME|FILE",
            help="A scenario of the library, or a YAML file.",
        ),
        seed_option(envvar="SIMULATOR_SEED"),
        compress_option(envvar="SIMULATOR_COMPRESS"),
    )


def parsed_by(parse: Callable[[Any], _R]) -> Callable[[click.Context, click.Parameter, Any], _R]:
    """A callback that takes an option's value through a parser; what that refuses is said of it."""

    def callback(_ctx: click.Context, _param: click.Parameter, value: object) -> _R:
        try:
            return parse(value)
        except SimulatorError as error:
            raise click.BadParameter(str(error)) from error

    return callback


def with_options(command: _F, *options: Callable[[_F], _F]) -> _F:
    """Adds the options, which help shows in this order."""
    for option in reversed(options):
        command = option(command)
    return command


def dashboards_option(command: _F) -> _F:
    """Adds --dashboards: files, or folders with JSON files in them."""
    return click.option(
        "--dashboards",
        type=click.Path(path_type=Path, exists=True),
        multiple=True,
        metavar="PATH",
        help="A dashboard as a JSON file, or a folder of them; may be repeated.  "
        "[default: those of this project]",
    )(command)


def grafana_option(command: _F) -> _F:
    """Adds --grafana: the dashboards of a running Grafana."""
    return click.option(
        "--grafana",
        metavar="URL",
        help="All dashboards of this Grafana, or the one whose address it is; a token is read from "
        "SIMULATOR_GRAFANA_TOKEN.",
    )(command)


def _bindings(
    _ctx: click.Context, _param: click.Parameter, pairs: Sequence[str]
) -> dict[str, str | tuple[str, ...]]:
    """Values by name; a name given several times has several values."""
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name or not _is_text(pair):
            raise click.BadParameter(f"{quoted(pair)} is not NAME=VALUE, such as window=5m")
        found[name] = (*found.get(name, ()), value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _is_text(words: str) -> bool:
    """Whether what a shell gave is UTF-8, which queries are sent in."""
    return not any("\ud800" <= c <= "\udfff" for c in words)


#: Where the context of a command keeps how many series are allowed.
_ALLOWED: Final = "simulator.allow_series"


class _Names(click.ParamType[str]):
    """A name or file; an environment variable lists several, as PATH does its folders."""

    name = "name"
    envvar_list_splitter = os.pathsep


def _mapping(names: Sequence[str]) -> Mapping:
    from simulator.mapping.loading import load_mappings

    return load_mappings(names, allow_series=click.get_current_context().meta[_ALLOWED])


def _mapping_names(names: Sequence[str]) -> Sequence[str]:
    _mapping(names)
    return names


def _chosen_mapping(names: Sequence[str]) -> Mapping | None:
    return _mapping(names) if names else None


def _adding_mapping(
    parse: Callable[[Any], object], *, default: str = "default"
) -> Callable[[_F], _F]:
    return click.option(
        "--mapping",
        multiple=True,
        type=_Names(),
        envvar="SIMULATOR_MAPPING",
        metavar="NAME|FILE",
        callback=parsed_by(parse),
        help="Names of metrics and labels: of the library, or a YAML file; may be repeated, and "
        f"later ones add to earlier.  [default: {default}]",
    )


def mapping_option(command: _F) -> _F:
    """Adds --mapping, what the platform calls what is simulated, and --allow-series; both read."""
    return with_options(command, _adding_mapping(_mapping), allowing_series(is_told=False))


def chosen_mapping_option(command: _F) -> _F:
    """Adds the same for a command that does without a mapping unless one is given."""
    without = _adding_mapping(_chosen_mapping, default="none")
    return with_options(command, without, allowing_series(is_told=False))


def mapping_names_option(command: _F) -> _F:
    """Adds the same as names, checked, and a number, for a command that hands them on."""
    return with_options(command, _adding_mapping(_mapping_names), allowing_series(is_told=True))


def allowing_series(*, is_told: bool) -> Callable[[_F], _F]:
    """Adds --allow-series, which mappings are read with; `is_told` where a command hands it on."""
    return click.option(
        "--allow-series",
        type=click.IntRange(1, 10**7),
        envvar="SIMULATOR_ALLOW_SERIES",
        metavar="N",
        is_eager=True,  # known when mappings are read
        expose_value=is_told,
        callback=_remembered,
        help="How many series mappings may make; more are refused.  [default: 20000]",
    )


def _remembered(ctx: click.Context, _param: click.Parameter, value: int | None) -> int | None:
    ctx.meta[_ALLOWED] = value
    return value


def variables_option(command: _F) -> _F:
    """Adds --var: values of dashboard variables."""
    return click.option(
        "--var",
        "variables",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_bindings,
        help="Choose a dashboard variable's value, such as window=5m.",
    )(command)


def report_option(name: str, what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Adds an option of this name for a report's file; the argument is `NAME_file`."""
    return click.option(
        f"--{name}",
        f"{name}_file",
        type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
        metavar="FILE",
        help=f"Write {what}; - is standard output.",
    )


def refuse(why: str, **options: object) -> None:
    """Refuses options that were given and mean nothing here.

    Raises:
        click.UsageError: some were given; with their names, and why.
    """
    given = [f"--{name.replace('_', '-')}" for name, value in options.items() if value is not None]
    if given:
        raise click.UsageError(f"{', '.join(given)}: {why}")
