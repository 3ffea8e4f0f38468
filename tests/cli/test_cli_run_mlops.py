"""A load test of the MLOps scoring platform runs against `simulator run`, and all of it counts.

Two platforms at once: one fails at a few requests, as planned; the other at none.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.verdicts import Verdict
from simulator.grafana.parsing import dashboard_from
from simulator.observation.prometheus import Prometheus
from simulator.runtime.processes import Supervisor
from simulator.runtime.services import prometheus
from simulator.runtime.starting import started
from tests.support.mlops_contract import PLANNED
from tests.support.ready_boards import board
from tests.support.simulator_process import SimulatorRun, environment, simulator_run
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.coverage.verdicts import Coverage

pytestmark = [pytest.mark.slow, pytest.mark.e2e, pytest.mark.timeout(400)]

N_USERS, SECONDS = 50, 120
RUN = ("--pushgateway", "none", "--no-synthetic", "--push-interval", "5s")
FAULTS = ("unauthorized", "rate_limited", "internal", "unavailable", "timeout")
LOCUSTFILE = Path(__file__).parents[1] / "support" / "mlops_locustfile.py"
ROOT = Path(__file__).parents[2]


def mapping(folder: Path, share: float) -> tuple[str, ...]:
    """The platform's mapping, on which so many requests fail in each way in health."""
    file = folder / "faults.yaml"
    api = {"healthy_faults": dict.fromkeys(FAULTS, share)}
    file.write_text(yaml.dump({"version": 1, "name": "faults", "platform": {"api": api}}))
    return ("--mapping", "mlops-scoring", "--mapping", str(file))


@dataclass
class Loaded:
    """A platform, what its users got, and what it says of that."""

    run: SimulatorRun
    folder: Path
    statuses: Counter[str] = field(default_factory=Counter)
    n_applications: int = 0
    wrong: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    told_applications: int = 0
    unknown: int = 0

    def load(self) -> subprocess.Popen[bytes]:
        """Its load test, which has begun."""
        command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless"]
        command += ["-u", str(N_USERS), "-r", str(N_USERS), "-t", f"{SECONDS}s", "-H", self.run.url]
        counts = str(self.folder / "counts.json")
        own = environment(MLOPS_COUNTS=counts, PYTHONPATH=str(ROOT))
        with (self.folder / "locust.txt").open("wb") as out:
            return subprocess.Popen([*command, "-s", "10"], env=own, stdout=out, stderr=out)

    def read(self) -> None:
        """Reads what was sent, and waits until that and two more ticks are counted."""
        said = json.loads((self.folder / "counts.json").read_text(encoding="utf-8"))
        self.wrong = said["wrong"]
        self.n_applications = said["counts"].pop("applications")
        self.statuses = Counter(said["counts"])
        wait_until(
            lambda: totals(self.run, "http_requests_total").total() >= self.statuses.total(),
            "all requests are counted",
        )
        later = ticks(self.run) + 2  # nothing is counted that was not sent
        wait_until(lambda: ticks(self.run) >= later, "two more ticks")
        self.told = +totals(self.run, "http_requests_total")
        self.told_applications = totals(self.run, "scoring_requests_total").total()
        found = requests.get(f"{self.run.url}/simulation/unknown-requests", timeout=20).json()
        self.unknown = found["requests"]


def totals(run: SimulatorRun, name: str) -> Counter[str]:
    """A counter at /metrics, by status."""
    found: Counter[str] = Counter()
    text = requests.get(f"{run.url}/metrics", timeout=20).text
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name:
                found[sample.labels["status"]] += int(sample.value)
    return found


def ticks(run: SimulatorRun) -> int:
    return int(requests.get(f"{run.url}/simulation", timeout=20).json()["ticks"])


@dataclass
class Loads:
    """Both platforms after their loads, and what the dashboard of one showed meanwhile."""

    failing: Loaded
    healthy: Loaded
    shown: Coverage


@pytest.fixture(scope="module")
def loads(
    tmp_path_factory: pytest.TempPathFactory, find_program: Callable[[str], str]
) -> Iterator[Loads]:
    program = Path(find_program("prometheus"))
    with ExitStack() as stack:
        runs = []
        for name, share in (("failing", 0.02), ("healthy", 0.0)):
            folder = tmp_path_factory.mktemp(name)
            run = stack.enter_context(simulator_run(folder, *RUN, *mapping(folder, share)))
            runs.append(Loaded(run, folder))
        url = _scraping(program, runs[0], stack)
        began = time.time()
        users = [one.load() for one in runs]
        time.sleep(SECONDS * 0.8)
        plan = CoverPlan(time.time() - 20.0, time.time(), 5.0, time_range=time.time() - began)
        with Prometheus(url) as client:
            shown = cover([dashboard_from(board("mlops-scoring").content)], client, plan)
        for one in users:
            assert one.wait(SECONDS) in {0, 1}  # 1: some requests failed
        for loaded in runs:
            loaded.read()
        yield Loads(failing=runs[0], healthy=runs[1], shown=shown)


def _scraping(program: Path, loaded: Loaded, stack: ExitStack) -> str:
    """The address of a Prometheus that scrapes a platform."""
    folder = loaded.folder / "prometheus"
    folder.mkdir()
    target = loaded.run.url.removeprefix("http://")
    job = {"job_name": "platform", "static_configs": [{"targets": [target]}]}
    every = {"scrape_interval": "5s", "scrape_timeout": "5s"}
    config = folder / "prometheus.yml"
    config.write_text(yaml.safe_dump({"global": every, "scrape_configs": [job]}))
    service = prometheus(program, config_file=config, storage_dir=folder / "data")
    return started(service, stack.enter_context(Supervisor()), folder)


def test_every_request_is_counted_with_its_status(loads: Loads) -> None:
    for loaded in (loads.failing, loads.healthy):
        assert loaded.told == loaded.statuses
        assert loaded.told_applications == loaded.n_applications
        assert loaded.unknown == 0
        assert loaded.statuses.total() > N_USERS * SECONDS / 6  # everybody pauses for 3 s


def test_nothing_fails_but_what_is_planned(loads: Loads) -> None:
    assert loads.failing.wrong == []
    assert loads.failing.statuses.keys() <= {"200", *map(str, PLANNED)}
    assert len(loads.failing.statuses) > 1


def test_nothing_fails_where_nothing_is_planned_to(loads: Loads) -> None:
    assert loads.healthy.wrong == []
    assert loads.healthy.statuses.keys() == {"200"}


def test_the_dashboard_has_data_meanwhile(loads: Loads) -> None:
    fields = [(p.title, f.source, f.verdict) for p in loads.shown.panels for f in p.fields]

    assert fields
    assert [one for one in fields if one[2] in {Verdict.NO_DATA, Verdict.ERROR}] == []
