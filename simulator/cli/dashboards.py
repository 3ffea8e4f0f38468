"""The dashboards that a command is about."""

from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import click

from simulator.errors import DashboardError
from simulator.grafana.dashboard_files import read_dashboard_files
from simulator.grafana.model import Dashboard
from simulator.grafana.server import grafana_dashboards
from simulator.grafana.variables import Given, variable_names
from simulator.quoting import shortened
from simulator.runtime.stack_files import own_dashboards
from simulator.spelling import did_you_mean

__all__ = ["chosen_dashboards"]


def chosen_dashboards(
    paths: Sequence[Path] = (),
    variables: Given = MappingProxyType({}),
    grafana: str | None = None,
) -> list[Dashboard]:
    """Those in files and folders, and those of a running Grafana; without any the project's own.

    Other JSON in a folder is skipped, and named on standard error.

    Raises:
        DashboardError: a file is no dashboard, a folder holds none, or one of the `variables`,
            which are given by name, is in none of the dashboards.
    """
    found = _read(paths) if paths else []
    found += _shown_by(grafana) if grafana else []
    found = found if paths or grafana else own_dashboards()
    known = sorted({name for board in found for name in variable_names(board)})
    for name in variables:
        if name not in known:
            raise DashboardError(
                f"--var {shortened(name)}: no dashboard has this variable; "
                f"there are: {', '.join(known) or 'none'}{did_you_mean(name, known)}"
            )
    return found


def _shown_by(grafana: str) -> list[Dashboard]:
    found = grafana_dashboards(grafana)
    for uid, reason in found.skipped:
        click.echo(f"{grafana}: dashboard {uid}: skipped, {reason}", err=True)
    return list(found.dashboards)


def _read(paths: Sequence[Path]) -> list[Dashboard]:
    found = read_dashboard_files(paths)
    for file, reason in found.skipped:
        click.echo(f"{file}: skipped, {reason}", err=True)
    return list(found.dashboards)
