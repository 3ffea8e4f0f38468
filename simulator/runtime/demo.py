"""The whole main job as local processes: the stack, the platform, Locust's load."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from simulator.errors import StackError
from simulator.installation import locustfile
from simulator.mapping.chosen import chosen_plan
from simulator.mapping.loading import load_mappings
from simulator.observation.live_state import LiveState, live_state
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.progress import Report
from simulator.pushing.instance import INSTANCE
from simulator.runtime.alerting import Pace
from simulator.runtime.history.staging import STORAGE_FOLDER
from simulator.runtime.history.writing import write_history
from simulator.runtime.platform_command import platform_command
from simulator.runtime.ports import LOOPBACK, free_port
from simulator.runtime.processes import Process, Supervisor, wait_until_ready
from simulator.runtime.stack import RunningStack, Stack
from simulator.runtime.stack_files import Theirs
from simulator.runtime.temporary import temporary_folder
from simulator.scenario.timed_run import TimedRun

__all__ = [
    "SCRAPE_SECONDS",
    "WINDOW",
    "DemoPlan",
    "RunningDemo",
    "day_before",
    "follow",
    "live_state_of",
    "running_demo",
    "staying_demo",
]

#: Ticks, pushes and scrapes of a compressed day.
SCRAPE_SECONDS = 1.0
#: What panels and alerts look back over: five scrapes, fewer leave rates without a value.
WINDOW = "5s"
_LOAD_AFTER_SECONDS = 10  # when the scenario is over, so that what it left is read under load
_SPANS = (300.0, 900.0, 1800.0, 3600.0, 10_800.0, 21_600.0, 43_200.0, 86_400.0, 172_800.0)
_READY_SECONDS = 60.0
_END_SECONDS = 60.0  # that it may take longer than planned
_LOOK_SECONDS = 0.5  # until there are first metrics
_HISTORY_SECONDS, _HISTORY_STEP_SECONDS = 86_400.0, 15.0


@dataclass(frozen=True)
class DemoPlan:
    """What a demo runs: a scenario, how many times as fast, with how many users, how long.

    `theirs` are the dashboards and rules that are shown in the place of the project's own.
    """

    scenario: str
    compress: float
    users: int
    seconds: float
    seed: int | None = None
    mappings: tuple[str, ...] = ()
    allow_series: int | None = None
    theirs: Theirs | None = None

    @property
    def pace(self) -> Pace:
        """How alerts keep up, and how pages are opened: so that all of the demo is seen.

        >>> DemoPlan("tour", 60.0, 200, 1440.0).pace
        Pace(compress=60.0, window='5s', span_seconds=1800.0)
        """
        span = next((one for one in _SPANS if one > self.seconds), 604_800.0)
        return Pace(self.compress, WINDOW, span)

    def locust(self, *arguments: str) -> list[str]:
        """Locust's command line for this plan."""
        argv = [sys.executable, "-m", "locust", "-f", str(locustfile())]
        argv += ["--users", str(self.users)]
        argv += ["--spawn-rate", str(self.users), "--scenario", self.scenario]
        argv += ["--compress", f"{self.compress!r}", "--push-interval", f"{SCRAPE_SECONDS:g}s"]
        argv += ["--seed", str(self.seed)] if self.seed is not None else []
        argv += [word for name in self.mappings for word in ("--mapping", name)]
        argv += [] if self.allow_series is None else ["--allow-series", str(self.allow_series)]
        return [*argv, *arguments]


