"""`simulator` as a user starts it: a process of its own, bounded in time and always ended."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.waiting import BOUND, wait_until

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = (sys.executable, "-m", "simulator")


def environment(**changes: str) -> dict[str, str]:
    """The tests' own environment without what configures the simulator."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("SIMULATOR_")}
    return {**own, **changes}


def _complaints(stderr: str) -> list[str]:
    """What does not depend on how busy the machine of the tests is."""
    slow = ("is slow: values are", "keeps up again", " the limit: event loop", " was the limit in ")
    return [line for line in stderr.splitlines() if not any(words in line for words in slow)]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def complaints(self) -> list[str]:
        """The lines of stderr, but for those on being slow."""
        return _complaints(self.stderr)


Program = Callable[..., Ended]


def simulator_process(*arguments: str, seconds: float = BOUND) -> Ended:
    """A command that ends by itself, within a time that only a failing one needs."""
    ended = subprocess.run(
        [*COMMAND, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@dataclass
class SimulatorRun:
    """A running `simulator run`, where it listens, and what it has written."""

    process: subprocess.Popen[bytes]
    folder: Path
    url: str = ""

    @property
    def stdout(self) -> str:
        return (self.folder / "stdout").read_text()

    @property
    def stderr(self) -> str:
        return (self.folder / "stderr").read_text()

    @property
    def complaints(self) -> list[str]:
        """The lines of stderr, but for those on being slow."""
        return _complaints(self.stderr)

    def end(self, number: signal.Signals) -> int:
        """The exit code after a signal."""
        self.process.send_signal(number)
        return self.exit_code()

    def exit_code(self) -> int:
        return self.process.wait(BOUND)

    def has_announced(self) -> bool:
        assert self.process.poll() is None or self.stdout, self.stderr
        return self.stdout.endswith("\n")


@contextlib.contextmanager
def simulator_run(folder: Path, *arguments: str, **changes: str) -> Iterator[SimulatorRun]:
    """`simulator run` on a free port, once it says where it listens; killed at the end."""
    folder.mkdir(exist_ok=True)
    command = [*COMMAND, "run", "--json", "--port", "0", *arguments]
    with (
        (folder / "stdout").open("wb") as out,
        (folder / "stderr").open("wb") as err,
        subprocess.Popen(command, env=environment(**changes), stdout=out, stderr=err) as process,
    ):
        run = SimulatorRun(process, folder)
        try:
            wait_until(run.has_announced, "the simulator says where it listens")
            run.url = str(json.loads(run.stdout)["url"])
            yield run
        finally:
            process.kill()
