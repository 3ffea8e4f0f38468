"""Folders of one run, which are gone when it is; those of a killed run go with the next start.

A run holds a lock on a file in its folder for as long as it lives; the lock goes with the process,
however it ends. A folder of the same user whose lock can be had belongs to nobody any more.
"""

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from simulator.errors import StackError
from simulator.runtime.process_signals import signals_held_back

__all__ = ["claimed_folder", "living_after_clearing", "temporary_folder"]

_FAMILY: Final = "simulator-"
_CLAIM: Final = ".claim"


@contextmanager
def temporary_folder(purpose: str) -> Iterator[Path]:
    """A folder in the system's temporary one, which is gone after the block.

    What runs of this user left there that were killed is removed before.

    Raises:
        StackError: it cannot be made.
    """
    root = Path(tempfile.gettempdir())
    with ExitStack() as made:
        try:
            living_after_clearing(root, _FAMILY)
            folder = made.enter_context(claimed_folder(root, f"{_FAMILY}{purpose}-"))
        except OSError as error:
            raise StackError(f"no folder can be made in {root}: {error.strerror}") from error
        yield folder


@contextmanager
def claimed_folder(root: Path, prefix: str) -> Iterator[Path]:
    """A new folder with a name that begins so, which is gone after the block.

    Raises:
        OSError: it cannot be made.
    """
    with ExitStack() as undo:
        with signals_held_back():
            folder = Path(tempfile.mkdtemp(prefix=prefix, dir=root)).resolve()
            undo.callback(_removed, folder)
            # locked before it has its name, so that nobody takes it for one of a killed run
            new = folder / f"{_CLAIM}.new"
            undo.callback(os.close, _locked(new, os.O_CREAT | os.O_EXCL))
            new.rename(folder / _CLAIM)
        undo.callback(_removed, folder)  # while it is still claimed
        yield folder


def living_after_clearing(root: Path, prefix: str) -> list[Path]:
    """The folders with such names that living runs of this user have; those of dead ones go.

    Whatever is not a folder of this user with a claim in it is left alone.
    """
    living = []
    for folder in root.iterdir():
        if not folder.name.startswith(prefix) or not _is_ours(folder):
            continue
        try:
            claim = _locked(folder / _CLAIM)
        except BlockingIOError:
            living.append(folder)
            continue
        except OSError:
            continue  # no claim: not one of these
        try:
            _removed(folder)
        finally:
            os.close(claim)
    return living


def _is_ours(folder: Path) -> bool:
    """Whether it is a real folder of this user, into which nobody else can write."""
    try:
        found = folder.lstat()
    except OSError:  # it went meanwhile
        return False
    is_private = not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and is_private


def _locked(file: Path, flags: int = 0) -> int:
    """The descriptor of a file, locked for as long as it is open.

    Raises:
        BlockingIOError: somebody else has the lock.
        OSError: there is no such file, or it is a link.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _removed(folder: Path) -> None:
    """Removes all of it, the claim last, so that whatever stops this leaves it to the next.

    Programs may still be writing when their parent is gone already; then the next start does it.
    """
    with signals_held_back(), suppress(OSError):
        for entry in folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            elif entry.name != _CLAIM:
                entry.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