@dataclass(frozen=True)
class RunningDemo:
    """The main job while it runs; `started` in Unix seconds."""

    plan: DemoPlan
    stack: RunningStack
    locust: Process
    started: float

    def require_running(self) -> None:
        """Nothing, while all of it runs.

        Raises:
            StackError: a program has ended before its time.
        """
        self.stack.require_running()
        self.locust.require_running()

    def wait_for_locust(self) -> int:
        """Locust's exit code.

        Raises:
            StackError: it does not end in time.
        """
        try:
            return self.locust.child.wait(_END_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise StackError(f"locust does not end:\n{self.locust.log_tail()}") from error


@contextmanager
def day_before(plan: DemoPlan, report: Report) -> Iterator[Path]:
    """A folder for the demo with a day of history: the same platform, up to now, no incidents.

    It is removed in the end.
    """
    mapping = load_mappings(plan.mappings, allow_series=plan.allow_series)
    scenario = chosen_plan(plan.scenario, mapping, seed=plan.seed)
    nothing = {"episodes": (), "drawn": (), "duration": _HISTORY_SECONDS}
    quiet = scenario.model_copy(update=nothing)
    end = time.time() // _HISTORY_STEP_SECONDS * _HISTORY_STEP_SECONDS
    run = TimedRun(quiet, end - _HISTORY_SECONDS, end, _HISTORY_STEP_SECONDS, INSTANCE)
    with temporary_folder("demo") as folder:
        write_history([run], folder / STORAGE_FOLDER, mapping=mapping, report=report)
        yield folder


@contextmanager
def running_demo(plan: DemoPlan, folder: Path) -> Iterator[RunningDemo]:
    """The stack, and `locust -f locustfiles/scoring.py` headless, which starts the platform itself.

    The platform goes on where the history in the folder stops. On leaving, everything that was
    started is stopped.
    """
    with _stack(plan, folder) as stack, Supervisor() as supervisor:
        locust = supervisor.start(
            "locust",
            plan.locust("--headless", "--run-time", f"{plan.seconds + _LOAD_AFTER_SECONDS:.0f}s"),
            log=stack.working_dir / "locust.log",
            env=_pushing_to(stack),
        )
        yield RunningDemo(plan, stack, locust, started=time.time())


def follow(
    running: RunningDemo,
    prometheus: Prometheus,
    show: Callable[[float, float, LiveState], None],
    *,
    every_seconds: float,
) -> float:
    """Unix seconds, whole ones, at which the scenario is over; Locust still runs then.

    Until then `show` is given the time now and then, the seconds since the platform's first tick,
    which is before Locust's users start, and the state of the platform.

    Raises:
        StackError: a program has ended before its time, or there is no end.
    """
    deadline = running.started + running.plan.seconds + _END_SECONDS
    while time.time() < deadline:
        running.require_running()
        now = time.time()
        state = live_state_of(prometheus, at=now)
        if state is None or not state.applications_per_second:
            time.sleep(_LOOK_SECONDS)
            continue
        elapsed = state.ticks * SCRAPE_SECONDS
        if elapsed >= running.plan.seconds:
            return float(int(now))
        show(now, elapsed, state)
        time.sleep(min(every_seconds, max(running.plan.seconds - elapsed, 0.1)))
    raise StackError(f"no end in sight after {time.time() - running.started:.0f} s")


def live_state_of(prometheus: Prometheus, *, at: float) -> LiveState | None:
    """The state of the platform; None where Prometheus does not answer."""
    try:
        return live_state(prometheus, at=at, window=WINDOW)
    except UnreachablePrometheusError:
        return None


@contextmanager
def staying_demo(plan: DemoPlan, folder: Path) -> Iterator[RunningStack]:
    """The stack with the platform, and Locust with its web page, in it, until it is left.

    The platform goes on where the history in the folder stops.
    """
    with _stack(plan, folder) as stack, Supervisor() as supervisor:
        api_port, page_port = free_port(), free_port()
        api = f"http://{LOOPBACK}:{api_port}"
        platform = platform_command(
            port=api_port,
            scenario=plan.scenario,
            seed=plan.seed,
            compress=plan.compress,
            push_interval=f"{SCRAPE_SECONDS:g}s",
            mappings=plan.mappings,
            allow_series=plan.allow_series,
        )
        page = ("--web-host", LOOPBACK, "--web-port", str(page_port), "--autostart")
        locust = f"http://{LOOPBACK}:{page_port}"
        for name, argv, log, url in (
            ("the platform", platform, "platform.log", f"{api}/health"),
            ("locust", plan.locust("--host", api, *page), "locust.log", locust),
        ):
            process = supervisor.start(
                name, argv, log=stack.working_dir / log, env=_pushing_to(stack)
            )
            wait_until_ready(process, url, timeout_seconds=_READY_SECONDS)
        yield replace(
            stack,
            urls={"locust": locust, "api docs": f"{api}/docs", **stack.urls},
            processes=(*stack.processes, *supervisor.processes),
        )


def _stack(plan: DemoPlan, folder: Path) -> Stack:
    return Stack(
        scrape_interval_seconds=SCRAPE_SECONDS,
        working_dir=folder,
        pace=plan.pace,
        theirs=plan.theirs,
    )


def _pushing_to(stack: RunningStack) -> dict[str, str]:
    """Where to push and from where to go on; by environment: an address may hold a password."""
    return {
        "SIMULATOR_PUSHGATEWAY": stack.pushgateway_url,
        "SIMULATOR_INSTANCE": INSTANCE,
        "SIMULATOR_HISTORY": str(stack.storage_dir),
    }
