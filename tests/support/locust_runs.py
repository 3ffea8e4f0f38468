"""Locust, a platform and a Pushgateway as processes; and what each of them counted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from simulator.installation import shipped
from simulator.runtime.ports import free_port
from simulator.runtime.processes import Supervisor, wait_until_ready
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SECONDS = 60.0
_FOLDER = shipped("locustfiles")
_TABLE_LINE = re.compile(r"^(GET|POST|PUT|PATCH|DELETE) +(/\S+) +(\d+) +\d+\(.*%\)", re.MULTILINE)


@dataclass(frozen=True)
class Counts:
    """Requests by (method, route), and applications."""

    requests: Mapping[tuple[str, str], int]
    applications: int

    def since(self, before: Counts) -> Counts:
        gone = Counter(self.requests)
        gone.subtract(before.requests)
        return Counts({k: n for k, n in gone.items() if n}, self.applications - before.applications)


def counted_by_platform(exposition: str) -> Counts:
    found: Counter[tuple[str, str]] = Counter()
    applications = 0
    for family in text_string_to_metric_families(exposition):
        for sample in family.samples:
            if sample.name == "http_request_duration_seconds_count":
                found[sample.labels["method"], sample.labels["endpoint"]] += int(sample.value)
            elif sample.name == "scoring_requests_total":
                applications += int(sample.value)
    return Counts({k: n for k, n in found.items() if n}, applications)


class ScenarioFile:
    """Writes scenarios."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str, **parts: object) -> str:
        path = self._folder / f"{name}.yaml"
        content = {"name": name, "description": "For a test.", "duration": "1h", **parts}
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return str(path)


class Locust:
    """A run of Locust; everything it starts is gone when the `with` block is left."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        files: tuple[str, ...] = ("scoring.py",),
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self._log = folder / "locust.log"
        argv = [sys.executable, "-m", "locust", "-f", ",".join(str(_FOLDER / f) for f in files)]
        argv += arguments
        if "--processes" in arguments:  # two tests at a time must not meet on Locust's usual port
            port = str(free_port())
            argv += ["--master-bind-port", port, "--master-port", port]
        with self._log.open("wb") as output:
            self.process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "SIMULATOR_PUSHGATEWAY": "none", **(env or {})},
                cwd=cwd,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20.0)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first place in the log that matches."""
        return wait_until(lambda: re.search(pattern, self.log), lambda: self.log)

    def signal_group(self, number: signal.Signals) -> None:
        """As a terminal does with Ctrl-C."""
        os.killpg(self.process.pid, number)

    def exit_code(self) -> int:
        return self.process.wait(SECONDS)

    def counted(self) -> Counts:
        """What Locust says it sent, after its end."""
        # Tables are cumulative, so that the last line of a name is its result.
        requests_sent = {(m, name): int(n) for m, name, n in _TABLE_LINE.findall(self.log)}
        return Counts(requests_sent, self.applications_sent())

    def applications_sent(self) -> int:
        """The same of applications alone."""
        return int(re.findall(r"Applications sent: (\d+)", self.log)[-1])


class Gateway:
    """A real Pushgateway."""

    def __init__(self, program: str, log: Path) -> None:
        self._program, self._log = program, log
        self._open = ExitStack()
        self.url = f"http://127.0.0.1:{free_port()}"

    def __enter__(self) -> Self:
        supervisor = self._open.enter_context(Supervisor())
        listen = f"--web.listen-address={self.url.removeprefix('http://')}"
        process = supervisor.start("pushgateway", [self._program, listen], log=self._log)
        wait_until_ready(process, f"{self.url}/-/ready")
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def exposition(self) -> str:
        return requests.get(f"{self.url}/metrics", timeout=5.0).text

    @property
    def jobs(self) -> set[str]:
        groups = requests.get(f"{self.url}/api/v1/metrics", timeout=5.0).json()["data"]
        return {g["labels"]["job"] for g in groups}


class StandingPlatform:
    """A platform process that is driven with --host."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._open = ExitStack()
        self.url = f"http://127.0.0.1:{free_port()}"

    def __enter__(self) -> Self:
        supervisor = self._open.enter_context(Supervisor())
        argv = [sys.executable, "-m", "simulator", "run", "--no-synthetic"]
        argv += ["--pushgateway", "none", "--push-interval", "0.3s"]
        argv += ["--port", self.url.rpartition(":")[2]]
        process = supervisor.start("the platform", argv, log=self._log)
        wait_until_ready(process, f"{self.url}/health", timeout_seconds=SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def counted(self) -> Counts:
        """What it counted until now: two ticks later all of it is shown."""
        ticks = self._ticks()
        wait_until(lambda: self._ticks() >= ticks + 3, lambda: "the platform does not tick")
        return counted_by_platform(requests.get(f"{self.url}/metrics", timeout=5.0).text)

    def _ticks(self) -> int:
        return int(requests.get(f"{self.url}/simulation", timeout=5.0).json()["ticks"])
