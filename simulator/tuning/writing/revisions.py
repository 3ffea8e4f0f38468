"""The proposals of a tuning as new contents of the files that hold thresholds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from simulator.errors import TuningError
from simulator.reading import read_bounded
from simulator.tuning.proposing import Proposal
from simulator.tuning.tuning import LevelTuning, Tuning
from simulator.tuning.watched import Watched
from simulator.tuning.writing.dashboard_text import with_numbers
from simulator.tuning.writing.rules_text import RuleChange, with_changes

__all__ = ["Revision", "revisions"]

_MOST_BYTES = 64 * 1024 * 1024

JsonPath = tuple[str | int, ...]
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Revision:
    """A file's content as it is, and with the proposals in it."""

    file: Path
    before: bytes
    after: bytes


def revisions(tuning: Tuning) -> tuple[Revision, ...]:
    """The files that change, each once; those where every setting stays are not among them.

    Raises:
        TuningError: a file cannot be edited in place, or two proposals are for one number.
    """
    numbers: dict[Path, dict[JsonPath, float]] = {}
    changes: dict[Path, dict[JsonPath, RuleChange]] = {}
    for watched, level, proposal in _moved(tuning):
        if watched.place is not None and watched.place.dashboard.file is not None:
            path = _number_path(watched, level)
            _put(numbers, watched.place.dashboard.file, path, proposal.setting.threshold)
        if level.rule is not None:
            change = RuleChange(level.rule.path, proposal.setting.threshold, proposal.setting.hold)
            _put(changes, level.rule.file, level.rule.path, change)
    return (
        *(_dashboard(file, found) for file, found in sorted(numbers.items())),
        *(_rules(file, found) for file, found in sorted(changes.items())),
    )


def _moved(tuning: Tuning) -> Iterator[tuple[Watched, LevelTuning, Proposal]]:
    for part in tuning.parts:
        for level in part.levels:
            if level.proposal is not None and level.is_moved:
                yield part.watched, level, level.proposal


def _number_path(watched: Watched, level: LevelTuning) -> JsonPath:
    """Where the level's number is: `panels[3].fieldConfig...` taken apart."""
    place = watched.place.path if watched.place else ""
    parts = (int(p) if p.isdigit() else p for p in re.split(r"[.\[\]]+", place))
    return (*parts, "steps", watched.alarms.steps[level.level], "value")


def _put(found: dict[Path, dict[JsonPath, _V]], file: Path, path: JsonPath, value: _V) -> None:
    before = found.setdefault(file, {}).setdefault(path, value)
    if before != value:
        where = ".".join(map(str, path))
        raise TuningError(f"{file}: {where}: {before} and {value} are proposed for one place")


def _dashboard(file: Path, numbers: Mapping[JsonPath, float]) -> Revision:
    before = _content(file)
    return Revision(file, before, with_numbers(before, numbers, file))


def _rules(file: Path, changes: Mapping[JsonPath, RuleChange]) -> Revision:
    before = _content(file)
    return Revision(file, before, with_changes(before, tuple(changes.values()), file))


def _content(file: Path) -> bytes:
    return read_bounded(file, most=_MOST_BYTES, error=TuningError)
