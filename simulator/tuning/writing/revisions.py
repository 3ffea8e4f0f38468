"""The proposals of a tuning as new contents of the files that hold thresholds."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from simulator.errors import SimulatorError, TuningError
from simulator.grafana.dashboard_files import dashboard_of
from simulator.grafana.model import Panel
from simulator.quoting import shortened
from simulator.reading.files import read_bounded
from simulator.reading.json_text import json_in
from simulator.rules.model import Place
from simulator.rules.reading import groups_in
from simulator.tuning.choosing.proposing import Proposal
from simulator.tuning.judging.judgements import Setting
from simulator.tuning.monitors.alert_rules import AlertRule, alert_rules
from simulator.tuning.monitors.monitor import Monitor, ThresholdPlace
from simulator.tuning.results import LevelTuning, Tuning
from simulator.tuning.writing.dashboard_text import with_numbers
from simulator.tuning.writing.edits import place, utf8_text
from simulator.tuning.writing.found_again import panel_again, rule_again
from simulator.tuning.writing.rules_text import RuleChange, with_changes

__all__ = ["Revision", "left_out", "revisions"]

_MOST_BYTES = 64 * 1024 * 1024

JsonPath = tuple[str | int, ...]
_Moved = tuple[Monitor, LevelTuning, Proposal]
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Revision:
    """A file's content as it is, and with the proposals in it; why some could not be put there."""

    file: Path
    before: bytes
    after: bytes
    refused: tuple[str, ...] = ()
    is_dashboard: bool = False


@dataclass(frozen=True, slots=True)
class _Number:
    """A step of the thresholds at a place of a dashboard, as it is and as it is to be."""

    place: ThresholdPlace
    step: int
    today: float
    proposed: float

    def path_in(self, panel: Panel) -> JsonPath:
        """Where it is now: `panels[3].fieldConfig...` taken apart."""
        where = panel.config_at + self.place.path.removeprefix(self.place.panel.config_at)
        parts = (int(p) if p.isdigit() else p for p in re.split(r"[.\[\]]+", where))
        return (*parts, "steps", self.step, "value")


@dataclass(frozen=True, slots=True)
class _Change:
    """What a rule is to be."""

    rule: AlertRule
    setting: Setting


def revisions(tuning: Tuning, *, is_forced: bool = False) -> tuple[Revision, ...]:
    """The files that change, each once; those where every setting stays are not among them.

    What was chosen from too little is left as it is unless that `is_forced`. A panel or a rule that
    cannot be edited, or is not any more what was tuned, leaves the others written; so does an alert
    that two panels would move apart, with the thresholds of these.
    """
    moved = tuple(_moved(tuning, is_forced=is_forced))
    disputed = _disputed(moved)
    numbers: dict[Path, dict[tuple[str, int], _Number]] = {}
    changes: dict[Path, dict[Place, _Change]] = {}
    for monitor, level, proposal in moved:
        where, rule, setting = monitor.place, level.rule, proposal.setting
        if rule is not None and rule.place in disputed:
            continue
        if where is not None and where.dashboard.file is not None:
            file, at = where.dashboard.file, (where.path, monitor.alarms.steps[level.level])
            number = _Number(where, at[1], level.today.threshold, setting.threshold)
            numbers.setdefault(file, {})[at] = number
        if rule is not None:
            changes.setdefault(rule.place.file, {})[rule.place] = _Change(rule, setting)
    return (
        *(_dashboard(file, tuple(found.values())) for file, found in sorted(numbers.items())),
        *(_rules(file, tuple(found.values())) for file, found in sorted(changes.items())),
        *(Revision(at.file, b"", b"", (said,)) for at, said in disputed.items()),
    )


def _disputed(moved: Iterable[_Moved]) -> dict[Place, str]:
    """Alerts that panels with other thresholds share, where each of these proposes its own."""
    wanted: dict[Place, dict[Setting, str]] = {}
    for monitor, level, proposal in moved:
        if level.rule is not None:
            wanted.setdefault(level.rule.place, {}).setdefault(proposal.setting, monitor.name)
    return {
        at: f"{at}: {' and '.join(map(shortened, of.values()))} share it and propose "
        f"{' and '.join(f'{one.threshold:g}' for one in of)}: give each an alert of its own"
        for at, of in wanted.items()
        if len(of) > 1
    }


def left_out(tuning: Tuning) -> tuple[str, ...]:
    """Which proposals are not written unless that is forced, and why."""
    return tuple(
        f"{part.monitor.name} {level.level}: {level.why_not_written}"
        for part in tuning.parts
        for level in part.levels
        if level.is_moved and level.why_not_written
    )


def _moved(tuning: Tuning, *, is_forced: bool) -> Iterator[_Moved]:
    for part in tuning.parts:
        for level in part.levels:
            is_written = is_forced or not level.why_not_written
            if level.proposal is not None and level.is_moved and is_written:
                yield part.monitor, level, level.proposal


def _dashboard(file: Path, numbers: Sequence[_Number]) -> Revision:
    try:
        before = _content(file)
        text = utf8_text(before, file).removeprefix("\ufeff")
        now = dashboard_of(text, file)
        document = json_in(text, file, error=TuningError, has_unique_keys=False)
    except SimulatorError as error:
        return Revision(file, b"", b"", (str(error),))
    wanted: dict[JsonPath, float] = {}
    refused = []
    for one in numbers:
        panel = panel_again(one.place, now)
        if panel is None:
            title = shortened(one.place.panel.title or one.place.panel.path)
            refused.append(f"{file}: {title} is not there any more as it was: tune again")
            continue
        path = one.path_in(panel)
        if _at(document, path) != one.today:
            refused.append(f"{place(file, path)}: no longer {one.today:g}: tune again")
        else:
            wanted[path] = one.proposed
    after, why_not = _each_by_itself(
        before, wanted.items(), lambda content, some: with_numbers(content, dict(some), file)
    )
    return Revision(file, before, after, (*refused, *why_not), is_dashboard=True)


def _rules(file: Path, changes: Sequence[_Change]) -> Revision:
    try:
        before = _content(file)
        groups = groups_in(utf8_text(before, file).removeprefix("\ufeff"), file)
    except SimulatorError as error:
        return Revision(file, b"", b"", (str(error),))
    now = alert_rules(groups, {})
    wanted, refused = [], []
    for one in changes:
        rule = rule_again(one.rule, now)
        if rule is None:
            name = shortened(one.rule.name)
            refused.append(f"{one.rule.place}: {name} is not there any more as it was: tune again")
        else:
            wanted.append(RuleChange(rule.place, one.setting.threshold, one.setting.hold))
    after, why_not = _each_by_itself(
        before, wanted, lambda content, some: with_changes(content, some, file)
    )
    return Revision(file, before, after, (*refused, *why_not))


def _each_by_itself(
    before: bytes, changes: Iterable[_V], made: Callable[[bytes, Sequence[_V]], bytes]
) -> tuple[bytes, tuple[str, ...]]:
    """The content with the changes that can be made, and why the others cannot."""
    kept, refused = [], []
    for one in changes:
        try:
            made(before, [one])
        except TuningError as error:
            refused.append(str(error))
        else:
            kept.append(one)
    return made(before, kept) if kept else before, tuple(refused)


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
