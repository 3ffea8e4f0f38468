"""A history's size is known from its first window, and refused where there is no space for it."""

from __future__ import annotations

import math
import re
import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from simulator.errors import OutputError
from simulator.runtime.history.space import estimated_bytes
from simulator.runtime.history.window_files import written_windows
from simulator.runtime.history.windows import Run
from simulator.runtime.history.writing import write_history
from simulator.scenario.draws.drawing import drawn_on_clock
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.progress import Progress
    from simulator.runtime.history.presence import Form

START = 1_794_182_400.0  # on a boundary of blocks, at midnight


def run_of(name: str, hours: float, step: float, *, start: float = START) -> TimedRun:
    scenario = drawn_on_clock(load_scenario(name), start).scenario
    return TimedRun(scenario, start, start + round(hours * 3600 / step) * step, step, "l")


def bytes_in(folder: Path) -> int:
    files = (file for file in folder.rglob("*") if file.is_file() and file.suffix != ".json")
    return sum(file.stat().st_size for file in files)


@pytest.mark.parametrize(
    ("name", "hours", "step", "form"),
    [
        ("calm", 24.0, 60.0, "blocks"),
        ("calm", 48.0, 3600.0, "blocks"),
        ("calm", 0.5, 1.0, "blocks"),
        ("tour", 24.0, 60.0, "blocks"),
        ("on-call", 24.0, 300.0, "blocks"),
        ("tour", 24.0, 600.0, "openmetrics"),
        ("calm", 0.01, 1.0, "openmetrics"),
    ],
)
def test_the_estimate_is_what_is_written_or_up_to_twice_that(
    tmp_path: Path, name: str, hours: float, step: float, form: Form
) -> None:
    estimate_holds(run_of(name, hours, step), tmp_path, form)


@pytest.mark.parametrize("form", ["blocks", "openmetrics"])
def test_a_first_window_that_is_short_does_not_mislead_it(tmp_path: Path, form: Form) -> None:
    estimate_holds(run_of("calm", 8.0, 120.0, start=START + 7200.0 - 240.0), tmp_path, form)


def test_a_first_run_that_is_short_does_not_mislead_it_either(tmp_path: Path) -> None:
    runs = [run_of("calm", 0.02, 60.0), run_of("tour", 12.0, 60.0, start=START + 86_400.0)]
    assert 1.0 <= estimated(runs, tmp_path, "blocks") / bytes_in(tmp_path) <= 2.0


def estimate_holds(run: TimedRun, tmp_path: Path, form: Form) -> None:
    assert 1.0 <= estimated([run], tmp_path, form) / bytes_in(tmp_path) <= 2.0


def estimated(runs: list[TimedRun], folder: Path, form: Form) -> float:
    """The estimate from the first of the longest windows; all are written to the folder."""
    windows = [one for run in runs for one in written_windows(Run(run), folder, form)]
    counts = [one.ticks for one in windows]
    return estimated_bytes(windows[counts.index(max(counts))], counts)


@pytest.mark.parametrize("form", ["blocks", "openmetrics"])
def test_what_the_disk_has_no_space_for_is_refused_before_anything_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Form
) -> None:
    run = run_of("calm", 3.0, 60.0)
    (measured := tmp_path / "measured").mkdir()
    needed = math.ceil(estimated([run], measured, form))
    shutil.rmtree(measured)
    reports: list[Progress] = []

    def write(free: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
        write_history([run], tmp_path / "history", form=form, report=reports.append)

    with pytest.raises(OutputError) as refused:
        write(needed - 1)
    said = r"takes about [\d,]+ MiB, and the disk of .* has [\d,]+ MiB free; make room, choose .*"
    assert re.search(said, str(refused.value))
    assert (list(tmp_path.iterdir()), [one.done for one in reports]) == ([], [0])
    write(needed)
    assert (tmp_path / "history").is_dir()
