"""The proposals of a tuning as new contents of the files that hold thresholds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from simulator.errors import TuningError
from simulator.quoting import shortened
from simulator.reading.files import read_bounded
from simulator.reading.json_text import json_in
from simulator.rules.model import Place
from simulator.rules.reading import groups_in
from simulator.tuning.choosing.proposing import Proposal
from simulator.tuning.judging.judgements import Setting
from simulator.tuning.monitors.alert_rules import AlertRule, alert_rules
from simulator.tuning.monitors.monitor import Monitor
from simulator.tuning.results import LevelTuning, Tuning
from simulator.tuning.writing.dashboard_text import with_numbers
from simulator.tuning.writing.edits import place, utf8_text
from simulator.tuning.writing.rules_text import RuleChange, with_changes

__all__ = ["Revision", "left_out", "revisions"]

_MOST_BYTES = 64 * 1024 * 1024

JsonPath = tuple[str | int, ...]
_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Revision:
    """A file's content as it is, and with the proposals in it; why some could not be put there."""

    file: Path
    before: bytes
    after: bytes
    refused: tuple[str, ...] = ()


def revisions(tuning: Tuning, *, is_forced: bool = False) -> tuple[Revision, ...]:
    """The files that change, each once; those where every setting stays are not among them.

    What was chosen from too little is left as it is unless that `is_forced`.

    Raises:
        TuningError: a file cannot be edited in place, or two proposals are for one number.
    """
    numbers: dict[Path, dict[JsonPath, tuple[float, float]]] = {}
    changes: dict[Path, dict[Place, tuple[AlertRule, Setting]]] = {}
    for monitor, level, proposal in _moved(tuning, is_forced=is_forced):
        if monitor.place is not None and monitor.place.dashboard.file is not None:
            path = _number_path(monitor, level)
            change = (level.today.threshold, proposal.setting.threshold)
            file = monitor.place.dashboard.file
            _put(numbers.setdefault(file, {}), path, change, place(file, path))
        if level.rule is not None:
            at = level.rule.place
            _put(changes.setdefault(at.file, {}), at, (level.rule, proposal.setting), str(at))
    return (
        *(_dashboard(file, found) for file, found in sorted(numbers.items())),
        *(_rules(file, found) for file, found in sorted(changes.items())),
    )


def left_out(tuning: Tuning) -> tuple[str, ...]:
    """Which proposals are not written unless that is forced, and why."""
    return tuple(
        f"{part.monitor.name} {level.level}: {level.why_not_written}"
        for part in tuning.parts
        for level in part.levels
        if level.is_moved and level.why_not_written
    )


def _moved(tuning: Tuning, *, is_forced: bool) -> Iterator[tuple[Monitor, LevelTuning, Proposal]]:
    for part in tuning.parts:
        for level in part.levels:
            is_written = is_forced or not level.why_not_written
            if level.proposal is not None and level.is_moved and is_written:
                yield part.monitor, level, level.proposal


def _number_path(monitor: Monitor, level: LevelTuning) -> JsonPath:
    """Where the level's number is: `panels[3].fieldConfig...` taken apart."""
    where = monitor.place.path if monitor.place else ""
    parts = (int(p) if p.isdigit() else p for p in re.split(r"[.\[\]]+", where))
    return (*parts, "steps", monitor.alarms.steps[level.level], "value")


def _put(found: dict[_K, _V], at: _K, value: _V, where: str) -> None:
    before = found.setdefault(at, value)
    if before != value:
        raise TuningError(f"{where}: {before} and {value} are proposed for one place")


def _dashboard(file: Path, numbers: Mapping[JsonPath, tuple[float, float]]) -> Revision:
    before = _content(file)
    text = utf8_text(before, file).removeprefix("\ufeff")
    document = json_in(text, file, error=TuningError, has_unique_keys=False)
    for path, (today, _) in numbers.items():
        if _at(document, path) != today:
            raise TuningError(f"{place(file, path)}: no longer {today:g}: tune again")
    wanted = {path: proposed for path, (_, proposed) in numbers.items()}
    return Revision(file, before, with_numbers(before, wanted, file))


def _rules(file: Path, changes: Mapping[Place, tuple[AlertRule, Setting]]) -> Revision:
    before = _content(file)
    groups = groups_in(utf8_text(before, file).removeprefix("\ufeff"), file)
    now = {rule.place: rule for rule in alert_rules(groups, {})}
    for at, (rule, _) in changes.items():
        if now.get(at) is None or _written(now[at]) != _written(rule):
            raise TuningError(f"{at}: {shortened(rule.name)} has changed: tune again")
    wanted = [RuleChange(at, one.threshold, one.hold) for at, (_, one) in changes.items()]
    editable, refused = _editable(before, wanted, file)
    after = with_changes(before, editable, file) if editable else before
    return Revision(file, before, after, refused)


def _written(rule: AlertRule) -> object:
    """What of a rule is in its file; which severity is which is said elsewhere."""
    return rule.alert, rule.limit


def _editable(
    content: bytes, changes: Sequence[RuleChange], file: Path
) -> tuple[list[RuleChange], tuple[str, ...]]:
    """The changes that can be made each by itself, and why the others cannot."""
    kept, refused = [], []
    for change in changes:
        try:
            with_changes(content, [change], file)
        except TuningError as error:
            refused.append(str(error))
        else:
            kept.append(change)
    return kept, tuple(refused)


def _at(document: object, path: JsonPath) -> object:
    """What is at a path; None where there is nothing."""
    for part in path:
        if isinstance(document, dict):
            document = document.get(part)
        elif isinstance(document, list) and isinstance(part, int) and part < len(document):
            document = document[part]
        else:
            return None
    return document


def _content(file: Path) -> bytes:
    return read_bounded(file, most=_MOST_BYTES, error=TuningError)
