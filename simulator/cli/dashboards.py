"""The dashboards that a command is about."""

from collections.abc import Sequence
from pathlib import Path

from simulator.errors import DashboardError, StackError
from simulator.grafana.model import Dashboard
from simulator.grafana.parsing import read_dashboards
from simulator.runtime.stack_files import own_dashboards

__all__ = ["chosen_dashboards"]


def chosen_dashboards(paths: Sequence[Path] = ()) -> list[Dashboard]:
    """Those in the files and folders; without any the project's own, the model's first.

    Raises:
        DashboardError: a file is no dashboard, a folder holds none, or the project's own are asked
            for and this is an installation without them.
    """
    if paths:
        return read_dashboards(paths)
    try:
        return own_dashboards()
    except StackError as error:
        raise DashboardError(
            "the project's own dashboards are in its checkout only; give others with --dashboards"
        ) from error
