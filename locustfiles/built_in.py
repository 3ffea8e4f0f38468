"""The built-in platform: `simulator run --no-synthetic`, started where no --host is given."""

import sys
import tempfile
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path

from simulator.errors import StackError
from simulator.runtime.ports import free_port
from simulator.runtime.processes import Process, Supervisor, wait_until_ready

__all__ = ["BuiltInPlatform"]

_ATTEMPTS = 3
_READY_SECONDS = 60.0


class BuiltInPlatform:
    """A platform process on loopback, restarted when the options it depends on change.

    Its address stays the same for as long as this object lives.
    """

    def __init__(self) -> None:
        self._open = ExitStack()
        folder = tempfile.TemporaryDirectory(prefix="simulator-locust-")
        self._log = Path(self._open.enter_context(folder)) / "platform.log"
        self._supervisor = Supervisor()
        self._open.push(self._supervisor.__exit__)  # stops it; Locust keeps its signal handlers
        self._process: Process | None = None
        self._arguments: list[str] = []
        self._environment: dict[str, str] = {}
        self._port = 0

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def ensure(self, options: Namespace) -> None:
        """Runs with these options when this returns; it is healthy then.

        Raises:
            StackError: it does not start; with the end of what it said.
        """
        arguments = _arguments(options)
        if self._process is not None and self._process.is_running:
            if arguments == self._arguments:
                return
            self._supervisor.stop(self._process)
        self._arguments = arguments
        # by environment: the URL may hold a password, and command lines are there for all to see
        self._environment = {"SIMULATOR_PUSHGATEWAY": options.pushgateway}
        for attempts_left in reversed(range(_ATTEMPTS)):
            self._port = self._port or free_port()
            try:
                self._process = self._started(arguments)
            except StackError as error:
                if not attempts_left or "cannot listen" not in str(error):
                    raise
                self._port = 0
            else:
                return

    def stop(self) -> None:
        """Ends it: it pushes once more, and deletes its groups unless they are to be kept."""
        self._open.close()

    def said(self) -> str:
        """What it wrote: warnings about the Pushgateway, for one."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def _started(self, arguments: list[str]) -> Process:
        argv = [sys.executable, "-m", "simulator", "run", "--no-synthetic", "--json"]
        process = self._supervisor.start(
            "the built-in platform",
            [*argv, "--port", str(self._port), *arguments],
            log=self._log,
            env=self._environment,
        )
        try:
            wait_until_ready(process, f"{self.url}/health", timeout_seconds=_READY_SECONDS)
        except StackError:
            self._supervisor.stop(process)
            raise
        return process


def _arguments(options: Namespace) -> list[str]:
    """Options of `simulator run`, but for the Pushgateway's."""
    arguments = ["--scenario", options.scenario, "--compress", str(options.compress)]
    arguments += ["--push-interval", options.push_interval]
    if options.seed is not None:
        arguments += ["--seed", str(options.seed)]
    if options.keep_groups:
        arguments.append("--keep-groups")
    return arguments
