"""A history written to a folder, window by window, so that memory does not grow with it."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.mapping.loading import default_mapping
from simulator.mapping.model import Mapping
from simulator.metrics.columns import plain_bound
from simulator.progress import Progress, Report, unreported
from simulator.runtime.history.bucket_bounds import bucket_bound
from simulator.runtime.history.handing_over import HANDOVER_FILE, handover_text
from simulator.runtime.history.presence import TRUTH_FILE, Form, is_there, truth_text
from simulator.runtime.history.space import require_space
from simulator.runtime.history.staging import staged
from simulator.runtime.history.window_files import written_windows
from simulator.runtime.history.windows import Run, Series, window_counts
from simulator.scenario.timed_run import TimedRun

__all__ = ["TRUTH_FILE", "Form", "History", "write_history"]


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
    mapping: Mapping | None = None,
    form: Form = "blocks",
    report: Report = unreported,
) -> History:
    """Writes runs, one after the other on the clock, into a folder that a Prometheus can serve.

    Each run is a simulation of its own, made when the one before is over, so that memory does not
    grow with their number; without a mapping the default one names its series. Beside the samples
    of a single run goes its truth, and what it leaves to a live run that goes on from there.
    Progress is counted in windows.

    Raises:
        StackError: the folder holds other samples of this time.
        OutputError: the folder cannot be written to, or the disk has no space for all of it.
        ScenarioError: an episode is shorter than a tick.
    """
    bound = bucket_bound() if form == "blocks" else plain_bound
    counts = [count for timed in segments for count in window_counts(timed)]
    total, samples, done = len(counts), 0, 0
    names = mapping or default_mapping()
    series: set[Series] = set()
    with staged(output) as ready:
        if is_there(segments, output, form, names):
            return History(output, total, is_new=False)
        free = shutil.disk_usage(ready).free
        report(Progress("history", 0, total))
        for timed in segments:
            run = Run(timed, mapping=names, bound=bound)
            for written in written_windows(run, ready, form):
                done += 1
                if done == counts.index(max(counts)) + 1:
                    require_space(written, counts, free=free, output=str(output))
                samples += written.samples
                report(Progress("history", done, total))
            series |= run.series
            if len(segments) == 1:
                (ready / HANDOVER_FILE).write_text(handover_text(run), encoding="utf-8")
                (ready / TRUTH_FILE).write_text(truth_text(timed, names), encoding="utf-8")
    return History(output, total, len(series), samples)
