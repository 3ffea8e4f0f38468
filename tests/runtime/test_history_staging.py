"""A history's folder after every place where a run may be killed, and after every refusal."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulator.errors import OutputError, StackError
from simulator.mapping.loading import default_mapping
from simulator.runtime.history.presence import TRUTH_FILE, is_there, truth_text
from simulator.runtime.history.staging import has_samples, staged
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCKS = ("01A", "02B", "03C")
MADE = {".backfill.lock", *BLOCKS, TRUTH_FILE}
START, HOUR = 1_794_182_400.0, 3600.0


class KilledError(Exception):
    """Stands for the end of a process: nothing after it is done."""


def write(output: Path) -> None:
    """What a run makes, where it is not there yet: three blocks and the truth."""
    with staged(output) as ready:
        if (output / TRUTH_FILE).exists():
            return
        for name in BLOCKS:
            (ready / name).mkdir()
            (ready / name / "meta.json").write_text("{}")
        (ready / TRUTH_FILE).write_text("true")


def entries(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def delete(entry: Path) -> None:
    if entry.is_dir():
        _REMOVE_FOLDER(entry)
    else:
        os.unlink(entry)  # noqa: PTH108 - Path's own is replaced


_REMOVE_FOLDER = shutil.rmtree


@contextmanager
def changes(*, at_most: int = 1_000) -> Iterator[list[str]]:
    """What is done in folders inside the block; after so many changes it ends as by kill -9."""
    done: list[str] = []

    def step(change: str) -> None:
        if len(done) >= at_most:
            raise KilledError(change)  # over and over: what `finally` would do is not done either
        done.append(change)

    def replaced(entry: Path, target: Path) -> None:
        step(f"move {entry.name}")
        os.replace(entry, target)  # noqa: PTH105 - Path's own is replaced

    def touched(entry: Path) -> None:
        step(f"touch {entry.name}")
        entry.write_text("")

    def unlinked(entry: Path) -> None:
        step(f"remove {entry.name}")
        delete(entry)

    def removed(folder: Path, **_: object) -> None:
        if not folder.exists():
            return
        # entry by entry, in an order that nobody promises: what was made last goes last
        for entry in sorted(folder.rglob("*"), key=lambda e: (e.name != "ready", e.name)):
            step(f"remove {entry.name}")
            if entry.exists():
                delete(entry)
        step(f"remove {folder.name}")
        delete(folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", replaced)
        patch.setattr(Path, "touch", touched)
        patch.setattr(Path, "unlink", unlinked)
        patch.setattr(shutil, "rmtree", removed)
        yield done


@pytest.fixture(scope="module")
def n_changes(tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many changes a run makes that is left alone."""
    folder = tmp_path_factory.mktemp("whole")
    with changes() as done:
        write(folder)
    return len(done)


def there(output: Path) -> Path:
    """A folder that is there before."""
    output.mkdir()
    return output


def killed_after(n: int, output: Path) -> list[str]:
    with changes(at_most=n) as done, pytest.raises(KilledError):
        write(output)
    return done


def test_a_run_may_be_killed_at_its_mark_its_moves_and_when_it_tidies(n_changes: int) -> None:
    assert n_changes >= 1 + len(BLOCKS) + 1 + 3


def test_killed_before_its_mark_it_leaves_nothing_to_load(tmp_path: Path, n_changes: int) -> None:
    for n in range(n_changes):
        output = there(tmp_path / f"{n}")
        done = killed_after(n, output)
        loaded = {name for name in entries(output) if name[0] != "."}
        assert not loaded or "touch complete" in done


def test_wherever_it_was_killed_the_next_run_leaves_all_of_it(
    tmp_path: Path, n_changes: int
) -> None:
    for n in range(n_changes):
        output = there(tmp_path / f"{n}")
        killed_after(n, output)
        write(output)
        assert entries(output) == MADE


