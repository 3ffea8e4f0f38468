"""The monitoring stack as local processes: Pushgateway, Prometheus, Alertmanager, Grafana."""

import math
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from simulator.errors import StackError
from simulator.runtime import binaries, services
from simulator.runtime.alerting import Pace
from simulator.runtime.ending import orphan_notes
from simulator.runtime.graph_page import GraphView
from simulator.runtime.history.staging import STORAGE_FOLDER, block_ranges
from simulator.runtime.links import pages, without_grafana
from simulator.runtime.processes import Process, Supervisor
from simulator.runtime.services import Service
from simulator.runtime.stack_files import StackFiles, Telling, Theirs, kept, made, shown_dashboards
from simulator.runtime.starting import started
from simulator.runtime.temporary import temporary_folder
from simulator.scenario.timed_run import timestamp
from simulator.timeline.durations import format_duration

__all__ = ["RunningStack", "Stack"]

_BY_THE_CLOCK: Final = Pace()


@dataclass(frozen=True, slots=True)
class RunningStack:
    """Where the running programs answer, and where their files are.

    `pages` are links for a person, by name; `notes` what a person should know: a program that is
    there but cannot run, samples of a time to come, what to do where there is no Grafana.
    """

    urls: Mapping[str, str]
    working_dir: Path
    storage_dir: Path
    processes: tuple[Process, ...]
    notes: tuple[str, ...] = ()
    pages: Mapping[str, str] = field(default_factory=dict)

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
    that it finds in `prometheus-data` there. Where the platform runs faster than the clock, `pace`
    says so, and alerts keep up with it. `telling` is who hears of them, else nobody does. `theirs`
    is shown in the place of the project's own dashboards and rules.

    Raises:
        StackError: on entering, when a program is missing or does not start, a port is taken, or
            `working_dir` cannot be written to; when somebody is to be told and there is no
            Alertmanager.
    """

    def __init__(  # noqa: PLR0913 - independent choices, all by keyword
        self,
        *,
        scrape_interval_seconds: float = 15.0,
        fixed_ports: bool = False,
        working_dir: Path | None = None,
        pace: Pace = _BY_THE_CLOCK,
        telling: Telling | None = None,
        theirs: Theirs | None = None,
        with_alertmanager: bool = True,
        with_grafana: bool = True,
    ) -> None:
        if scrape_interval_seconds < 0.1:  # noqa: PLR2004 - ten scrapes a second, said below
            raise StackError(
                f"scrape interval {scrape_interval_seconds:g} s: must be at least 0.1 s"
            )
        self._pace = pace
        self._telling = telling
        self._theirs = theirs
        self._view = GraphView(pace.window, pace.span_seconds, scrape_interval_seconds)
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
            notes = (
                *notes,
                *orphan_notes(),
                *_future_samples_notes(folder / STORAGE_FOLDER, now=time.time()),
            )
            self._supervisor = starting.enter_context(Supervisor())
            self._urls = {}
            self._start_all(programs, folder)
            running = RunningStack(
                urls=dict(self._urls),
                working_dir=folder,
                storage_dir=folder / STORAGE_FOLDER,
                processes=self._supervisor.processes,
                notes=(*notes, *self._grafana_notes()),
                pages=pages(
                    self._urls,
                    shown_dashboards(self._theirs),
                    self._view,
                    alerts_path=services.alerts_path(programs["prometheus"]),
                ),
            )
            self._open = starting.pop_all()
        return running

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _programs(self) -> tuple[dict[str, Path], tuple[str, ...]]:
        """Every program to start, and notes; complains of a missing one before anything runs."""
        programs = {name: binaries.find(name) for name in ("pushgateway", "prometheus")}
        for name, wanted in self._wanted.items():
            if wanted and (file := binaries.locate(name)):
                programs[name] = file
        if self._telling is not None:
            programs["alertmanager"] = binaries.find("alertmanager")
        if "alertmanager" in programs:
            obstacle = services.alertmanager_obstacle(programs["alertmanager"])
            if obstacle and self._telling is not None:
                raise StackError(obstacle)
            if obstacle:
                del programs["alertmanager"]
                return programs, (obstacle,)
        return programs, ()

    def _grafana_notes(self) -> list[str]:
        if "grafana" in self._urls or not self._wanted["grafana"]:
            return []
        note = without_grafana(
            self._urls["prometheus"],
            shown_dashboards(self._theirs),
            self._view,
            platform=sys.platform,
            has_apt=binaries.has_apt(),
        )
        return [note]

    def _folder(self, starting: ExitStack) -> Path:
        if self._kept_dir is not None:
            return kept(self._kept_dir)
        return starting.enter_context(temporary_folder("stack"))

    def _start_all(self, programs: Mapping[str, Path], folder: Path) -> None:
        files = StackFiles(folder, self._pace, self._view, self._theirs)
        self._start(services.pushgateway(programs["pushgateway"]), folder)
        if "alertmanager" in programs:
            service = services.alertmanager(
                programs["alertmanager"],
                config_file=files.alertmanager(self._telling),
                storage_dir=made(folder / "alertmanager-data"),
            )
            self._start(service, folder)
        addresses = {name: url.removeprefix("http://") for name, url in self._urls.items()}
        service = services.prometheus(
            programs["prometheus"],
            config_file=files.prometheus(addresses),
            storage_dir=made(folder / STORAGE_FOLDER),
            consoles_dir=files.consoles(alerts_path=services.alerts_path(programs["prometheus"])),
        )
        prometheus = self._start(service, folder)
        if "grafana" in programs:
            service = services.grafana(
                programs["grafana"],
                provisioning_dir=files.grafana(self._urls["prometheus"]),
                data_dir=made(folder / "grafana-data"),
            )
            self._start(service, folder)
            # only now is it known where alerts find their panels
            files.rules(grafana=self._urls["grafana"])
            prometheus.reload()

    def _start(self, service: Service, folder: Path) -> Process:
        self._urls[service.name] = started(
            service, self._supervisor, folder, has_usual_port=self._fixed_ports
        )
        return self._supervisor.processes[-1]


def _future_samples_notes(storage: Path, *, now: float) -> Iterator[str]:
    """What a person should know of blocks whose time is still to come."""
    end = max((last for _, last in block_ranges(storage)), default=now)
    if end > now + 1.0:  # a block ends a moment after its last sample
        yield (
            f"{storage} holds samples until {timestamp(math.floor(end))}, in "
            f"{format_duration(math.ceil(end - now))}: until then Prometheus drops all that it "
            "scrapes (out of bounds), and nothing new is shown; to see it, keep another folder"
        )
