"""Windows of samples as files: each a block of Prometheus, or OpenMetrics text."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from simulator.metrics.late_scrapes import is_scraped, scraped_late
from simulator.metrics.openmetrics import openmetrics
from simulator.metrics.samples import samples
from simulator.metrics.staleness import with_staleness_marks
from simulator.runtime.history.presence import Form
from simulator.runtime.history.windows import Run, Window
from simulator.scenario.timed_run import TimedRun, timestamp
from simulator.tsdb.blocks import write_block
from simulator.tsdb.ulids import ulid

__all__ = ["written_windows"]

_ENTROPY_BYTES = 10


def written_windows(run: Run, folder: Path, form: Form) -> Iterator[int]:
    """How many samples each window of a run has, once it is written.

    Blocks have staleness marks besides, which text cannot say.

    Raises:
        OSError: the disk is full, or the folder cannot be written to.
    """
    return _texts(run, folder) if form == "openmetrics" else _blocks(run, folder)


def _blocks(run: Run, folder: Path) -> Iterator[int]:
    were_present = None
    for window in run.windows():
        found = samples(window.families, window.times)
        scrapes = is_scraped(window.families, len(window.times))
        marked, were_present = with_staleness_marks(found, scrapes, were_present)
        name = _block_name(run.timed, int(found.times_ms[0]))
        write_block(scraped_late(marked, window.families), folder=folder, ulid=name)
        yield int(np.count_nonzero(found.is_present & scrapes))


def _texts(run: Run, folder: Path) -> Iterator[int]:
    for window in run.windows():
        yield _write_text(window, folder)


def _write_text(window: Window, folder: Path) -> int:
    """A text named by its first sample, such as 20261124T100015Z.om."""
    name = timestamp(float(window.times[0])).replace("-", "").replace(":", "") + ".om"
    n_samples = 0
    with (folder / name).open("w", encoding="utf-8") as file:
        for part in openmetrics(window.families, window.times):
            n_samples += part.count("\n") if not part.startswith("#") else 0
            file.write(part)
    return n_samples


def _block_name(run: TimedRun, first_ms: int) -> str:
    """Of the same samples the same, of others another one."""
    digest = hashlib.sha256(json.dumps(run.as_json()).encode()).digest()
    return ulid(first_ms, entropy=digest[:_ENTROPY_BYTES])
