"""Whether a disk has space for a history, before anything of it is written."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from simulator.errors import OutputError
from simulator.metrics.openmetrics import openmetrics
from simulator.metrics.samples import samples
from simulator.runtime.history.presence import Form
from simulator.runtime.history.windows import Run, Window, window_counts
from simulator.scenario.timed_run import TimedRun
from simulator.tsdb.blocks import block_bytes

__all__ = ["estimated_bytes", "require_space"]

_MARGIN: Final = 1.5
"""Later windows differ from the first: by the hour of the day, incidents, and counts that grow."""

_CHUNK_BYTES: Final = 24
"""Of a chunk before its second sample: length, encoding, count, time, value and checksum."""

_TEXT_TICKS: Final = 12
_MEBI: Final = 1024 * 1024


def require_space(segments: Sequence[TimedRun], staging: Path, *, output: Path, form: Form) -> None:
    """Nothing, where the disk has space for the runs.

    Args:
        segments: the runs.
        staging: a folder on that disk.
        output: the folder as the user knows it.
        form: what their files are.

    Raises:
        OutputError: it has not.
    """
    needed = estimated_bytes(segments, form)
    free = shutil.disk_usage(staging).free
    if needed > free:
        raise OutputError(
            f"the history takes about {needed / _MEBI:,.0f} MiB, and the disk of {output} has "
            f"{free / _MEBI:,.0f} MiB free; make room, choose another folder, a shorter --duration "
            "or a longer --step"
        )


def estimated_bytes(segments: Sequence[TimedRun], form: Form) -> float:
    """What the runs' files will hold: between as much and twice as much.

    The first window of full length is simulated, and encoded but not written. Of its bytes some
    come with every window (its index, the beginnings of its chunks), the others with every tick.
    """
    counts = [count for timed in segments for count in window_counts(timed)]
    probe = _probe(max(segments, key=lambda timed: max(window_counts(timed))))
    per_window, per_tick = _of_text(probe) if form == "openmetrics" else _of_block(probe)
    return _MARGIN * (len(counts) * per_window + sum(counts) * per_tick)


def _probe(timed: TimedRun) -> Window:
    """The run's first window that is as long as its longest."""
    counts = window_counts(timed)
    place = counts.index(max(counts))
    end = timed.start + sum(counts[: place + 1]) * timed.step
    *_, window = Run(replace(timed, end=end)).windows()
    return window


def _of_block(window: Window) -> tuple[float, float]:
    """Bytes of a window, and of each of its ticks."""
    found = samples(window.families, window.times)
    n_bytes = block_bytes(found)
    n_series = int(found.is_present.any(axis=1).sum())
    fixed = n_bytes.index + _CHUNK_BYTES * n_series
    return fixed, (n_bytes.chunks - _CHUNK_BYTES * n_series) / len(window.times)


def _of_text(window: Window) -> tuple[float, float]:
    """The same of text: some ticks tell of all."""
    times = window.times[-_TEXT_TICKS:]
    families = [
        replace(
            family,
            series=tuple(
                replace(
                    series,
                    columns=tuple(
                        replace(column, values=column.values[-_TEXT_TICKS:])
                        for column in series.columns
                    ),
                )
                for series in family.series
            ),
            late_seconds=None,
        )
        for family in window.families
    ]
    return 0.0, sum(map(len, openmetrics(families, times))) / len(times)
