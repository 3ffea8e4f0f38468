"""Child processes that never outlive this one.

Each child leads a process group of its own, so that Ctrl-C in a terminal reaches only the
simulator, which then stops its children in order, last started first. Where the kernel can do it, a
child also ends when the simulator dies without a chance to clean up: see `ending`.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import NoReturn, Self

from simulator.errors import StackError
from simulator.http.endpoint import Endpoint
from simulator.http.exchange_budget import MEBIBYTE
from simulator.http.service import ExchangeErrors, Service
from simulator.http.session import Session
from simulator.runtime.ending import dying_with_parent, exit_description
from simulator.runtime.process_signals import (
    interrupt_on_termination,
    signals_deferred,
    signals_held_back,
)

__all__ = [
    "Process",
    "Supervisor",
    "is_answering",
    "wait_until_ready",
    "watch",
]

_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.02
_WATCH_SECONDS = 0.5
_TAIL_LINES = 12
_TAIL_BYTES = 256 * 1024  # of a log are looked at: a program's last words, and a panic's first
_LOOK_SECONDS = 1.0
_LONGEST_PAGE = 4 * MEBIBYTE
# On loopback: it asks for no password.
_PROGRAM = Service("program", "", ExchangeErrors.all(StackError))


@dataclass(frozen=True, slots=True)
class Process:
    """A running program, its name in messages, and the file that holds what it says."""

    name: str
    child: subprocess.Popen[bytes]
    log: Path

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.child.poll() is None

    def log_tail(self) -> str:
        """The last lines of its log, indented; a note when it said nothing."""
        lines = self._said().splitlines()[-_TAIL_LINES:]
        return "\n".join(f"  {line}" for line in lines) or "  (it wrote nothing)"

    def reload(self) -> None:
        """Asks it to read its configuration again, as Prometheus does; nothing if it has ended."""
        if self.is_running:
            self.child.send_signal(signal.SIGHUP)

    def _said(self) -> str:
        with self.log.open("rb") as log:
            log.seek(max(log.seek(0, os.SEEK_END) - _TAIL_BYTES, 0))
            return log.read().decode(errors="replace")

    def require_running(self) -> None:
        """Nothing, while it runs.

        Raises:
            StackError: when it has ended; with its exit code and the end of its log.
        """
        if not self.is_running:
            ended = exit_description(self.name, self.child.returncode, self._said())
            raise StackError(f"{ended}:\n{self.log_tail()}")


class Supervisor:
    """Starts processes and stops every one of them when its `with` block is left.

    Inside the block SIGTERM and SIGHUP raise KeyboardInterrupt as Ctrl-C does, so that they too
    leave the block in order. While processes are being stopped, further signals wait.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Supervisor() as supervisor:
    ...     sleep = supervisor.start("sleep", ["sleep", "60"], log=Path(folder) / "sleep.log")
    ...     sleep.is_running
    True
    >>> sleep.is_running
    False
    """

    def __init__(self) -> None:
        self._processes: list[Process] = []
        self._signals = ExitStack()

    def __enter__(self) -> Self:
        self._signals.enter_context(interrupt_on_termination())
        return self

    def __exit__(self, *_: object) -> None:
        with self._signals, signals_held_back():
            for process in reversed(self._processes):
                _end(process, timeout_seconds=_STOP_SECONDS)
            self._processes.clear()

    @property
    def processes(self) -> tuple[Process, ...]:
        """Those that were started and not stopped, in order."""
        return tuple(self._processes)

    def start(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Process:
        """The started process; `env` is added to this process's own, output goes to `log`.

        Raises:
            StackError: when the program cannot be executed.
        """
        if shutil.which(argv[0]) is None:
            raise StackError(f"cannot start {name}: {argv[0]} is not an executable file")
        with log.open("wb") as output, signals_deferred():
            child = subprocess.Popen(  # noqa: S603 - no shell; the caller names the program
                [*dying_with_parent(), *map(str, argv)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                start_new_session=True,
            )
            process = Process(name, child, log)
            self._processes.append(process)
        return process

    def stop(self, process: Process, *, timeout_seconds: float = _STOP_SECONDS) -> None:
        """Ends one process: SIGTERM, and SIGKILL when that did not do within the time."""
        with signals_held_back():
            _end(process, timeout_seconds=timeout_seconds)
            self._processes.remove(process)


def wait_until_ready(
    process: Process,
    url: str,
    *,
    timeout_seconds: float = 30.0,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Returns once `url` answers 200; calls `meanwhile` now and then until it does.

    Raises:
        StackError: as soon as the process has ended, or when the time is up; with its log's end.
    """
    deadline = time.monotonic() + timeout_seconds
    endpoint = Endpoint(url=url, service=_PROGRAM)
    with Session(endpoint, timeout_seconds=_LOOK_SECONDS, most_bytes=_LONGEST_PAGE) as session:
        while not _answers(session):
            process.require_running()
            if time.monotonic() > deadline:
                raise StackError(
                    f"{process.name} does not answer {url} after {timeout_seconds:g} s:\n"
                    f"{process.log_tail()}"
                )
            meanwhile()
            time.sleep(_POLL_SECONDS)
    # What answered may be another program that took the port first.
    process.require_running()


def is_answering(url: str) -> bool:
    """Whether a program of ours answers 200 there, at once."""
    endpoint = Endpoint(url=url, service=_PROGRAM)
    with Session(endpoint, timeout_seconds=_LOOK_SECONDS, most_bytes=_LONGEST_PAGE) as session:
        return _answers(session)


def watch(require_running: Callable[[], None]) -> NoReturn:
    """Looks now and then whether all runs, until it does not or Ctrl-C comes.

    Raises:
        StackError: as `require_running`.
    """
    while True:
        time.sleep(_WATCH_SECONDS)
        require_running()


def _answers(session: Session) -> bool:
    try:
        return session.exchange("GET", "").status == HTTPStatus.OK
    except StackError:
        return False


def _end(process: Process, *, timeout_seconds: float) -> None:
    if not process.is_running:
        return  # its number may belong to another process by now
    _signal_group(process, signal.SIGTERM)
    try:
        process.child.wait(timeout_seconds)
    except subprocess.TimeoutExpired:
        _signal_group(process, signal.SIGKILL)
        process.child.wait()
    # Children that a program left behind are in its group still.
    _signal_group(process, signal.SIGKILL)


def _signal_group(process: Process, number: signal.Signals) -> None:
    try:
        os.killpg(process.child.pid, number)
    except ProcessLookupError:
        return
