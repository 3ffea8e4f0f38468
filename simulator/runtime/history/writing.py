"""A history written to a folder, window by window, so that memory does not grow with it."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import OutputError
from simulator.metrics.columns import plain_bound
from simulator.progress import Progress, Report, unreported
from simulator.runtime.history.bucket_bounds import bucket_bound
from simulator.runtime.history.handing_over import HANDOVER_FILE, handover_text
from simulator.runtime.history.presence import TRUTH_FILE, Form, is_there, truth_text
from simulator.runtime.history.staging import staged
from simulator.runtime.history.window_files import written_windows
from simulator.runtime.history.windows import Run, tick_count, window_counts
from simulator.scenario.timed_run import TimedRun

__all__ = ["TRUTH_FILE", "Form", "History", "write_history"]


_MEBI = 1024 * 1024


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
        StackError: the folder holds other samples of this time.
        OutputError: the folder cannot be written to, or the disk is full.
        ScenarioError: an episode is shorter than a tick.
    """
    bound = bucket_bound() if form == "blocks" else plain_bound
    total = sum(len(window_counts(timed)) for timed in segments)
    runs = [Run(timed, bound=bound) for timed in segments]
    with staged(output) as ready:
        if is_there(segments, output, form):
            return History(output, total, is_new=False)
        report(Progress("history", 0, total))
        samples = _write(runs, ready, form, lambda done: report(Progress("history", done, total)))
        if len(segments) == 1:
            (ready / HANDOVER_FILE).write_text(handover_text(runs[0]), encoding="utf-8")
            (ready / TRUTH_FILE).write_text(truth_text(segments[0]), encoding="utf-8")
    return History(output, total, len(set().union(*(run.series for run in runs))), samples)


def _write(runs: Sequence[Run], folder: Path, form: Form, report: Callable[[int], None]) -> int:
    """Simulates window after window and writes them; the number of samples."""
    ticks_left = sum(tick_count(run.timed) for run in runs)
    n_samples = 0
    windows = (one for run in runs for one in written_windows(run, folder, form))
    for done, (window, found) in enumerate(windows, start=1):
        n_samples += found
        ticks_left -= len(window.times)
        if done == 1:
            _require_space(folder, share_left=ticks_left / len(window.times))
        report(done)
    return n_samples


def _require_space(folder: Path, *, share_left: float) -> None:
    """Ends a history early that the disk has no space for, by what its first window takes.

    Args:
        folder: with nothing but that window in it.
        share_left: how many times as much is still to come.
    """
    needed = share_left * sum(file.stat().st_size for file in folder.rglob("*"))
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise OutputError(
            f"the history takes about {needed / _MEBI:,.0f} MiB more, and its disk has "
            f"{free / _MEBI:,.0f} MiB left"
        )
