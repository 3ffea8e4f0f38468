"""`simulator stack`: Pushgateway, Prometheus, Alertmanager and Grafana as local processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.options import SECONDS
from simulator.errors import StackError
from simulator.installation import tools_folder

if TYPE_CHECKING:
    from simulator.runtime.stack import RunningStack

__all__ = ["stack"]


@click.command()
@click.option("--scrape-interval", type=SECONDS, default="15s", show_default=True)
@click.option("--fixed-ports", is_flag=True, help="Use 9091, 9090, 9093 and 3000.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep data, logs and configuration in this folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the addresses as one line of JSON.")
@click.option("--install", is_flag=True, help="First fetch programs that are missing.")
@click.option("--install-only", is_flag=True, help="Fetch programs that are missing, and end.")
def stack(  # noqa: PLR0913 - click passes one argument per option
    *,
    scrape_interval: float,
    fixed_ports: bool,
    keep: Path | None,
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
    local = Stack(
        scrape_interval_seconds=scrape_interval, fixed_ports=fixed_ports, working_dir=keep
    )
    try:
        with local as running:
            _show(running, as_json=as_json)
            watch(running.require_running)
    except KeyboardInterrupt:
        return  # the way to end it: by now everything is stopped


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


def _show(running: RunningStack, *, as_json: bool) -> None:
    from rich.text import Text

    from simulator.cli.addresses import address_lines
    from simulator.cli.reports import table_console

    if as_json:
        click.echo(json.dumps(dict(running.urls)))
        for note in running.notes:
            click.echo(note, err=True)
        return
    console = table_console()
    for line in address_lines({**running.pages, **running.urls}):
        console.print(line, soft_wrap=True)
    if "grafana" in running.urls:
        console.print(
            f"Grafana's admin password: {running.working_dir}/grafana-data/admin-password",
            soft_wrap=True,
        )
    for note in running.notes:
        console.print(Text(note), soft_wrap=True)
    console.print(
        Text(f"Fill it:  simulator run --scenario tour --pushgateway {running.pushgateway_url}"),
        soft_wrap=True,
    )
    console.print("Ctrl-C stops everything.")
