"""The dashboards that a command is about."""

from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import click

from simulator.errors import DashboardError
from simulator.grafana.dashboard_files import read_dashboard_files
from simulator.grafana.model import Dashboard
from simulator.grafana.variables import Given, variable_names
from simulator.quoting import shortened
from simulator.runtime.stack_files import own_dashboards
from simulator.spelling import did_you_mean

__all__ = ["chosen_dashboards"]


def chosen_dashboards(
    paths: Sequence[Path] = (), variables: Given = MappingProxyType({})
) -> list[Dashboard]:
    """Those in the files and folders; without any the project's own, the model's first.

    Other JSON in a folder is skipped, and named on standard error.

    Raises:
        DashboardError: a file is no dashboard, a folder holds none, or one of the `variables`,
            which are given by name, is in none of the dashboards.
    """
    found = _read(paths) if paths else own_dashboards()
    known = sorted({name for board in found for name in variable_names(board)})
    for name in variables:
        if name not in known:
            raise DashboardError(
                f"--var {shortened(name)}: no dashboard has this variable; "
                f"there are: {', '.join(known) or 'none'}{did_you_mean(name, known)}"
            )
    return found


def _read(paths: Sequence[Path]) -> list[Dashboard]:
    found = read_dashboard_files(paths)
    for file, reason in found.skipped:
        click.echo(f"{file}: skipped, {reason}", err=True)
    return list(found.dashboards)