def test_killed_after_its_mark_it_is_finished_by_whoever_comes_next(
    tmp_path: Path, n_changes: int
) -> None:
    for n in range(1, n_changes):  # the mark is the first change
        output = there(tmp_path / f"{n}")
        assert "touch complete" in killed_after(n, output)
        with staged(output):
            pass
        assert entries(output) == MADE


def test_blocks_are_there_before_the_truth_is(tmp_path: Path) -> None:
    with changes() as done:
        write(tmp_path)

    assert done[: 2 + len(BLOCKS)] == [
        "touch complete",
        *(f"move {name}" for name in BLOCKS),
        f"move {TRUTH_FILE}",
    ]


def test_a_folder_that_was_not_there_appears_in_one_move(tmp_path: Path) -> None:
    with changes() as done:
        write(tmp_path / "new")

    assert done[0] == "move ready"
    assert not [change for change in done if change.startswith(("move 0", "touch"))]


def test_wherever_it_was_killed_a_new_folder_is_whole_or_not_there(tmp_path: Path) -> None:
    with changes() as done:
        write(tmp_path / "whole")
    for n in range(len(done)):
        output = tmp_path / f"{n}"
        killed_after(n, output)
        assert not output.exists() or entries(output) == {*BLOCKS, TRUTH_FILE}


def test_what_a_run_killed_beside_a_new_folder_left_goes_with_the_next(tmp_path: Path) -> None:
    killed_after(0, tmp_path / "new")
    assert [name for name in entries(tmp_path) if name.startswith(".new.backfill-")]

    write(tmp_path / "new")

    assert entries(tmp_path) == {"new"}


def test_two_runs_are_never_at_work_on_one_new_folder(tmp_path: Path) -> None:
    with staged(tmp_path / "new"), pytest.raises(StackError, match="another backfill is at work"):
        write(tmp_path / "new")


def test_a_folder_that_somebody_made_meanwhile_is_left_alone(tmp_path: Path) -> None:
    def meanwhile() -> None:
        with staged(tmp_path / "new") as ready:
            (ready / "01A").mkdir()
            there(tmp_path / "new")
            (tmp_path / "new" / "mine").touch()

    with pytest.raises(StackError, match="another backfill is at work"):
        meanwhile()

    assert entries(tmp_path / "new") == {"mine"}
    assert entries(tmp_path) == {"new"}


def test_nothing_is_in_the_folder_while_it_is_made(tmp_path: Path) -> None:
    with staged(tmp_path) as ready:
        staging = ready.parent
        (ready / "01A").mkdir()
        assert entries(tmp_path) == {".backfill.lock", staging.name}
        # Prometheus takes names of 26 letters and digits for blocks
        assert staging.name.startswith(".")


def test_what_else_is_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "wal").mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    write(tmp_path)

    assert entries(tmp_path) == MADE | {"wal", "notes.txt"}
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_the_lock_is_let_go_of_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(OutputError), staged(tmp_path):
        raise OSError("no")
    write(tmp_path)

    assert entries(tmp_path) == MADE


def block(folder: Path, name: str, start: float, end: float) -> None:
    (folder / name).mkdir()
    spans = {"minTime": round(start * 1000), "maxTime": round(end * 1000)}
    (folder / name / "meta.json").write_text(json.dumps(spans))


@pytest.fixture
def run() -> TimedRun:
    """Four hours on."""
    return TimedRun(load_scenario("calm"), START, START + 4 * HOUR, 15.0, "lab")


def test_an_empty_folder_holds_nothing(tmp_path: Path, run: TimedRun) -> None:
    assert not is_there([run], tmp_path, "blocks", default_mapping())


def test_blocks_and_truth_of_this_run_are_this_history(tmp_path: Path, run: TimedRun) -> None:
    block(tmp_path, "01A", START + 15, START + 2 * HOUR - 15)
    block(tmp_path, "02B", START + 2 * HOUR, run.end)
    (tmp_path / TRUTH_FILE).write_text(truth_text(run, default_mapping()))

    assert is_there([run], tmp_path, "blocks", default_mapping())


