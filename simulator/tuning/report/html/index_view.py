"""The index: a line per threshold, what it is today and what is proposed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from simulator.drawing.page_templates import Badge
from simulator.drawing.quantities import counted, duration_text
from simulator.grafana.colors import css_color
from simulator.tuning.report.criterion_text import gap_text, setting_text
from simulator.tuning.report.html.criteria_table import Cell, criterion_cell
from simulator.tuning.report.html.level_view import level_badge
from simulator.tuning.results import LevelTuning, MonitorTuning, Tuning

__all__ = ["COLUMNS", "IndexPart", "IndexRow", "facts", "headline", "index_part"]

COLUMNS: Final = (
    ("precision", "precision"),
    ("recall", "recall"),
    ("f1", "F1"),
    ("detection_median", "detection"),
    ("false_alarms_per_day", "false/day"),
)
"""The criteria of the table, and what their columns are called."""


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A threshold; `proposal` is "" where nothing moves, and `note` says why."""

    level: str
    color: str
    badge: Badge
    today: str
    criteria: tuple[Cell, ...]
    proposal: str
    proposed: tuple[Cell, ...]
    gap: str
    note: str


@dataclass(frozen=True, slots=True)
class IndexPart:
    """One of the parts of a tuning, with its page."""

    name: str
    file: str
    about: str
    follows: str
    lead: str
    rows: tuple[IndexRow, ...]

    @property
    def n_rows(self) -> int:
        """How many lines it has."""
        return len(self.rows)


def index_part(part: MonitorTuning, file: str, lead: str) -> IndexPart:
    """The lines of one part; `lead` is the page of the one it follows."""
    return IndexPart(
        name=part.monitor.name,
        file=file,
        about=part.monitor.place.dashboard.title if part.monitor.place else "alert rules",
        follows=part.follows,
        lead=lead,
        rows=tuple(_row(part, level) for level in part.levels),
    )


def _row(part: MonitorTuning, level: LevelTuning) -> IndexRow:
    proposed = level.moved_to
    has_gap = bool(level.unseen) and level.proposal is not None
    return IndexRow(
        level=level.level,
        color=css_color(level.level),
        badge=level_badge(level),
        today=setting_text(level.today, part.monitor),
        criteria=_cells(level, "today"),
        proposal=setting_text(proposed, part.monitor) if proposed else "",
        proposed=_cells(level, "proposal") if proposed else (),
        gap=gap_text(level.gap) if has_gap else "",
        note=level.note,
    )


def _cells(level: LevelTuning, kind: str) -> tuple[Cell, ...]:
    return tuple(criterion_cell(level.reported[kind], name) for name, _ in COLUMNS)


def headline(tuning: Tuning) -> str:
    """How many thresholds move."""
    levels, moved = tuning.levels, tuning.n_moved
    if not levels:
        return "No threshold to tune"
    if not moved:
        return f"None of {counted(len(levels), 'threshold')} moves"
    return f"{moved} of {counted(len(levels), 'threshold')} {'moves' if moved == 1 else 'move'}"


def facts(tuning: Tuning) -> Iterator[tuple[str, str]]:
    """What was aimed at, and on what."""
    levels, n_unseen = tuning.levels, tuning.n_unseen
    yield "objective", tuning.objective.name
    yield (
        "chosen on",
        _recordings(min(tuning.n_chosen_on, tuning.n_recordings), _days(levels, "chosen_on")),
    )
    yield (
        "judged on",
        _recordings(n_unseen, _days(levels, "unseen")) + " unseen" if n_unseen else "the same",
    )
    kept = sum(level.proposal is not None and not level.is_moved for level in levels)
    without = sum(level.proposal is None for level in levels)
    yield "stay", str(kept)
    if without:
        yield "without proposal", str(without)
    if tuning.skipped:
        yield "not tuned", str(len(tuning.skipped))


def _recordings(count: int, days: float) -> str:
    return f"{counted(count, 'recording')} ({duration_text(days * 86400.0)})"


def _days(levels: Sequence[LevelTuning], side: str) -> float:
    judged = [getattr(level, side) for level in levels]
    return max((one["today"].days for one in judged if one), default=0.0)
