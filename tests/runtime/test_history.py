"""A history's files: cut where blocks end, whole or not at all, and refusals in one sentence."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import OutputError, StackError
from simulator.mapping.loading import default_mapping
from simulator.runtime.history import writing
from simulator.runtime.history.staging import block_ranges, staged
from simulator.runtime.history.windows import BLOCK_SECONDS, Run, tick_count, window_counts
from simulator.runtime.history.writing import write_history
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.progress import Progress

CALM = load_scenario("calm")
START, STEP = 1_794_182_400.0, 60.0  # on a boundary of blocks


def hours(n: float, *, start: float = START, step: float = STEP) -> TimedRun:
    return TimedRun(CALM, start, start + n * 3600.0, step, "lab")


@given(
    start=st.integers(0, 10**10),
    step=st.sampled_from([0.1, 0.25, 1.0, 7.0, 15.0, 60.0, 3600.0]),
    n_ticks=st.integers(1, 3000),
)
def test_windows_hold_every_tick_once_and_no_boundary(
    start: int, step: float, n_ticks: int
) -> None:
    truth = TimedRun(CALM, float(start), start + n_ticks * step, step, "lab")
    counts = window_counts(truth)
    assert sum(counts) == tick_count(truth) == n_ticks
    before = 0
    for count in counts:
        first, last = (round((start + (before + n) * step) * 1000) for n in (1, count))
        block = BLOCK_SECONDS * 1000
        assert first // block == last // block
        before += count


def test_a_run_shorter_than_a_tick_is_refused() -> None:
    with pytest.raises(ValueError, match="14 s hold no tick of 15 s"):
        tick_count(TimedRun(CALM, 0.0, 14.0, 15.0, "lab"))


def test_each_run_is_made_when_the_one_before_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A simulation takes tens of megabytes: twenty days of them would be a gigabyte."""
    made: list[Run] = []

    def run(*args: Any, **kwargs: Any) -> Run:  # noqa: ANN401 - passed on
        made.append(Run(*args, **kwargs))
        return made[-1]

    monkeypatch.setattr(writing, "Run", run)
    days = [hours(1, start=START + n * BLOCK_SECONDS) for n in range(3)]
    seen: list[tuple[int, int]] = []
    found = write_history(
        days, tmp_path / "days", report=lambda p: seen.append((p.done, len(made)))
    )

    assert [n_made - done for done, n_made in seen] == [0] * 4
    assert found.series == len(set().union(*(one.series for one in made)))


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five hours as text, from the middle of a block's time."""
    folder = tmp_path_factory.mktemp("texts")
    write_history([hours(5, start=START + 4 * 3600)], folder, form="openmetrics")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in sorted(folder.iterdir()) if f.suffix != ".lock"}


def test_a_file_is_named_by_its_first_sample(texts: Path) -> None:
    assert [file for file in contents(texts) if file.endswith(".om")] == [
        "20261109T040100Z.om",
        "20261109T060000Z.om",
    ]


def test_boundaries_lose_and_double_no_tick(texts: Path) -> None:
    text = "".join(file.read_text() for file in sorted(texts.glob("*.om")))
    times = re.findall(r"^kafka_brokers\{.*\} \d+ (\d+)$", text, re.MULTILINE)
    assert times == [f"{START + 4 * 3600 + STEP * n:.0f}" for n in range(1, 301)]


def test_counters_go_on_over_boundaries(texts: Path) -> None:
    text = "".join(file.read_text() for file in sorted(texts.glob("*.om")))
    counts = re.findall(r"^scoring_credit_score_count\{.*\} (\d+) \d+$", text, re.MULTILINE)
    assert len(counts) == 300
    assert (np.diff(np.array(counts, dtype=np.int64)) > 0).all()


def test_each_file_is_whole_by_itself(texts: Path) -> None:
    for file in texts.glob("*.om"):
        text = file.read_text()
        assert text.endswith("\n# EOF\n")
        assert text.count("# TYPE kafka_brokers gauge\n") == 1


def test_the_truth_goes_with_the_samples(texts: Path) -> None:
    truth = json.loads((texts / "truth.json").read_text())
    names = default_mapping()
    assert truth.pop("mapping") == {"name": "default", "digest": names.digest}
    assert truth == json.loads(json.dumps(hours(5, start=START + 4 * 3600).as_json()))
    assert (truth["start"], truth["scenario"]["seed"]) == ("2026-11-09T04:00:00Z", CALM.seed)


