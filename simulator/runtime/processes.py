"""Child processes that never outlive this one.

Each child leads a process group of its own, so that Ctrl-C in a terminal reaches only the
simulator, which then stops its children in order, last started first. On Linux a child is also
killed by the kernel when the simulator dies without a chance to clean up (kill -9, out of memory):
`setpriv --pdeathsig` asks for that and then becomes the program. A `preexec_fn` calling prctl would
do the same, but is unsafe in a process with threads. The kernel ties this to the *thread* that
started the child: start children from one that lives as long as they should. macOS has nothing of
the kind; there, kill -9 of the simulator leaves its children running.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

from simulator.errors import StackError

__all__ = [
    "Process",
    "Supervisor",
    "dying_with_parent",
    "interrupt_on_termination",
    "wait_until_ready",
]

_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.05
_TAIL_LINES = 12


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

    def log_tail(self, n_lines: int = _TAIL_LINES) -> str:
        """The last lines of its log, indented; a note when it said nothing."""
        lines = self.log.read_text(errors="replace").splitlines()[-n_lines:]
        return "\n".join(f"  {line}" for line in lines) or "  (it wrote nothing)"

    def reload(self) -> None:
        """Asks it to read its configuration again, as Prometheus does; nothing if it has ended."""
        if self.is_running:
            self.child.send_signal(signal.SIGHUP)

    def require_running(self) -> None:
        """Nothing, while it runs.

        Raises:
            StackError: when it has ended; with its exit code and the end of its log.
        """
        if not self.is_running:
            raise StackError(
                f"{self.name} ended with exit code {self.child.returncode}:\n{self.log_tail()}"
            )


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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._signals, _signals_held_back():
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
        with log.open("wb") as output:
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
        with _signals_held_back():
            _end(process, timeout_seconds=timeout_seconds)
            self._processes.remove(process)


def wait_until_ready(process: Process, url: str, *, timeout_seconds: float = 30.0) -> None:
    """Returns once `url` answers 200.

    Raises:
        StackError: as soon as the process has ended, or when the time is up; with its log's end.
    """
    deadline = time.monotonic() + timeout_seconds
    with requests.Session() as session:
        session.trust_env = False  # a proxy from the environment does not reach loopback
        while not _answers(session, url):
            process.require_running()
            if time.monotonic() > deadline:
                raise StackError(
                    f"{process.name} does not answer {url} after {timeout_seconds:g} s:\n"
                    f"{process.log_tail()}"
                )
            time.sleep(_POLL_SECONDS)
    # What answered may be another program that took the port first.
    process.require_running()


@contextmanager
def interrupt_on_termination() -> Iterator[None]:
    """Inside, SIGTERM and SIGHUP raise KeyboardInterrupt, so that `with` blocks clean up.

    Changes only signals that still have their default effect, and only in the main thread, where
    Python allows it: a program that handles them itself keeps doing so.
    """
    with ExitStack() as undo:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGHUP):
                if signal.getsignal(number) is signal.SIG_DFL:
                    undo.callback(signal.signal, number, signal.SIG_DFL)
                    signal.signal(number, signal.default_int_handler)
        yield


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """Inside, an impatient second Ctrl-C cannot stop the stopping, which is bounded in time."""
    numbers = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def dying_with_parent() -> list[str]:
    """What to put before a command so that the kernel ends it with this process."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _answers(session: requests.Session, url: str) -> bool:
    try:
        return session.get(url, timeout=1.0).status_code == HTTPStatus.OK
    except requests.RequestException:
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
