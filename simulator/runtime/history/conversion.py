"""From a window's samples to a file: OpenMetrics text, or the block that promtool makes of it.

Runs in processes of its own, so that text is written and converted on all processors.
"""

import ctypes
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.errors import StackError
from simulator.metrics.openmetrics import FamilyColumns, openmetrics

__all__ = ["Conversion", "converted", "prepare_worker"]

_PROMTOOL_SECONDS = 600.0
_BETWEEN_LOOKS_SECONDS = 0.2
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h
_SAID_CHARACTERS = 600
_STOPPING: list[Event] = []
"""In a worker, what tells it to stop: it can only be handed over when the process starts."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """Where a window goes: its text, and the folder for its block; no promtool leaves the text."""

    text: Path
    blocks: Path
    promtool: tuple[str, ...] = ()


def prepare_worker(stopping: Event) -> None:
    """Readies a process: it leaves Ctrl-C to its parent, and ends when that does (on Linux).

    Once `stopping` is set, windows are neither begun nor brought to their end.
    """
    _STOPPING.append(stopping)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)


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
    if conversion.promtool:
        _run_promtool(conversion)
        conversion.text.unlink()
    return samples


def _is_stopping() -> bool:
    return any(event.is_set() for event in _STOPPING)


def _run_promtool(conversion: Conversion) -> None:
    command = [*conversion.promtool, "tsdb", "create-blocks-from", "--quiet", "openmetrics"]
    try:
        with subprocess.Popen(  # noqa: S603 - promtool, found by us, on files of ours
            [*command, str(conversion.text), str(conversion.blocks)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            said = _what_it_said(process)
    except OSError as error:
        raise StackError(f"promtool cannot be run: {error.strerror or error}") from error
    if process.returncode and not _is_stopping():
        last = " ".join(said.split())[-_SAID_CHARACTERS:]
        raise StackError(f"promtool failed with exit code {process.returncode}: {last}")


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
