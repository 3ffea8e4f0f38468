"""Windows of samples as files: each a block of Prometheus, or OpenMetrics text."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from simulator.metrics.late_scrapes import is_scraped, scraped_late
from simulator.metrics.openmetrics import openmetrics
from simulator.metrics.samples import samples
from simulator.metrics.staleness import with_staleness_marks
from simulator.runtime.history.one_ahead import one_ahead
from simulator.runtime.history.presence import Form
from simulator.runtime.history.windows import Run, Window
from simulator.scenario.timed_run import TimedRun, timestamp
from simulator.tsdb.blocks import write_block
from simulator.tsdb.ulids import ulid

__all__ = ["Written", "written_windows"]

_ENTROPY_BYTES = 10
_CHUNK_BYTES: Final = 24
"""Of a chunk before its second sample: length, encoding, count, time, value and checksum."""


@dataclass(frozen=True, slots=True)
class Written:
    """A window on the disk.

    Its files have `fixed_bytes` however short it is, and `bytes_per_tick` besides.
    """

    samples: int
    ticks: int
    fixed_bytes: float
    bytes_per_tick: float


def written_windows(run: Run, folder: Path, form: Form) -> Iterator[Written]:
    """Each window of a run, once it is written.

    Blocks have staleness marks besides, which text cannot say.

    Raises:
        OSError: the disk is full, or the folder cannot be written to.
    """
    return _texts(run, folder) if form == "openmetrics" else _blocks(run, folder)


def _blocks(run: Run, folder: Path) -> Iterator[Written]:
    were_present, entropy = None, _entropy(run.timed)
    for window in one_ahead(run.windows()):
        found = samples(window.families, window.times)
        scrapes = is_scraped(window.families, len(window.times))
        marked, were_present = with_staleness_marks(found, scrapes, were_present)
        name = ulid(int(found.times_ms[0]), entropy=entropy)
        block = write_block(scraped_late(marked, window.families), folder=folder, ulid=name)
        n_samples = int(np.count_nonzero(found.is_present & scrapes))
        n_series = int(marked.is_present.any(axis=1).sum())
        yield _measured(block, n_samples, len(window.times), n_series)


def _measured(block: Path, n_samples: int, n_ticks: int, n_series: int) -> Written:
    chunk_bytes = sum(file.stat().st_size for file in (block / "chunks").iterdir())
    beginnings = _CHUNK_BYTES * n_series
    fixed = (block / "index").stat().st_size + beginnings
    return Written(n_samples, n_ticks, fixed, (chunk_bytes - beginnings) / n_ticks)


def _texts(run: Run, folder: Path) -> Iterator[Written]:
    for window in one_ahead(run.windows()):
        yield _write_text(window, folder)


def _write_text(window: Window, folder: Path) -> Written:
    """A text named by its first sample, such as 20261124T100015Z.om."""
    name = timestamp(float(window.times[0])).replace("-", "").replace(":", "") + ".om"
    n_samples = 0
    with (folder / name).open("w", encoding="utf-8") as file:
        for part in openmetrics(window.families, window.times):
            n_samples += part.count("\n") if not part.startswith("#") else 0
            file.write(part)
    n_bytes, n_ticks = (folder / name).stat().st_size, len(window.times)
    return Written(n_samples, n_ticks, 0.0, n_bytes / n_ticks)


def _entropy(run: TimedRun) -> bytes:
    """What tells blocks of different samples apart: of the same samples it is the same."""
    return hashlib.sha256(json.dumps(run.as_json()).encode()).digest()[:_ENTROPY_BYTES]
