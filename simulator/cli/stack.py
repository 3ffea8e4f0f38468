"""`simulator stack`: Pushgateway, Prometheus, Alertmanager and Grafana as local processes."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.notice_options import alertmanager_option
from simulator.cli.options import SECONDS, refuse
from simulator.errors import StackError
from simulator.installation import tools_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.notifying.notification import Notification
    from simulator.runtime.stack import RunningStack
    from simulator.runtime.stack_files import Telling

__all__ = ["stack"]


@click.command()
@click.option("--scrape-interval", type=SECONDS, default="15s", show_default=True)
@click.option("--fixed-ports", is_flag=True, help="Use 9091, 9090, 9093 and 3000.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep data, logs and configuration in this folder.",
)
@click.option(
    "--receiver",
    "has_receiver",
    is_flag=True,
    help="Take the Alertmanager's notifications on this machine: shown as they come, and judged by "
    "`simulator cover --notifications --receiver URL`.",
)
@alertmanager_option
@click.option("--json", "as_json", is_flag=True, help="Print the addresses as one line of JSON.")
@click.option("--install", is_flag=True, help="First fetch programs that are missing.")
@click.option("--install-only", is_flag=True, help="Fetch programs that are missing, and end.")
def stack(  # noqa: PLR0913 - click passes one argument per option
    *,
    scrape_interval: float,
    fixed_ports: bool,
    keep: Path | None,
    has_receiver: bool,
    alertmanager: Path | None,
    as_json: bool,
    install: bool,
    install_only: bool,
) -> None:
    """Run the monitoring stack on this machine until Ctrl-C.

    Everything listens on 127.0.0.1 only. Alertmanager and Grafana are started where installed.
    """
    from simulator.runtime.processes import watch
    from simulator.runtime.stack import Stack

    if install or install_only:
        _install_missing()
    if install_only:
        return
    if not has_receiver:
        refuse("only with --receiver: nobody else is told", alertmanager=alertmanager)
    try:
        with ExitStack() as open_:
            telling = (
                open_.enter_context(_telling(alertmanager, is_silent=as_json))
                if has_receiver
                else None
            )
            local = Stack(
                scrape_interval_seconds=scrape_interval,
                fixed_ports=fixed_ports,
                working_dir=keep,
                telling=telling,
            )
            running = open_.enter_context(local)
            _show(running, telling, as_json=as_json)
            watch(running.require_running)
    except KeyboardInterrupt:
        return  # the way to end it: by now everything is stopped


@contextmanager
def _telling(file: Path | None, *, is_silent: bool) -> Iterator[Telling]:
    """A receiver that is told by the routes in a file, or the project's own."""
    from simulator.notifying.routing import read_routing
    from simulator.runtime.own_rules import own_routes_file
    from simulator.runtime.receiver import Receiver
    from simulator.runtime.stack_files import Telling

    routing = read_routing(file or own_routes_file())
    with Receiver(_ignored if is_silent else _say) as receiver:
        yield Telling(routing, receiver.url)


def _ignored(_: Notification) -> None:
    """What came is asked for at the receiver's address."""


def _say(notification: Notification) -> None:
    from simulator.cli.notices_view import notification_line

    click.echo(notification_line(notification))


def _install_missing() -> None:
    from simulator.runtime import binaries, debian

    # Alertmanager is not required: without it the stack runs, and its alerts are only shown.
    absent = binaries.missing((*binaries.REQUIRED, "alertmanager"))
    if not absent:
        return
    if not binaries.has_apt():
        for name in binaries.missing():
            binaries.find(name)  # raises, and says what to do on this platform
        return
    click.echo(f"fetching {', '.join(absent)} into {tools_folder()} ...", err=True)
    try:
        debian.install(tools_folder())
    except StackError as error:
        if binaries.missing():
            raise
        click.echo(f"going on without {', '.join(absent)}: {error}", err=True)
        return
    if still := binaries.missing():
        raise StackError(f"{', '.join(still)} still missing after fetching the programs")


def _show(running: RunningStack, telling: Telling | None, *, as_json: bool) -> None:
    from rich.text import Text

    from simulator.cli.addresses import address_lines
    from simulator.cli.reports import table_console

    urls = {**running.urls, **({"receiver": telling.url} if telling else {})}
    if as_json:
        click.echo(json.dumps(urls))
        for note in running.notes:
            click.echo(note, err=True)
        return
    console = table_console()
    for line in address_lines({**running.pages, **urls}):
        console.print(line, soft_wrap=True)
    if "grafana" in running.urls:
        console.print(
            f"Grafana's admin password: {running.working_dir}/grafana-data/admin-password",
            soft_wrap=True,
        )
    for note in (*running.notes, *(telling.routing.notes if telling else ())):
        console.print(Text(note), soft_wrap=True)
    console.print(
        Text(f"Fill it:  simulator run --scenario tour --pushgateway {running.pushgateway_url}"),
        soft_wrap=True,
    )
    console.print("Ctrl-C stops everything.")
