"""The monitoring stack as local processes: Pushgateway, Prometheus, Alertmanager, Grafana."""

import math
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml

from simulator.errors import StackError
from simulator.runtime import binaries, config, services
from simulator.runtime.history.staging import block_ranges
from simulator.runtime.processes import Process, Supervisor
from simulator.runtime.services import Service
from simulator.runtime.starting import started
from simulator.scenario.truth import timestamp
from simulator.timeline.durations import format_duration

__all__ = ["STORAGE_FOLDER", "RunningStack", "Stack"]

STORAGE_FOLDER = "prometheus-data"
"""Prometheus's data in the folder that a stack keeps; blocks that are there already it serves."""


@dataclass(frozen=True, slots=True)
class RunningStack:
    """Where the running programs answer, and where their files are."""

    urls: Mapping[str, str]
    working_dir: Path
    storage_dir: Path
    processes: tuple[Process, ...]
    notes: tuple[str, ...] = ()
    """What a person should know: a program that cannot run, samples of a time to come."""

    @property
    def pushgateway_url(self) -> str:
        """Where metrics are pushed."""
        return self.urls["pushgateway"]

    @property
    def prometheus_url(self) -> str:
        """Where queries are asked."""
        return self.urls["prometheus"]

    def require_running(self) -> None:
        """Nothing, while every program runs.

        Raises:
            StackError: when one has ended; with the end of its log.
        """
        for process in self.processes:
            process.require_running()


class Stack:
    """Starts the programs on entering a `with` block, and stops them on leaving it.

    Alertmanager and Grafana are started where they are installed. Everything listens on loopback
    only, on free ports or, with `fixed_ports`, on the usual ones. Files go to a temporary folder
    that is removed at the end, or to `working_dir`, which is kept; Prometheus serves the blocks
    that it finds in `prometheus-data` there.

    Raises:
        StackError: on entering, when a program is missing or does not start, a port is taken, or
            `working_dir` cannot be written to.
    """

    def __init__(
        self,
        *,
        scrape_interval_seconds: float = 15.0,
        fixed_ports: bool = False,
        working_dir: Path | None = None,
        with_alertmanager: bool = True,
        with_grafana: bool = True,
    ) -> None:
        if scrape_interval_seconds < 0.1:  # noqa: PLR2004 - ten scrapes a second, said below
            raise StackError(
                f"scrape interval {scrape_interval_seconds:g} s: must be at least 0.1 s"
            )
        self._scrape_interval_seconds = scrape_interval_seconds
        self._fixed_ports = fixed_ports
        self._kept_dir = working_dir
        self._wanted = {"alertmanager": with_alertmanager, "grafana": with_grafana}
        self._open = ExitStack()
        self._supervisor = Supervisor()
        self._urls: dict[str, str] = {}

    def __enter__(self) -> RunningStack:
        with ExitStack() as starting:
            programs, notes = self._programs()
            folder = self._folder(starting)
            notes = (*notes, *_future_told(folder / STORAGE_FOLDER, now=time.time()))
            self._supervisor = starting.enter_context(Supervisor())
            self._urls = {}
            self._start_all(programs, folder)
            running = RunningStack(
                urls=dict(self._urls),
                working_dir=folder,
                storage_dir=folder / STORAGE_FOLDER,
                processes=self._supervisor.processes,
                notes=notes,
            )
            self._open = starting.pop_all()
        return running

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, traceback)

    def _programs(self) -> tuple[dict[str, Path], tuple[str, ...]]:
        """Every program to start, and notes; complains of a missing one before anything runs."""
        programs = {name: binaries.find(name) for name in ("pushgateway", "prometheus")}
        for name, wanted in self._wanted.items():
            if wanted and (file := binaries.locate(name)):
                programs[name] = file
        if "alertmanager" in programs:
            obstacle = services.alertmanager_obstacle(programs["alertmanager"])
            if obstacle:
                del programs["alertmanager"]
                return programs, (obstacle,)
        return programs, ()

    def _folder(self, starting: ExitStack) -> Path:
        if self._kept_dir is not None:
            return _kept(self._kept_dir)
        # Grafana's plugins may still be writing when their parent is gone already.
        temporary = tempfile.TemporaryDirectory(prefix="simulator-", ignore_cleanup_errors=True)
        return Path(starting.enter_context(temporary)).resolve()

    def _start_all(self, programs: Mapping[str, Path], folder: Path) -> None:
        compose = binaries.checkout() / "compose"
        self._start(services.pushgateway(programs["pushgateway"]), folder)
        if "alertmanager" in programs:
            service = services.alertmanager(
                programs["alertmanager"],
                config_file=compose / "alertmanager" / "alertmanager.yml",
                storage_dir=_made(folder / "alertmanager-data"),
            )
            self._start(service, folder)
        service = services.prometheus(
            programs["prometheus"],
            config_file=self._write_prometheus_config(compose / "prometheus", folder),
            storage_dir=_made(folder / STORAGE_FOLDER),
        )
        self._start(service, folder)
        if "grafana" in programs:
            service = services.grafana(
                programs["grafana"],
                provisioning_dir=self._write_provisioning(compose / "grafana", folder),
                data_dir=_made(folder / "grafana-data"),
            )
            self._start(service, folder)

    def _write_prometheus_config(self, source: Path, folder: Path) -> Path:
        document = config.prometheus_config(
            config.read_yaml(source / "prometheus.yml"),
            scrape_interval_seconds=self._scrape_interval_seconds,
            addresses={name: url.removeprefix("http://") for name, url in self._urls.items()},
            folder=source,
        )
        return _written(folder / "prometheus.yml", document)

    def _write_provisioning(self, source: Path, folder: Path) -> Path:
        given = source / "provisioning"
        provisioning = folder / "grafana-provisioning"
        datasources = config.grafana_datasources(
            config.read_yaml(given / "datasources" / "prometheus.yml"),
            prometheus_url=self._urls["prometheus"],
            scrape_interval_seconds=self._scrape_interval_seconds,
        )
        dashboards = config.grafana_dashboards(
            config.read_yaml(given / "dashboards" / "scoring-platform.yml"),
            folder=binaries.checkout() / "dashboards",
        )
        _written(_made(provisioning / "datasources") / "prometheus.yml", datasources)
        _written(_made(provisioning / "dashboards") / "scoring-platform.yml", dashboards)
        return provisioning

    def _start(self, service: Service, folder: Path) -> None:
        self._urls[service.name] = started(
            service, self._supervisor, folder, has_usual_port=self._fixed_ports
        )


def _future_told(storage: Path, *, now: float) -> Iterator[str]:
    """What a person should know of blocks whose time is still to come."""
    end = max((last for _, last in block_ranges(storage)), default=now)
    if end > now + 1.0:  # a block ends a moment after its last sample
        yield (
            f"{storage} holds samples until {timestamp(end)}, in "
            f"{format_duration(math.ceil(end - now))}: until then Prometheus drops all that it "
            "scrapes (out of bounds), and nothing new is shown; to see it, keep another folder"
        )


def _kept(folder: Path) -> Path:
    """A person's folder, made where it is missing; a file can be written there."""
    made = _made(folder)
    with _writing_to(folder), tempfile.TemporaryFile(dir=made):
        return made.resolve()


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


def _made(folder: Path) -> Path:
    with _writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _written(file: Path, document: Mapping[str, Any]) -> Path:
    with _writing_to(file):
        file.write_text(yaml.safe_dump(dict(document), sort_keys=False))
    return file
