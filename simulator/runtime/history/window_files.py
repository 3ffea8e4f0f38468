"""A window's samples as a file: a block of Prometheus, or OpenMetrics text."""

import hashlib
import json
from pathlib import Path

from simulator.metrics.late_scrapes import scraped_late
from simulator.metrics.openmetrics import openmetrics
from simulator.metrics.samples import samples
from simulator.runtime.history.presence import Form
from simulator.runtime.history.windows import Window
from simulator.scenario.timed_run import TimedRun, timestamp
from simulator.tsdb.blocks import write_block
from simulator.tsdb.ulids import ulid

__all__ = ["write_window"]

_ENTROPY_BYTES = 10


def write_window(window: Window, run: TimedRun, folder: Path, form: Form) -> int:
    """How many samples were written of a window of the run.

    Raises:
        OSError: the disk is full, or the folder cannot be written to.
    """
    if form == "openmetrics":
        return _write_text(window, folder)
    found = scraped_late(samples(window.families, window.times), window.families)
    write_block(found, folder=folder, ulid=_block_name(run, int(found.times_ms[0])))
    return int(found.is_present.sum())


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
