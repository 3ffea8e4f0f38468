"""The whole main job as local processes: the stack, the platform, Locust's load."""

import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from simulator.errors import StackError
from simulator.runtime.binaries import checkout
from simulator.runtime.ports import LOOPBACK, free_port
from simulator.runtime.processes import Process, Supervisor, wait_until_ready
from simulator.runtime.stack import RunningStack, Stack

__all__ = ["SCRAPE_SECONDS", "DemoPlan", "RunningDemo", "StayingDemo"]

#: Ticks, pushes and scrapes of a compressed day.
SCRAPE_SECONDS = 1.0
_READY_SECONDS = 60.0


@dataclass(frozen=True)
class DemoPlan:
    """What a demo runs: a scenario, how many times as fast, and with how many users."""

    scenario: str
    compress: float
    users: int
    seconds: float
    seed: int | None = None

    def locust(self, *arguments: str) -> list[str]:
        """Locust's command line for this plan."""
        file = checkout() / "locustfiles" / "scoring.py"
        argv = [sys.executable, "-m", "locust", "-f", str(file), "--users", str(self.users)]
        argv += ["--spawn-rate", str(self.users), "--scenario", self.scenario]
        argv += ["--compress", f"{self.compress:g}", "--push-interval", f"{SCRAPE_SECONDS:g}s"]
        argv += ["--seed", str(self.seed)] if self.seed is not None else []
        return [*argv, *arguments]


@dataclass
class RunningDemo:
    """The main job: `locust -f locustfiles/scoring.py` headless, which starts the platform itself.

    A context manager; on leaving it, everything it started is stopped.
    """

    plan: DemoPlan
    stack: RunningStack = field(init=False)
    locust: Process = field(init=False)
    started: float = field(init=False)
    _open: ExitStack = field(default_factory=ExitStack, init=False, repr=False)

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            self.stack = starting.enter_context(Stack(scrape_interval_seconds=SCRAPE_SECONDS))
            supervisor = starting.enter_context(Supervisor())
            self.locust = supervisor.start(
                "locust",
                self.plan.locust("--headless", "--run-time", f"{self.plan.seconds:.0f}s"),
                log=self.stack.working_dir / "locust.log",
                env=_pushing_to(self.stack),
            )
            self.started = time.time()
            self._open = starting.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def require_running(self) -> None:
        """Nothing, while all of it runs.

        Raises:
            StackError: a program has ended before its time.
        """
        self.stack.require_running()
        self.locust.require_running()

    def wait_for_locust(self, timeout_seconds: float) -> int:
        """Locust's exit code.

        Raises:
            StackError: it does not end in time.
        """
        deadline = time.monotonic() + timeout_seconds
        while self.locust.is_running:
            if time.monotonic() > deadline:
                raise StackError(f"locust does not end:\n{self.locust.log_tail()}")
            time.sleep(0.1)
        return int(self.locust.child.returncode)


@dataclass
class StayingDemo:
    """All of it on usual or free ports, with Locust's web page, until it is left."""

    plan: DemoPlan
    urls: Mapping[str, str] = field(init=False)
    processes: tuple[Process, ...] = field(init=False)
    notes: tuple[str, ...] = field(init=False)
    _open: ExitStack = field(default_factory=ExitStack, init=False, repr=False)

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            stack = starting.enter_context(Stack(scrape_interval_seconds=SCRAPE_SECONDS))
            supervisor = starting.enter_context(Supervisor())
            api = self._platform(supervisor, stack)
            locust = self._locust(supervisor, stack, api)
            self.urls = {"locust": locust, "api docs": f"{api}/docs", **stack.urls}
            self.processes = (*stack.processes, *supervisor.processes)
            self.notes = stack.notes
            self._open = starting.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def _platform(self, supervisor: Supervisor, stack: RunningStack) -> str:
        port, plan = free_port(), self.plan
        argv = [sys.executable, "-m", "simulator", "run", "--no-synthetic", "--port", str(port)]
        argv += ["--scenario", plan.scenario, "--compress", f"{plan.compress:g}"]
        argv += ["--push-interval", f"{SCRAPE_SECONDS:g}s"]
        argv += ["--seed", str(plan.seed)] if plan.seed is not None else []
        log = stack.working_dir / "platform.log"
        process = supervisor.start("the platform", argv, log=log, env=_pushing_to(stack))
        url = f"http://{LOOPBACK}:{port}"
        wait_until_ready(process, f"{url}/health", timeout_seconds=_READY_SECONDS)
        return url

    def _locust(self, supervisor: Supervisor, stack: RunningStack, api: str) -> str:
        port = free_port()
        page = ("--web-host", LOOPBACK, "--web-port", str(port), "--autostart")
        process = supervisor.start(
            "locust",
            self.plan.locust("--host", api, *page),
            log=stack.working_dir / "locust.log",
            env=_pushing_to(stack),
        )
        url = f"http://{LOOPBACK}:{port}"
        wait_until_ready(process, url, timeout_seconds=_READY_SECONDS)
        return url


def _pushing_to(stack: RunningStack) -> dict[str, str]:
    return {"SIMULATOR_PUSHGATEWAY": stack.pushgateway_url}
