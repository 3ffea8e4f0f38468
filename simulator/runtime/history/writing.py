"""A history written to a folder: windows simulated here, and converted on all processors."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Future,
    ProcessPoolExecutor,
    as_completed,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import StackError
from simulator.progress import Progress, Report, unreported
from simulator.runtime.binaries import find
from simulator.runtime.history.blocks import Run, Window, window_counts
from simulator.runtime.history.conversion import Conversion, converted, prepare_worker
from simulator.runtime.history.handing_over import HANDOVER_FILE, handover_text
from simulator.runtime.history.presence import TRUTH_FILE, Form, is_there, truth_text
from simulator.runtime.history.staging import staged
from simulator.runtime.process_signals import signals_held_back
from simulator.scenario.timed_run import TimedRun, timestamp

__all__ = ["TRUTH_FILE", "Form", "History", "write_history"]

_PROCESSES = (
    len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
)
_PER_PROCESS = 2
"""Windows under way per process: one at work and one ready, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class History:
    """What was written; nothing, where `is_new` says that it was all there before."""

    folder: Path
    windows: int
    series: int = 0
    samples: int = 0
    is_new: bool = True


def write_history(
    segments: Sequence[TimedRun],
    output: Path,
    *,
    form: Form = "blocks",
    report: Report = unreported,
) -> History:
    """Writes runs, one after the other on the clock, into a folder that a Prometheus can serve.

    Each run is a simulation of its own. Beside the samples of a single run goes its truth, and what
    it leaves to a live run that goes on from there. Progress is counted in windows.

    Raises:
        StackError: promtool is missing or fails, or the folder holds other samples of this time.
        OutputError: the folder cannot be written to, or the disk is full.
        ScenarioError: an episode is shorter than a tick.
    """
    promtool = find("promtool") if form == "blocks" else None
    total = sum(len(window_counts(truth)) for truth in segments)
    runs = [Run(truth) for truth in segments]
    with staged(output) as (staging, ready):
        if is_there(segments, output, form):
            return History(output, total, is_new=False)
        report(Progress("history", 0, total))
        samples = _convert(
            runs,
            staging,
            ready,
            promtool,
            lambda done: report(Progress("history", done, total)),
        )
        if len(segments) == 1:
            (ready / HANDOVER_FILE).write_text(handover_text(runs[0]), encoding="utf-8")
            (ready / TRUTH_FILE).write_text(truth_text(segments[0]), encoding="utf-8")
    return History(output, total, len(set().union(*(run.series for run in runs))), samples)


def _convert(
    runs: Sequence[Run],
    staging: Path,
    ready: Path,
    promtool: Path | None,
    report: Callable[[int], None],
) -> int:
    """Simulates window after window and hands them to the workers; the number of samples."""
    every = (window for run in runs for window in run.windows())
    jobs = (
        (
            window,
            Conversion(
                text=(staging if promtool else ready) / _file_name(window),
                blocks=staging / "blocks" / str(number),
                promtool=promtool,
            ),
        )
        for number, window in enumerate(every)
    )
    samples = 0
    with _workers() as pool:
        for done, count in enumerate(_finished(pool, jobs), start=1):
            samples += count
            report(done)
    for meta in staging.glob("blocks/*/*/meta.json"):
        meta.parent.rename(ready / meta.parent.name)
    return samples


def _file_name(window: Window) -> str:
    """When the window begins, such as 20261124T100015Z.om."""
    return timestamp(float(window.times[0])).replace("-", "").replace(":", "") + ".om"


def _finished(
    pool: ProcessPoolExecutor, jobs: Iterable[tuple[Window, Conversion]]
) -> Iterator[int]:
    """The samples of each window once it is done; only so many are under way at a time."""
    pending: set[Future[int]] = set()
    for window, conversion in jobs:
        if len(pending) >= _PROCESSES * _PER_PROCESS:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)
        with signals_held_back():  # a process that it starts is not to be ended before it is ready
            pending.add(pool.submit(converted, window.families, window.times, conversion))
    for one in as_completed(pending):
        yield one.result()


@contextmanager
def _workers() -> Iterator[ProcessPoolExecutor]:
    """Processes to convert in; when something fails, they stop in the middle of their windows."""
    context = multiprocessing.get_context("spawn")
    with signals_held_back():  # also in multiprocessing's own process, which this starts
        stopping = context.Event()
    pool = ProcessPoolExecutor(
        _PROCESSES, mp_context=context, initializer=prepare_worker, initargs=(stopping,)
    )
    try:
        yield pool
    except BrokenProcessPool as error:
        raise StackError("a process that converts the history was ended from outside") from error
    finally:
        with signals_held_back():
            stopping.set()  # everything is done, or nothing more is wanted
            pool.shutdown(cancel_futures=True)
