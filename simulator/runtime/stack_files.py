"""What the programs of the local stack read: the files of `compose/`, made to fit this machine."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from simulator.errors import StackError
from simulator.grafana.dashboard_files import read_dashboards
from simulator.grafana.model import Dashboard
from simulator.installation import shipped
from simulator.notifying.routing import Routing
from simulator.rules.model import Group
from simulator.runtime import config
from simulator.runtime.alerting import Pace, alertmanager_config, prometheus_rules, rules_config
from simulator.runtime.graph_page import GraphView, graph_page
from simulator.runtime.own_rules import own_routes_file, own_rule_files

__all__ = [
    "GRAPHS_PAGE",
    "StackFiles",
    "Telling",
    "Theirs",
    "kept",
    "made",
    "own_dashboards",
    "shown_dashboards",
]

GRAPHS_PAGE = "panels.html"
"""Prometheus's console of graphs, under `/consoles/`."""


@dataclass(frozen=True, slots=True)
class Telling:
    """By which routes the Alertmanager tells the webhook at a URL."""

    routing: Routing
    url: str


@dataclass(frozen=True, slots=True)
class Theirs:
    """Somebody's dashboards and rules, which are shown in the place of the project's own."""

    dashboards: tuple[Dashboard, ...]
    rules: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class StackFiles:
    """Writes them into a folder; every path that a method returns is one of a written file.

    Raises:
        StackError: a file of `compose/` cannot be read, or the folder not be written to.
    """

    folder: Path
    pace: Pace
    view: GraphView
    theirs: Theirs | None = None

    def prometheus(self, addresses: Mapping[str, str]) -> Path:
        """Prometheus's configuration; `addresses` as for `config.prometheus_config`."""
        source = shipped("compose") / "prometheus"
        document = config.read_yaml(source / "prometheus.yml")
        document["rule_files"] = [str(file) for file in self.rules(grafana=None)]
        adapted = config.prometheus_config(
            document,
            scrape_interval_seconds=self.view.scrape_seconds,
            addresses=addresses,
            folder=source,
        )
        return _written(self.folder / "prometheus.yml", adapted)

    def rules(self, *, grafana: str | None) -> list[Path]:
        """The files of alert rules; one in which nothing has to change is read where it is."""
        if self.theirs is not None:
            document = prometheus_rules(self.theirs.rules, self.pace)
            return [_written(made(self.folder / "rules") / "theirs.yml", document)]
        return [self._rules(file, grafana) for file in own_rule_files()]

    def _rules(self, file: Path, grafana: str | None) -> Path:
        given = config.read_yaml(file)
        adapted = rules_config(
            given,
            self.pace,
            evaluation_seconds=self.view.scrape_seconds,
            grafana=grafana,
            query=self.view.query,
        )
        if adapted == given:
            return file
        return _written(made(self.folder / "rules") / file.name, adapted)

    def alertmanager(self, telling: Telling | None) -> Path:
        """The Alertmanager's configuration; `telling` puts a webhook in place of whom it tells."""
        given: Mapping[str, Any] = (
            config.read_yaml(own_routes_file())
            if telling is None
            else telling.routing.redirected(telling.url)
        )
        return _written(self.folder / "alertmanager.yml", alertmanager_config(given, self.pace))

    def consoles(self, *, alerts_path: str) -> Path:
        """The folder with Prometheus's consoles; `alerts_path` is where it shows its alerts."""
        folder = made(self.folder / "consoles")
        page = graph_page(shown_dashboards(self.theirs), self.view, alerts_path=alerts_path)
        with _writing_to(folder):
            (folder / GRAPHS_PAGE).write_text(page, encoding="utf-8")
        return folder

    def _copies(self, theirs: Theirs) -> Path:
        """A folder with the files of somebody's dashboards."""
        folder = made(self.folder / "dashboards")
        with _writing_to(folder):
            for number, board in enumerate(theirs.dashboards):
                if board.file is not None and board.file.is_file():
                    shutil.copyfile(board.file, folder / f"{number}-{board.file.name}")
        return folder

    def grafana(self, prometheus_url: str) -> Path:
        """The folder with Grafana's provisioning."""
        given = shipped("compose") / "grafana" / "provisioning"
        provisioning = self.folder / "grafana-provisioning"
        datasources = config.grafana_datasources(
            config.read_yaml(given / "datasources" / "prometheus.yml"),
            prometheus_url=prometheus_url,
            scrape_interval_seconds=self.view.scrape_seconds,
        )
        dashboards = config.grafana_dashboards(
            config.read_yaml(given / "dashboards" / "scoring-platform.yml"),
            folder=shipped("dashboards") if self.theirs is None else self._copies(self.theirs),
        )
        _written(made(provisioning / "datasources") / "prometheus.yml", datasources)
        _written(made(provisioning / "dashboards") / "scoring-platform.yml", dashboards)
        return provisioning


def shown_dashboards(theirs: Theirs | None) -> list[Dashboard]:
    """Somebody's dashboards, or the project's own where nobody's are shown.

    Raises:
        DashboardError: one of the project's own cannot be read.
    """
    return own_dashboards() if theirs is None else list(theirs.dashboards)


def own_dashboards() -> list[Dashboard]:
    """The project's own dashboards, the model's first.

    Raises:
        DashboardError: one of them cannot be read.
    """
    return read_dashboards(sorted(shipped("dashboards").glob("*.json"), reverse=True))


def kept(folder: Path) -> Path:
    """A person's folder, made where it is missing; a file can be written there."""
    whole = made(folder).resolve()
    with _writing_to(folder), tempfile.TemporaryFile(dir=whole):
        return whole


@contextmanager
def _writing_to(path: Path) -> Iterator[None]:
    """Inside, what the file system refuses is a StackError that names the path and the reason."""
    try:
        yield
    except OSError as error:
        raise StackError(
            f"cannot keep files in {path}: {error.strerror or error}; "
            "choose a folder that can be written to"
        ) from error


def made(folder: Path) -> Path:
    """The folder, which is there now."""
    with _writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _written(file: Path, document: Mapping[str, Any]) -> Path:
    with _writing_to(file):
        file.write_text(yaml.safe_dump(dict(document), sort_keys=False))
    return file
