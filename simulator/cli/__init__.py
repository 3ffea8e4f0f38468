"""The command line: thin commands, loaded when they are used."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Final

import click

from simulator import __version__
from simulator.cli.command_group import CommandGroup
from simulator.errors import SimulatorError
from simulator.quoting import MOST_QUOTED, printable_lines, shortened
from simulator.runtime.process_signals import interrupt_on_termination

__all__ = ["main"]

#: Each command's module and one line of help; modules are imported only for the command that runs.
_COMMANDS: Final = {
    "run": "Run the simulated platform: scoring API, /metrics, pushes to a Pushgateway.",
    "backfill": "Write days of history in seconds, as blocks that a Prometheus serves.",
    "cover": "Prove which panel and which threshold step of dashboards is exercised.",
    "check": "Hold dashboards and alert rules against each other, without a simulation.",
    "tune": "Measure thresholds against known incidents, and propose better ones.",
    "adopt": "Write the mapping that your dashboards and alert rules ask for.",
    "scenario": "List, show, check and plan scenarios.",
    "mapping": "List, show, check and compare what platforms call what is simulated.",
    "stack": "Run Prometheus, Pushgateway, Alertmanager and Grafana on this machine.",
    "demo": "Show all of it: the stack, the platform under Locust's load, both dashboards.",
    "locustfile": "Tell where the file for `locust -f` is.",
    "clean": "Delete a simulator's groups from a Pushgateway.",
}


_INTERRUPTED: Final = 130  # as shells tell of a program that Ctrl-C ended

#: What a person typed, within click's own messages.
_TYPED: Final = re.compile(rf"'[^']{{{MOST_QUOTED},}}'|\S{{{MOST_QUOTED},}}")


@contextmanager
def _short_quotes() -> Iterator[None]:
    """Inside, a wrong argument is quoted no longer than other wrong values."""
    try:
        yield
    except click.UsageError as error:
        short = _TYPED.sub(lambda found: shortened(found[0]), error.message)
        error.message = short  # type: ignore[misc]  # final in click only lately
        raise


class _LazyGroup(CommandGroup):
    """A group that knows its commands' names without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order in which a reader meets them."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"simulator.cli.{cmd_name}"), cmd_name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments behind the group's own."""
        with _short_quotes():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; a signal that ends it leaves every `with` block in order."""
        try:
            with interrupt_on_termination(), _short_quotes():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
            ctx.exit(_INTERRUPTED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands from their one line each."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="simulator")
def cli() -> None:
    """Synthetic load and metrics for the dashboards of a credit-scoring platform."""


def main() -> None:
    """Runs the command line; what a person can mend is one message and exit code 2."""
    try:
        cli(prog_name="simulator")
    except SimulatorError as error:
        click.echo(printable_lines(f"simulator: {error}"), err=True)
        sys.exit(2)
