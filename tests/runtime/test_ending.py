"""Programs that start while their parent dies, and what is told of an end."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from simulator.runtime.ending import dying_with_parent, exit_description, orphan_notes

if TYPE_CHECKING:
    from pathlib import Path

NEEDS_SETPRIV = pytest.mark.skipif(
    shutil.which("setpriv") is None, reason="setpriv is Linux's (util-linux)"
)


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
    ("code", "said", "reported"),
    [
        (0, "", "prometheus ended with exit code 0"),
        (2, "panic: No Space Left On Device\n\ngoroutine 1 [running]:", "no space left on the dev"),
        (-signal.SIGSEGV, "", "prometheus ended with signal 11 (Segmentation fault)"),
        (-40, "", "prometheus ended with signal 40"),
    ],
)
def test_an_end_is_said_with_its_cause(code: int, said: str, reported: str) -> None:
    assert reported in exit_description("prometheus", code, said)
