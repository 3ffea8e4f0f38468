"""The built-in platform: `simulator run --no-synthetic`, started where no --host is given."""

import logging
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from greenlet import GreenletExit

from simulator.errors import StackError
from simulator.load.choice import Choice
from simulator.runtime.platform_command import platform_command
from simulator.runtime.ports import LOOPBACK, free_port
from simulator.runtime.processes import Process, Supervisor, wait_until_ready
from simulator.runtime.temporary import temporary_folder

__all__ = ["BuiltInPlatform", "StartStoppedError"]

_ATTEMPTS: Final = 3
_READY_SECONDS: Final = 90.0  # of which it may watch another run for 45
_LOG = logging.getLogger("scoring")
_FRESH_SECONDS: Final = 10.0


class StartStoppedError(GreenletExit):
    """A start was stopped before it was done; it ends a greenlet that starts a test in silence."""


class BuiltInPlatform:
    """A platform process on loopback, whose address stays the same as long as this object lives.

    Every test gets a platform at the start of its scenario, with all counters at 0; the first one
    goes on from the history where there is one. Another that did so too would set counters back to
    where the history stopped, and Prometheus would take all of it for new.
    """

    def __init__(self) -> None:
        self._open = ExitStack()
        self._log = self._open.enter_context(temporary_folder("locust")) / "platform.log"
        self._supervisor = Supervisor()
        self._open.push(self._supervisor.__exit__)  # stops it; Locust keeps its signal handlers
        self._process: Process | None = None
        self._turn = threading.RLock()  # a process is started and ended by one greenlet at a time
        self._is_starting = False
        self._n_stops = 0
        self._choice: Choice | None = None
        self._fresh_until = 0.0
        self._port = 0
        self._n_characters_logged = 0
        self._has_run = False

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self._port}"

    def start(self, choice: Choice) -> None:
        """Runs from the start of the chosen scenario when this returns; it is healthy then.

        Raises:
            StackError: it does not start; with the end of what it said.
            StartStoppedError: `stop_starting` was called in the meantime; nothing runs.
        """
        n_stops = self._n_stops
        with self._turn:
            self.end()
            try:
                self._is_starting = True
                self._start_on_a_port(choice, n_stops)
                self._require_wanted(n_stops)
            except StackError:
                self._require_wanted(n_stops)
                raise
            finally:
                self._is_starting = False
        self._choice, self._has_run = choice, True
        self._fresh_until = time.monotonic() + _FRESH_SECONDS

    def stop_starting(self) -> None:
        """Stops all starts that are under way, and leaves alone a platform that has started."""
        self._n_stops += 1
        if self._is_starting and self._process is not None:
            self._process.child.terminate()  # which ends the wait for it

    def make_ready(self, choice: Choice, *, is_beginning: bool = False) -> None:
        """As `start`, but leaves alone a platform that was started for this very test.

        With `is_beginning` that test begins now: the next one needs another platform.

        Raises:
            StackError: it does not start; with the end of what it said.
            StartStoppedError: `stop_starting` was called in the meantime; nothing runs.
        """
        is_fresh = time.monotonic() < self._fresh_until and choice == self._choice
        if self._process is None or not self._process.is_running or not is_fresh:
            self.start(choice)
        if is_beginning:
            self._fresh_until = 0.0

    def require_running(self) -> None:
        """Nothing, while it runs.

        Raises:
            StackError: it has ended; with its exit code and the end of what it said.
        """
        if self._process is not None:
            self._process.require_running()

    def news(self) -> Sequence[str]:
        """The lines it has written since this was last asked, but for its line of JSON."""
        said = self._log.read_text(errors="replace") if self._log.exists() else ""
        whole = said[: said.rfind("\n") + 1]
        new, self._n_characters_logged = whole[self._n_characters_logged :], len(whole)
        return [line for line in new.splitlines() if line and not line.startswith("{")]

    def _tell_news(self) -> None:
        """Says why a start takes its time, such as that another run is watched."""
        for line in self.news():
            _LOG.info("platform: %s", line)

    def end(self) -> None:
        """Ends the process: it pushes once more, and deletes its groups unless they are kept."""
        with self._turn:
            if self._process is not None:
                self._supervisor.stop(self._process)
                self._process = None

    def close(self) -> None:
        """Ends the process and removes its log."""
        self.stop_starting()
        with self._turn:
            self.end()
            self._open.close()

    def _require_wanted(self, n_stops: int) -> None:
        if self._n_stops != n_stops:
            raise StartStoppedError("stopped before the platform had started") from None

    def _start_on_a_port(self, choice: Choice, n_stops: int) -> None:
        for attempts_left in reversed(range(_ATTEMPTS)):
            self._require_wanted(n_stops)
            self._port = self._port or free_port()
            try:
                self._start_process(choice)
                break
            except StackError as error:
                if not attempts_left or "cannot listen" not in str(error):
                    raise
                self._port = 0

    def _start_process(self, choice: Choice) -> None:
        self._n_characters_logged = 0
        argv = platform_command(
            port=self._port,
            scenario=choice.name_or_path,
            seed=choice.scenario.seed,
            compress=choice.compress,
            push_interval=choice.push_interval,
            mappings=choice.mappings,
            allow_series=choice.allow_series,
        )
        argv += ["--history", choice.history] if choice.history and not self._has_run else []
        self._process = self._supervisor.start(
            "the built-in platform",
            argv,
            log=self._log,
            env={
                "SIMULATOR_PUSHGATEWAY": choice.pushgateway,
                "SIMULATOR_KEEP_GROUPS": str(int(choice.keeps_groups)),
                "SIMULATOR_INSTANCE": choice.instance,
                # only from others: groups that an earlier test's platform left are ours
                "SIMULATOR_TAKE_OVER": str(int(choice.takes_over and not self._has_run)),
            },
        )
        try:
            wait_until_ready(
                self._process,
                f"{self.url}/health",
                timeout_seconds=_READY_SECONDS,
                meanwhile=self._tell_news,
            )
        except BaseException:  # also Ctrl-C, and Locust's end of the greenlet that waits
            self.end()
            raise