def test_blocks_without_their_truth_are_of_something_else(tmp_path: Path, run: TimedRun) -> None:
    block(tmp_path, "01A", START + 15, run.end)

    with pytest.raises(StackError, match="holds other samples of this time already"):
        is_there([run], tmp_path, "blocks", default_mapping())


@pytest.mark.parametrize("change", [{"seed": 2}, {"name": "other"}])
def test_blocks_of_another_scenario_are_refused(
    tmp_path: Path, run: TimedRun, change: dict[str, object]
) -> None:
    other = run.scenario.model_copy(update=change)
    block(tmp_path, "01A", START + 15, run.end)
    (tmp_path / TRUTH_FILE).write_text(
        truth_text(TimedRun(other, run.start, run.end, run.step, run.instance), default_mapping())
    )

    with pytest.raises(StackError, match=r"\(2026-11-09T00:00:15Z to 2026-11-09T04:00:00Z\)"):
        is_there([run], tmp_path, "blocks", default_mapping())


def test_a_lost_block_is_a_part_of_it(tmp_path: Path, run: TimedRun) -> None:
    block(tmp_path, "01A", START + 15, START + 2 * HOUR - 15)
    (tmp_path / TRUTH_FILE).write_text(truth_text(run, default_mapping()))

    with pytest.raises(StackError, match="holds a part of this history already"):
        is_there([run], tmp_path, "blocks", default_mapping())


@pytest.mark.parametrize(
    ("start", "end", "is_met"),
    [
        (START - 2 * HOUR, START, False),  # its last sample is before the run's first
        (START - 2 * HOUR, START + 0.001, True),
        (START + 4 * HOUR, START + 6 * HOUR, True),
        (START + 4 * HOUR + 0.001, START + 6 * HOUR, False),
    ],
)
def test_only_blocks_of_this_time_are_in_the_way(
    tmp_path: Path, run: TimedRun, start: float, end: float, *, is_met: bool
) -> None:
    block(tmp_path, "01A", start, end)

    if is_met:
        with pytest.raises(StackError, match="other samples of this time"):
            is_there([run], tmp_path, "blocks", default_mapping())
    else:
        assert not is_there([run], tmp_path, "blocks", default_mapping())


def test_the_truth_about_another_time_is_not_written_over(tmp_path: Path, run: TimedRun) -> None:
    block(tmp_path, "01A", START - 2 * HOUR, START - 15)
    earlier = TimedRun(run.scenario, START - 2 * HOUR, START - 15, run.step, run.instance)
    (tmp_path / TRUTH_FILE).write_text(truth_text(earlier, default_mapping()))

    with pytest.raises(StackError, match=r"holds the truth\.json of another history"):
        is_there([run], tmp_path, "blocks", default_mapping())


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("01A/meta.json", True),
        ("wal/00000000", True),
        (".backfill-x/ready/01A/meta.json", False),  # of a run that was killed before its end
        ("lock", False),
    ],
)
def test_a_folder_has_samples_where_a_prometheus_would_find_some(
    tmp_path: Path, file: str, *, expected: bool
) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text('{"minTime": 0, "maxTime": 7200000}')
    assert has_samples(tmp_path) is expected


def test_a_killed_run_that_was_complete_is_finished_before_samples_are_looked_for(
    tmp_path: Path,
) -> None:
    left = tmp_path / ".backfill-x"
    (left / "ready" / "01A").mkdir(parents=True)
    (left / "ready" / "01A" / "meta.json").write_text('{"minTime": 0, "maxTime": 7200000}')
    (left / "complete").touch()
    assert has_samples(tmp_path)
    assert not left.exists()


def test_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert not has_samples(tmp_path / "absent")
