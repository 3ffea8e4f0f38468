"""`simulator stack`: Pushgateway, Prometheus, Alertmanager and Grafana as local processes."""

import json
import time
from collections.abc import Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from simulator.errors import StackError
from simulator.runtime import binaries, debian
from simulator.runtime.processes import interrupt_on_termination
from simulator.runtime.stack import RunningStack, Stack
from simulator.timeline.durations import parse_duration

__all__ = ["stack"]

_WATCH_SECONDS = 0.5


def _seconds(_context: click.Context, _option: click.Parameter, value: str) -> float:
    try:
        return parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.option(
    "--scrape-interval", metavar="DURATION", callback=_seconds, default="15s", show_default=True
)
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
    if install or install_only:
        _install_missing()
    if install_only:
        return
    local = Stack(
        scrape_interval_seconds=scrape_interval, fixed_ports=fixed_ports, working_dir=keep
    )
    try:
        with interrupt_on_termination(), local as running:
            _show(running, as_json=as_json)
            while True:
                time.sleep(_WATCH_SECONDS)
                running.require_running()
    except KeyboardInterrupt:
        return  # the way to end it: by now everything is stopped


def _install_missing() -> None:
    absent = binaries.missing()
    if not absent:
        return
    if not binaries.has_apt():
        binaries.find(absent[0])  # raises, and says what to do on this platform
    click.echo(f"fetching {', '.join(absent)} into .tools/ ...", err=True)
    debian.install(binaries.checkout() / ".tools")
    if still := binaries.missing():
        raise StackError(f"{', '.join(still)} still missing after fetching the programs")


def _show(running: RunningStack, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(dict(running.urls)))
        return
    console = Console()
    console.print(_address_table(running.urls))
    if "grafana" in running.urls:
        console.print(
            f"Grafana's admin password: {running.working_dir}/grafana-data/admin-password"
        )
    for note in running.notes:
        console.print(note)
    console.print("Ctrl-C stops everything.")


def _address_table(urls: Mapping[str, str]) -> Table:
    table = Table("program", "address")
    for name, url in urls.items():
        table.add_row(name, url)
    return table