def test_the_same_again_is_the_same_bytes(texts: Path, tmp_path: Path) -> None:
    write_history([hours(5, start=START + 4 * 3600)], tmp_path, form="openmetrics")
    assert contents(tmp_path) == contents(texts)


def test_what_is_there_is_not_written_again(texts: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in texts.glob("*[mn]")}
    reports: list[Progress] = []
    again = write_history(
        [hours(5, start=START + 4 * 3600)], texts, form="openmetrics", report=reports.append
    )
    assert (again.is_new, reports) == (False, [])
    assert {file: file.stat().st_mtime_ns for file in before} == before


def test_other_samples_are_not_mixed_with_these(texts: Path) -> None:
    with pytest.raises(StackError, match=r"holds other samples .*20261109T040100Z\.om and 1 more"):
        write_history([hours(4, start=START + 4 * 3600)], texts, form="openmetrics")


def test_a_part_of_it_is_not_taken_for_the_whole(tmp_path: Path) -> None:
    write_history([hours(7)], tmp_path, form="openmetrics")
    next(tmp_path.glob("*.om")).unlink()
    with pytest.raises(StackError, match="holds a part of this history already"):
        write_history([hours(7)], tmp_path, form="openmetrics")


def test_runs_one_after_the_other_are_files_of_their_own(tmp_path: Path) -> None:
    reports: list[Progress] = []
    one, other = hours(1), hours(5, start=START + 3600)
    written = write_history([one, other], tmp_path, form="openmetrics", report=reports.append)
    assert [f.name for f in sorted(tmp_path.glob("*"))] == [
        ".backfill.lock",
        "20261109T000100Z.om",
        "20261109T010100Z.om",
        "20261109T060000Z.om",
    ]
    assert [(r.done, r.total) for r in reports] == [(n, 3) for n in range(4)]
    assert written.samples == sum(
        line[0] != "#" for f in tmp_path.glob("*.om") for line in f.read_text().splitlines()
    )


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with staged(tmp_path) as ready:
            (ready / "block").mkdir()
            raise StackError("it failed")

    with pytest.raises(StackError, match="it failed"):
        fail()
    assert [f.name for f in tmp_path.iterdir()] == [".backfill.lock"]


def test_a_full_disk_is_said_in_one_sentence(tmp_path: Path) -> None:
    def fill() -> None:
        with staged(tmp_path):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OutputError, match=r"cannot keep a history in .*: No space left on device"):
        fill()
    assert [f.name for f in tmp_path.iterdir()] == [".backfill.lock"]


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / ".backfill-x" / "ready" / "01ABC"
    left.mkdir(parents=True)
    with staged(tmp_path) as ready:
        (ready / "truth.json").touch()
    assert sorted(f.name for f in tmp_path.iterdir()) == [".backfill.lock", "truth.json"]


def test_a_run_killed_while_it_moved_is_finished(tmp_path: Path) -> None:
    left = tmp_path / ".backfill-x"
    (left / "ready" / "01ABC").mkdir(parents=True)
    (left / "complete").touch()
    with staged(tmp_path):
        pass
    assert sorted(f.name for f in tmp_path.iterdir()) == [".backfill.lock", "01ABC"]


def test_two_runs_in_one_folder_do_not_meet(tmp_path: Path) -> None:
    def second() -> None:
        with staged(tmp_path):
            pass

    with staged(tmp_path), pytest.raises(StackError, match="another backfill is at work"):
        second()


@pytest.mark.parametrize("make", ["a file", "a file above"])
def test_a_folder_that_cannot_be_is_refused(tmp_path: Path, make: str) -> None:
    (tmp_path / "file").touch()
    output = tmp_path / "file" if make == "a file" else tmp_path / "file" / "below"

    def begin() -> None:
        with staged(output):
            pass

    with pytest.raises(OutputError, match=f"cannot keep a history in {re.escape(str(output))}: "):
        begin()


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)

    def begin() -> None:
        with staged(tmp_path):
            pass

    with pytest.raises(OutputError, match="Permission denied"):
        begin()


def test_only_blocks_have_a_range(tmp_path: Path) -> None:
    for name, text in (("01A", '{"minTime": 1000, "maxTime": 3500}'), ("02B", "{"), ("03C", "[]")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "meta.json").write_text(text)
    assert block_ranges(tmp_path) == [(1.0, 3.5)]
