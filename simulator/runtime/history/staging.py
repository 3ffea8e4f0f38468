"""A folder's history appears whole or not at all: it is made beside, and moved in at the end.

A folder that is not there yet is made beside its place and appears in one rename: nobody ever sees
half of it.

In a folder that is there, which somebody may be in or have mounted, what is made is in a folder
whose name no Prometheus takes for a block. Once everything in it is complete, it says so; then its
entries are moved out, one after the other. A run that was killed before leaves nothing to be
loaded, and the next one removes it; one killed while it moved is finished by the next.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simulator.errors import OutputError, StackError
from simulator.reading.files import read_text
from simulator.reading.json_text import json_in
from simulator.runtime.process_signals import signals_held_back
from simulator.runtime.temporary import claimed_folder, living_after_clearing
from simulator.timeline.moments import LAST_MOMENT

__all__ = ["STORAGE_FOLDER", "BlockRange", "block_ranges", "has_samples", "staged"]

STORAGE_FOLDER = "prometheus-data"
"""Prometheus's data in the folder that a stack keeps; blocks that are there already it serves."""

_PREFIX = ".backfill-"
_LOCK = ".backfill.lock"
_COMPLETE = "complete"
_READY = "ready"
_LONGEST_NAME = 100  # of what a folder is to be called, in the name of the one it is made in
_MOST_META_BYTES = 1024 * 1024

BlockRange = tuple[float, float]
"""The first and the last moment of a block, unix seconds, the last not included."""


@contextmanager
def staged(output: Path) -> Iterator[Path]:
    """A folder for what is to appear in `output` when the block is left well.

    Raises:
        StackError: another run is at work there.
        OutputError: the folder cannot be made or written to, or the disk is full.
    """
    with (
        _as_output_errors(output),
        _inside(output) if output.exists() else _beside(output) as made,
    ):
        yield made


@contextmanager
def _beside(output: Path) -> Iterator[Path]:
    """For a folder that is not there: the whole of it, which gets its name at the end."""
    output.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{output.name[:_LONGEST_NAME]}{_PREFIX}"
    if living_after_clearing(output.parent, prefix):
        raise _at_work(output)
    with claimed_folder(output.parent, prefix) as staging:
        ready = staging / _READY
        ready.mkdir()
        yield ready
        _sync(*ready.rglob("*"), ready)
        try:
            ready.replace(output)
        except OSError as error:
            raise _at_work(output) if output.exists() else error from error
        _sync(output.parent)


@contextmanager
def _inside(output: Path) -> Iterator[Path]:
    """For a folder that is there: what appears in it beside what it has."""
    with _locked(output):
        _clear_up(output)
        staging = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=output))
        try:
            ready = staging / _READY
            ready.mkdir()
            yield ready
            _sync(*ready.rglob("*"), ready)
            (staging / _COMPLETE).touch()
            _publish(staging, output)
        finally:
            with signals_held_back():
                if not (staging / _COMPLETE).exists():
                    shutil.rmtree(staging, ignore_errors=True)


def block_ranges(folder: Path) -> list[BlockRange]:
    """What the blocks in a folder span, as their meta.json tells."""
    found = []
    for meta in sorted(folder.glob("*/meta.json")):
        try:
            text = read_text(meta, most=_MOST_META_BYTES, error=OutputError)
            meta_json: Any = json_in(text, meta, error=OutputError)
            span = (meta_json["minTime"] / 1000.0, meta_json["maxTime"] / 1000.0)
        except (OutputError, LookupError, TypeError, OverflowError):
            continue  # not a block
        if span[0] <= span[1] <= LAST_MOMENT:
            found.append(span)
    return found


def has_samples(output: Path) -> bool:
    """Whether a Prometheus has, or would find, any samples in its data folder.

    What a killed run left there is removed or finished first.

    Raises:
        StackError: another run is at work there.
        OutputError: the folder cannot be written to.
    """
    if not output.exists():
        return False
    with _as_output_errors(output), _locked(output):
        _clear_up(output)
        return bool(block_ranges(output)) or any((output / "wal").glob("*"))


@contextmanager
def _as_output_errors(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = error.strerror or error
        raise OutputError(f"cannot keep a history in {output}: {said}") from error


@contextmanager
def _locked(output: Path) -> Iterator[None]:
    """One run at a time; the lock goes with the process, however it ends."""
    with (output / _LOCK).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _at_work(output) from error
        yield


def _at_work(output: Path) -> StackError:
    return StackError(
        f"another backfill is at work in {output}; wait for it, or choose another folder"
    )


def _clear_up(output: Path) -> None:
    """Removes what killed runs left unfinished, and finishes what was complete."""
    for left in output.glob(f"{_PREFIX}*"):
        if (left / _COMPLETE).exists():
            _publish(left, output)
        else:
            shutil.rmtree(left)


def _publish(staging: Path, output: Path) -> None:
    """Moves everything in, folders first: a file such as truth.json tells that they are there."""
    entries = sorted((staging / _READY).iterdir(), key=lambda entry: (entry.is_file(), entry.name))
    for entry in entries:
        entry.replace(output / entry.name)
    _sync(output)
    (staging / _COMPLETE).unlink()  # first: a folder without it needs nothing but to be removed
    shutil.rmtree(staging)


def _sync(*paths: Path) -> None:
    """Names and contents are on the disk before anyone is told that they are complete."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
