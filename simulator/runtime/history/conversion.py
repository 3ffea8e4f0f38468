"""From a window's samples to a file: OpenMetrics text, or the block that promtool makes of it.

Runs in processes of its own, so that text is written and converted on all processors.
"""

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from multiprocessing import connection, parent_process
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.errors import StackError
from simulator.metrics.openmetrics import FamilyColumns, openmetrics
from simulator.runtime.ending import dying_with_parent, exit_description
from simulator.runtime.process_signals import ENDING

__all__ = ["Conversion", "converted", "prepare_worker"]

_PROMTOOL_SECONDS = 600.0
_BETWEEN_LOOKS_SECONDS = 0.2
_SAID_CHARACTERS = 600
_STOPPING: list[Event] = []
"""In a worker, what tells it to stop: it can only be handed over when the process starts."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """Where a window goes: its text, and the folder for its block; no promtool leaves the text."""

    text: Path
    blocks: Path
    promtool: Path | None = None


def prepare_worker(stopping: Event) -> None:
    """Readies a process: it leaves a terminal's signals to its parent, and ends when that does.

    Once `stopping` is set, windows are neither begun nor brought to their end.
    """
    _STOPPING.append(stopping)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)  # it was started with them held back
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends this process when its parent is gone, however early; nothing else would tell it."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def converted(
    families: list[FamilyColumns], times: NDArray[np.float64], conversion: Conversion
) -> int:
    """How many samples were written.

    Raises:
        StackError: the disk is full, or promtool fails; with its message.
    """
    samples = 0
    try:
        with conversion.text.open("w", encoding="utf-8") as file:
            for part in openmetrics(families, times):
                if _is_stopping():
                    return 0
                samples += part.count("\n") if not part.startswith("#") else 0
                file.write(part)
    except OSError as error:
        raise StackError(f"cannot write {conversion.text}: {error.strerror or error}") from error
    if conversion.promtool is not None:
        _run_promtool(conversion.promtool, conversion)
        conversion.text.unlink()
    return samples


def _is_stopping() -> bool:
    return any(event.is_set() for event in _STOPPING)


def _run_promtool(program: Path, conversion: Conversion) -> None:
    command = [*dying_with_parent(), str(program)]
    command += ["tsdb", "create-blocks-from", "--quiet", "openmetrics"]
    try:
        with subprocess.Popen(  # noqa: S603 - promtool, found by us, on files of ours
            [*command, str(conversion.text), str(conversion.blocks)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # its own temporary files go with ours where it is killed
            env={**os.environ, "TMPDIR": str(conversion.text.parent)},
            start_new_session=True,  # Ctrl-C in a terminal is for the simulator alone
        ) as process:
            said = _what_it_said(process)
    except OSError as error:
        raise StackError(f"promtool cannot be run: {error.strerror or error}") from error
    is_done = not process.returncode and any(conversion.blocks.glob("*/meta.json"))
    if not is_done and not _is_stopping():
        ended = exit_description("promtool", process.returncode, said)
        last = " ".join(said.split())[-_SAID_CHARACTERS:] or "it wrote nothing"
        raise StackError(f"{ended}, without its block: {last}")


def _what_it_said(process: subprocess.Popen[str]) -> str:
    """Its output once it has ended; it is ended when nobody waits for its block any more."""
    deadline = time.monotonic() + _PROMTOOL_SECONDS
    while True:
        try:
            return process.communicate(timeout=_BETWEEN_LOOKS_SECONDS)[0]
        except subprocess.TimeoutExpired as error:
            if _is_stopping():
                process.kill()
            elif time.monotonic() > deadline:
                process.kill()
                raise StackError(f"promtool took longer than {_PROMTOOL_SECONDS:.0f} s") from error
