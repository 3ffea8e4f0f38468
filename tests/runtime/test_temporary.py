"""Folders of one run: gone with it, or with the next start after it was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from simulator.runtime.temporary import claimed_folder, living_after_clearing, temporary_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is the system's temporary folder meanwhile."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def killed_run(root: Path) -> Path:
    """The folder of a run that was killed, with something in it."""
    code = (
        "import os, signal, sys, tempfile; tempfile.tempdir = sys.argv[1]\n"
        "from simulator.runtime.temporary import temporary_folder\n"
        "with temporary_folder('days') as folder:\n"
        "    (folder / 'blocks').mkdir(); (folder / 'blocks' / 'chunk').touch()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(root)], timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    (left,) = root.iterdir()
    return left


def test_a_folder_is_private_and_gone_after_the_block(root: Path) -> None:
    with temporary_folder("days") as folder:
        (folder / "file").touch()
        assert folder.parent == root
        assert folder.name.startswith("simulator-days-")
        assert folder.stat().st_mode & 0o777 == 0o700

    assert not list(root.iterdir())


def test_what_a_killed_run_left_goes_with_the_next_start_of_any_kind(root: Path) -> None:
    left = killed_run(root)
    assert (left / "blocks" / "chunk").exists()

    with temporary_folder("plan") as folder:
        assert list(root.iterdir()) == [folder]


def test_what_a_living_run_has_is_never_touched(root: Path) -> None:
    with temporary_folder("days") as living:
        (living / "file").touch()
        with temporary_folder("plan"):
            assert (living / "file").exists()
        assert living_after_clearing(root, "simulator-") == [living]


def test_a_folder_that_nobody_claimed_stays(root: Path) -> None:
    theirs = root / "simulator-of-flights"
    theirs.mkdir(mode=0o700)

    with temporary_folder("days"):
        assert theirs.exists()


def test_a_link_is_never_followed(root: Path, tmp_path: Path) -> None:
    left = killed_run(root)
    target = left.rename(tmp_path / "elsewhere")
    (root / "simulator-days-x").symlink_to(target)

    with temporary_folder("days"):
        assert (target / "blocks" / "chunk").exists()


def test_a_claim_that_is_a_link_is_none(root: Path, tmp_path: Path) -> None:
    left = killed_run(root)
    (left / ".claim").rename(tmp_path / "claim")
    (left / ".claim").symlink_to(tmp_path / "claim")

    with temporary_folder("days"):
        assert (left / "blocks" / "chunk").exists()


def test_what_a_link_in_a_folder_leads_to_stays(root: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").touch()
    with temporary_folder("days") as folder:
        (folder / "link").symlink_to(tmp_path / "mine")

    assert not list(root.iterdir())
    assert (tmp_path / "mine" / "file").exists()


def test_a_folder_of_somebody_else_stays(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = killed_run(root)
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)

    assert living_after_clearing(root, "simulator-") == []
    assert (left / "blocks" / "chunk").exists()


def test_a_folder_into_which_others_may_write_stays(root: Path) -> None:
    left = killed_run(root)
    left.chmod(0o777)

    with temporary_folder("days"):
        assert (left / "blocks" / "chunk").exists()


def test_a_removal_that_was_killed_is_finished_by_the_next(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = killed_run(root)

    def killed(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", killed)
        with pytest.raises(MemoryError):
            living_after_clearing(root, "simulator-")
    assert left.exists()

    assert living_after_clearing(root, "simulator-") == []
    assert not left.exists()


def test_an_interruption_while_it_is_made_leaves_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = tempfile.mkdtemp

    def interrupted(*, prefix: str, dir: Path) -> str:  # noqa: A002 - the name it is called with
        signal.raise_signal(signal.SIGINT)
        return make(prefix=prefix, dir=dir)

    monkeypatch.setattr(tempfile, "mkdtemp", interrupted)
    with pytest.raises(KeyboardInterrupt), claimed_folder(root, "simulator-"):
        pytest.fail("the signal came before")

    assert not list(root.iterdir())
