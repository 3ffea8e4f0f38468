"""The dashboards that a command is about."""

from collections.abc import Sequence
from pathlib import Path

from simulator.grafana.model import Dashboard
from simulator.grafana.parsing import read_dashboards
from simulator.runtime.binaries import checkout

__all__ = ["chosen_dashboards"]


def chosen_dashboards(paths: Sequence[Path] = ()) -> list[Dashboard]:
    """Those in the files and folders; without any the project's own, the model's first.

    Raises:
        DashboardError: a file is no dashboard, or a folder holds none.
        StackError: the project's own are not there, since it was installed without them.
    """
    own = sorted((checkout() / "dashboards").glob("*.json"), reverse=True) if not paths else ()
    return read_dashboards(paths or own)
