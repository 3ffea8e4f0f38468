"""Programs and workers that start while their parent dies, and what is told of an end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from simulator.runtime.ending import dying_with_parent, exit_description, orphan_notes
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

NEEDS_SETPRIV = pytest.mark.skipif(
    shutil.which("setpriv") is None, reason="setpriv is Linux's (util-linux)"
)
# A worker that is slow to start, as on a busy machine: its parent is gone before it is ready.
WORKER = """\
import multiprocessing, os, pathlib, signal, sys, time

def work(stopping, parent, folder):
    (folder / "begun").touch()
    while os.getppid() == parent:
        time.sleep(0.01)
    from simulator.runtime.history.conversion import prepare_worker
    (folder / "pid").write_text(f"{os.getpid()}\\n")
    prepare_worker(stopping)
    time.sleep(60)

if __name__ == "__main__":
    context, folder = multiprocessing.get_context("spawn"), pathlib.Path(sys.argv[1])
    work_on = (context.Event(), os.getpid(), folder)
    context.Process(target=work, args=work_on).start()
    while not (folder / "begun").exists():
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_worker_whose_parent_died_before_it_was_ready_ends(tmp_path: Path) -> None:
    script, told = tmp_path / "parent.py", tmp_path / "pid"
    script.write_text(WORKER)
    with (tmp_path / "log").open("wb") as log:
        argv = [sys.executable, str(script), str(tmp_path)]
        subprocess.run(argv, stdout=log, stderr=log, timeout=60, check=False)
    wait_until(lambda: told.exists() and told.read_text().endswith("\n"), "the worker begins")
    pid = int(told.read_text())
    try:
        wait_until(lambda: not psutil.pid_exists(pid), "the worker ends")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@NEEDS_SETPRIV
def test_a_program_whose_parent_is_gone_is_not_begun(tmp_path: Path) -> None:
    *begin, _parent = dying_with_parent()

    subprocess.run([*begin, "1", "touch", str(tmp_path / "begun")], timeout=10, check=False)

    assert not (tmp_path / "begun").exists()


@NEEDS_SETPRIV
def test_a_program_whose_parent_is_there_is_begun_with_its_words(tmp_path: Path) -> None:
    command = [*dying_with_parent(), "touch", str(tmp_path / "a b"), str(tmp_path / "$HOME")]
    subprocess.run(command, timeout=10, check=True)

    assert {file.name for file in tmp_path.iterdir()} == {"a b", "$HOME"}


def test_where_programs_outlive_a_killed_simulator_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    assert dying_with_parent() == []
    assert "kill -9 of the simulator leaves its programs running" in orphan_notes()[0]


@NEEDS_SETPRIV
def test_where_they_do_not_nothing_is_said() -> None:
    assert orphan_notes() == ()


@pytest.mark.parametrize(
    ("code", "said", "told"),
    [
        (0, "", "promtool ended with exit code 0"),
        (2, "panic: No Space Left On Device\n\ngoroutine 1 [running]:", "no space left on the dev"),
        (-signal.SIGSEGV, "", "promtool ended with signal 11 (Segmentation fault)"),
        (-40, "", "promtool ended with signal 40"),
    ],
)
def test_an_end_is_said_with_its_cause(code: int, said: str, told: str) -> None:
    assert told in exit_description("promtool", code, said)
