"""What `simulator tune` prints: every threshold as it is today, and what would be better."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simulator.quoting import printable
from simulator.spelling import did_you_mean
from simulator.tuning.judging.judgements import Judgement, Setting
from simulator.tuning.monitors.alert_outcomes import counted
from simulator.tuning.report.criterion_text import criterion_text, setting_text, value_text
from simulator.tuning.requirements import Unmet
from simulator.tuning.results import LevelTuning, MonitorTuning, Tuning

__all__ = ["tuning_table"]

_COLUMNS: Final = {
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "detection_median": "detected",
    "detection_p90": "p90",
    "reset_median": "reset",
    "false_alarms_per_day": "false/day",
    "flaps_per_episode": "flaps",
}
_CELL_WIDTH: Final = 10
_DROPPED_FIRST: Final = (
    "flaps_per_episode",
    "reset_median",
    "detection_p90",
    "f1",
    "false_alarms_per_day",
    "detection_median",
)
"""What gives way where the window is narrow."""

_STYLES: Final = {"orange": "dark_orange", "red": "red"}


def tuning_table(tuning: Tuning, failed: Sequence[Unmet], *, width: int) -> RenderableType:
    """A line for each threshold, one more where another is better; notes below.

    Criteria are those on recordings that the choice did not see. `width` is the terminal's; from 60
    columns on nothing is cut; criteria that have no room are left out.
    """
    parts: list[RenderableType] = [_measured_on(tuning), *_panels(tuning, width)]
    parts += [Text(line, style="dim") for line in _notes(tuning)]
    parts += [Text(_failure(one), style="red") for one in failed]
    parts += [Text(""), _last_line(tuning, failed)]
    return Group(*parts)


def _measured_on(tuning: Tuning) -> Text:
    unseen = tuning.n_unseen
    seen = f"best {tuning.objective.name}, chosen on {tuning.n_chosen_on} of {tuning.n_recordings}"
    judged = f"measured on the other {unseen}" if unseen else "and measured on the same"
    return Text.assemble(
        (printable(tuning.subject), "bold"), f"  {seen} recordings, {judged}", style="bold"
    )


def _panels(tuning: Tuning, width: int) -> Iterator[RenderableType]:
    """Each title over the whole width, and its thresholds in columns that line up."""
    rows = [(part, list(_rows(part))) for part in tuning.parts]
    settings = max((len(line.setting) for _, lines in rows for line in lines), default=0) + 2
    shown = _shown(width - settings)
    yield _grid(settings, [Text(_COLUMNS[name], style="dim") for name in shown], "gap", [])
    for part, lines in rows:
        title = Text(printable(part.monitor.name), overflow="fold")
        told = [_incidents(part), *([f"as {printable(part.follows)}"] if part.follows else [])]
        yield title.append(f"  {', '.join(told)}", "dim")
        yield _grid(settings, [], "", [(one, _cells(one.judged, shown)) for one in lines])


def _incidents(part: MonitorTuning) -> str:
    """How many distinct ones each threshold was judged by, where the choice did not see them.

    The same incident on several days, with other noise, is one.
    """
    counts = [(level.reported["today"].n_distinct, level.level) for level in part.levels]
    return "incidents: " + ", ".join(f"{count} {level}" for count, level in counts)


def _shown(room: int) -> list[str]:
    """The criteria that there is room for, and for the gap."""
    shown = list(_COLUMNS)
    for name in _DROPPED_FIRST:
        if (len(shown) + 1) * _CELL_WIDTH > room:
            shown.remove(name)
    return shown


@dataclass(frozen=True, slots=True)
class _Line:
    """A setting, how good it is, and how much worse on unseen recordings."""

    setting: Text
    judged: Judgement
    gap: float


def _rows(part: MonitorTuning) -> Iterator[_Line]:
    for level in part.levels:
        yield _Line(_setting(part, level, level.today, "■"), level.reported["today"], math.nan)
        if proposed := level.settings.get("proposal"):
            setting = _setting(part, level, proposed, "→" if level.is_moved else "✗")
            yield _Line(setting, level.reported["proposal"], level.gap)
        if level.by_chance is not None:
            setting = _setting(part, level, level.by_chance, "≈")
            yield _Line(setting, level.reported["chance"], math.nan)


def _grid(
    settings: int, head: Sequence[Text], last: str, lines: Sequence[tuple[_Line, list[Text]]]
) -> Table:
    table = Table.grid(padding=0)
    table.add_column(width=settings, overflow="fold")
    for _ in range(max([len(head), *(len(cells) for _, cells in lines)]) + 1):
        table.add_column(width=_CELL_WIDTH, justify="right", no_wrap=True)
    if head:
        table.add_row("", *head, Text(last, style="dim"))
    for line, cells in lines:
        gap = "" if math.isnan(line.gap) else f"{round(line.gap, 2) + 0.0:+.2f}"
        table.add_row(line.setting, *cells, gap)
    return table


def _setting(part: MonitorTuning, level: LevelTuning, setting: Setting, mark: str) -> Text:
    words = setting_text(setting, part.monitor)
    return Text.assemble("  ", (mark, _STYLES[level.level]), f" {level.level} {words}")


def _cells(judged: Judgement, criteria: Sequence[str]) -> list[Text]:
    return [Text(criterion_text(name, judged.criteria[name])) for name in criteria]


def _notes(tuning: Tuning) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for part in tuning.parts:
        for level in part.levels:
            if level.note:
                where = f"{printable(part.monitor.name)} {level.level}"
                reasons.setdefault(level.note, []).append(where)
    yield from _as_good(tuning)
    yield from _by_chance(tuning)
    yield from _differences(tuning)
    for note, places in reasons.items():
        yield f"{note}: {', '.join(places)}"
    yield from _alert_notes(tuning)
    for one in (one for one in tuning.skipped if not one.rules):
        yield f"{printable(one.name)}: not tuned, {printable(one.reason)}"
    known = sorted({name for part in tuning.parts for name in part.monitor.names})
    for signal in tuning.unknown:
        yield f"nothing here watches {printable(signal)}{printable(did_you_mean(signal, known))}"


def _as_good(tuning: Tuning) -> Iterator[str]:
    """How wide what is proposed could be chosen: from where to where all is as good."""
    for part in tuning.parts:
        for level in part.levels:
            if level.is_moved and level.proposal is not None and not part.follows:
                low, high = (value_text(end, part.monitor.unit) for end in level.proposal.plateau)
                where = f"{printable(part.monitor.name)} {level.level}"
                yield f"{where}: anything from {low} to {high} is as good"


def _by_chance(tuning: Tuning) -> Iterator[str]:
    """What the line of chance says."""
    for part in tuning.parts:
        for level in part.levels:
            if level.by_chance is not None and not part.follows:
                value = value_text(level.by_chance.threshold, part.monitor.unit)
                where = f"{printable(part.monitor.name)} {level.level}"
                yield f"{where}: ≈ is chance: a healthy score exceeds {value} once a week"


def _differences(tuning: Tuning) -> Iterator[str]:
    """Thresholds and alerts that ask the same and compare with different numbers."""
    for part in tuning.parts:
        for level in part.levels:
            if level.difference and level.rule is not None:
                where = f"{printable(part.monitor.name)} {level.level}, {level.rule.name}"
                judged = "judged at the panel's"
                yield f"{where}: not the same number ({level.difference}; {judged})"


def _alert_notes(tuning: Tuning) -> Iterator[str]:
    """Every alert by name under what became of it, and how many there are."""
    if not tuning.alerts:
        return
    for (became, reason), count in counted(tuning.alerts).items():
        named = (one for one in tuning.alerts if (one.became, one.reason) == (became, reason))
        names = [
            f"{one.rule.name} ({one.detail})" if one.detail else one.rule.name for one in named
        ]
        why = f", {printable(reason)}" if reason else ""
        yield f"{count} of {len(tuning.alerts)} alerts {became}{why}: {printable(', '.join(names))}"
    both = [one.rule.name for one in tuning.alerts if len(one.rule.levels) > 1]
    if both:
        said = "of no known severity, so for incidents of both"
        yield f"{len(both)} alerts {said}: {printable(', '.join(both))}"


def _failure(one: Unmet) -> str:
    value = criterion_text(one.requirement.criterion, one.value)
    bound = criterion_text(one.requirement.criterion, one.requirement.bound)
    return f"{printable(one.name)}, {one.level}: {one.requirement.word} {bound}, today {value}"


def _last_line(tuning: Tuning, failed: Sequence[Unmet]) -> Text:
    levels, moved = tuning.levels, tuning.n_moved
    counts = f"{len(levels)} thresholds: {moved} would be better elsewhere, "
    counts += f"{len(levels) - moved} stay"
    if not failed:
        return Text(counts, style="bold green")
    return Text(f"{counts}; {len(failed)} requirements not reached", style="bold red")
