"""Days of history: window by window, beside one call of promtool over one file; and memory."""

import json
import re
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import numpy as np
import psutil
from _measuring import AS_INSTALLED, Target, print_table, verdict

from simulator.mapping.export import Export
from simulator.mapping.loading import default_mapping
from simulator.metrics.columns import trace_columns
from simulator.metrics.openmetrics import openmetrics
from simulator.runtime.binaries import find
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation

_SIMULATOR = str(Path(sys.executable).with_name("simulator"))
_END, _STEP_SECONDS, _DAY_SECONDS = 1_767_225_600, 15, 86_400  # at the start of 2026
_PEER_DAYS = 4
_LONGEST_SECONDS = 1800.0
_PATIENCE = 10.0
"""How many times as long as ours one call may take; then it is stopped, and has lost."""

_BETWEEN_LOOKS_SECONDS = 0.05
_FASTER, _LINEAR, _SAME_MEMORY = 8.0, 2.3, 1.15


@dataclass(frozen=True)
class _Measured:
    """What a program took and made; `peak_mib` of it and all that it started, together.

    `processor_seconds` of all of them; what other programs do to the machine does not count.
    """

    seconds: float
    processor_seconds: float
    peak_mib: float
    samples: int = 0
    is_over: bool = True


def main() -> int:
    """Measures, prints, and gives the exit code."""
    began = perf_counter()
    ours = {_PEER_DAYS: _backfill(_PEER_DAYS)}
    peer = _one_call(_PEER_DAYS, patience_seconds=_PATIENCE * ours[_PEER_DAYS].seconds)
    ours |= {days: _backfill(days) for days in (2, 7, 14)}
    print_table(
        f"History of calm at a step of {_STEP_SECONDS} s",
        ("what", "days", "samples", "seconds", "of processors", "peak MiB, all processes"),
        [_row("simulator backfill", days, ours[days]) for days in sorted(ours)]
        + [_row("one call of promtool, its text given", _PEER_DAYS, peer)],
    )
    print("Ours has simulated the platform in its time; promtool found the text of it.")
    if not peer.is_over:
        print(f"promtool was stopped at {_PATIENCE:g} times our time: it takes longer than that.")
    if ours[_PEER_DAYS].samples != peer.samples:
        print(f"FAIL: not the same samples: {ours[_PEER_DAYS].samples:,} and {peer.samples:,}")
        return 1
    return verdict(
        began,
        Target(
            f"times as fast as one call on {_PEER_DAYS} days",
            peer.seconds / ours[_PEER_DAYS].seconds,
            _FASTER,
            is_least=True,
        ),
        Target(
            "processor seconds of 14 days over those of 7",
            ours[14].processor_seconds / ours[7].processor_seconds,
            _LINEAR,
        ),
        Target(
            "memory of 14 days over that of 2", ours[14].peak_mib / ours[2].peak_mib, _SAME_MEMORY
        ),
    )


def _row(what: str, days: int, measured: _Measured) -> tuple[str, ...]:
    return (
        what,
        f"{days}",
        f"{measured.samples:,}",
        f"{'' if measured.is_over else '> '}{measured.seconds:.1f}",
        f"{measured.processor_seconds:.1f}",
        f"{measured.peak_mib:,.0f}",
    )


def _backfill(days: int) -> _Measured:
    """The command as a user types it, in a folder that is removed again."""
    with tempfile.TemporaryDirectory() as folder:
        command = [_SIMULATOR, "backfill", "calm", "--duration", f"{days}d", "--json"]
        command += ["--end", f"{_END}", "--step", f"{_STEP_SECONDS}s", "--output", folder]
        measured, said = _watched(command, _LONGEST_SECONDS)
    return replace(measured, samples=int(json.loads(said)["samples"]))


def _one_call(days: int, *, patience_seconds: float) -> _Measured:
    """One call of promtool over one file with the samples of all days."""
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "history.om"
        samples = _write(days, text)
        command = [str(find("promtool")), "tsdb", "create-blocks-from", "--quiet", "openmetrics"]
        blocks = str(Path(folder) / "blocks")
        measured, _ = _watched([*command, str(text), blocks], patience_seconds)
    return replace(measured, samples=samples)


def _write(days: int, file: Path) -> int:
    """How many samples were written: those of `simulator backfill`, in one text."""
    seconds = days * _DAY_SECONDS
    simulation = Simulation(load_scenario("calm"), origin=_END - seconds, step=_STEP_SECONDS)
    trace = simulation.advance(seconds // _STEP_SECONDS)
    export = Export(default_mapping(), simulation.scenario)
    columns = trace_columns(trace, export.samples(trace), instance="simulator")
    samples = 0
    with file.open("w") as opened:
        for part in openmetrics(columns, np.asarray(trace.grid.ends, dtype=np.float64)):
            samples += 0 if part.startswith("#") else part.count("\n")
            opened.write(part)
    return samples


def _watched(command: list[str], patience_seconds: float) -> tuple[_Measured, bytes]:
    """What a program takes and says; it is stopped where it takes longer than so many seconds."""
    began, before = perf_counter(), _children_seconds()
    is_over, said = True, b""
    with subprocess.Popen(
        command, env=AS_INSTALLED, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        with _peak_of(process.pid) as peak:
            try:
                said, _ = process.communicate(timeout=patience_seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                is_over = False
        seconds = perf_counter() - began
    if is_over and process.returncode:
        raise RuntimeError(f"{command} ended with exit code {process.returncode}")
    used = _children_seconds() - before
    return _Measured(seconds, used, peak[0] / 2**20, is_over=is_over), said


def _children_seconds() -> float:
    """Processor seconds of the programs that have ended, and of those that they waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def _peak_of(number: int) -> Iterator[list[int]]:
    """The most bytes that a process and those below it had at once, looked at now and then."""
    peak, is_over = [0], threading.Event()

    def look() -> None:
        while not is_over.wait(_BETWEEN_LOOKS_SECONDS):
            peak[0] = max(peak[0], _resident(number))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield peak
    finally:
        is_over.set()
        looking.join()


def _resident(number: int) -> int:
    try:
        parent = psutil.Process(number)
        below = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    return sum(map(_resident_alone, below))


def _resident_alone(process: psutil.Process) -> int:
    """The most it had so far that is in no file: the system may drop text that promtool maps."""
    try:
        told = process.memory_info()
        status = Path(f"/proc/{process.pid}/status").read_text()
    except (OSError, psutil.Error):
        return 0
    high_water = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)  # one that ends has none
    return int(high_water[1]) * 1024 - int(told.shared) if high_water else 0


if __name__ == "__main__":
    sys.exit(main())
