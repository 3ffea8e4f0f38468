"""Findings that are known: a file that a check is held against, so that only new ones fail."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulator.checking.check import Found
from simulator.checking.problems import Weight
from simulator.errors import BaselineError
from simulator.json_output import json_text
from simulator.quoting import quoted
from simulator.reading.files import read_text
from simulator.reading.json_text import json_in

__all__ = ["Known", "baseline_text", "known_of", "read_baseline"]

_VERSION: Final = 1
_MOST_BYTES: Final = 16 * 1024 * 1024
_KEYS: Final = ("check", "file", "subject", "message")


@dataclass(frozen=True, slots=True)
class Known:
    """A finding as a baseline holds it: with what it says, so that a new number is a new one.

    `file` is as seen from the baseline's folder; lines are not in it, because they move.
    """

    check: str
    file: str
    subject: str
    message: str


def known_of(found: Found, folder: Path) -> Known:
    """A finding as a baseline in this folder holds it."""
    problem = found.problem
    file = problem.place.file
    try:
        inside = file.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        inside = file.as_posix()
    return Known(found.check.id, inside, problem.subject, problem.message)


def baseline_text(every: Iterable[Found], folder: Path) -> str:
    """The file for a baseline of all findings among these, in one order whatever theirs is."""
    known = {known_of(one, folder) for one in every if one.problem.weight is Weight.FINDING}
    entries = sorted(
        ({key: getattr(one, key) for key in _KEYS} for one in known),
        key=lambda entry: tuple(entry.values()),
    )
    return json_text({"version": _VERSION, "findings": entries})


def read_baseline(file: Path) -> frozenset[Known]:
    """What a baseline holds.

    Raises:
        BaselineError: the file cannot be read, or is none; one line for each problem.
    """
    text = read_text(file, most=_MOST_BYTES, error=BaselineError)
    found = json_in(text, file, error=BaselineError)
    if not isinstance(found, dict) or found.get("version") != _VERSION:
        what = quoted(found.get("version") if isinstance(found, dict) else found)
        raise BaselineError(f"{file}: a baseline of version {_VERSION} is wanted, found {what}")
    entries = found.get("findings")
    if not isinstance(entries, list):
        raise BaselineError(f"{file}: findings: a list is wanted, found {quoted(entries)}")
    problems = [
        f"{file}: findings.{index}: texts are wanted for {', '.join(_KEYS)}, found {quoted(one)}"
        for index, one in enumerate(entries)
        if not isinstance(one, dict) or not all(isinstance(one.get(key), str) for key in _KEYS)
    ]
    if problems:
        raise BaselineError("\n".join(problems))
    return frozenset(Known(*(str(one[key]) for key in _KEYS)) for one in entries)
