"""The criteria of a threshold with their intervals, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.drawing.quantities import counted, duration_text
from simulator.tuning.judging.criteria import CRITERIA
from simulator.tuning.judging.judgements import Judgement
from simulator.tuning.report.criterion_text import (
    CRITERION_MEANINGS,
    CRITERION_NAMES,
    UNDEFINED,
    UNDEFINED_REASONS,
    criterion_text,
    interval_text,
)
from simulator.tuning.results import LevelTuning

__all__ = ["Cell", "CriteriaTable", "CriterionRow", "criteria_table", "criterion_cell"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, its interval, and why it is undefined, if it is."""

    text: str
    interval: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion under each heading."""

    name: str
    meaning: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class CriteriaTable:
    """`groups` are recordings and how long they are, with the settings judged on each."""

    groups: tuple[tuple[str, str, tuple[str, ...]], ...]
    rows: tuple[CriterionRow, ...]
    undefined: str


def criteria_table(level: LevelTuning, n_chosen_on: int, n_unseen: int) -> CriteriaTable:
    """All criteria, on the recordings chosen on and on the others; one column if today's stays."""
    kinds = list(level.settings)
    heads = tuple(level.headings[kind] for kind in kinds)
    sides = [("chosen on", n_chosen_on, level.chosen_on), ("unseen", n_unseen, level.unseen)]
    kept = [(name, count, judged) for name, count, judged in sides if judged]
    columns = [judged[kind] for _, _, judged in kept for kind in kinds]
    rows = [_found_row(columns), *(_row(name, columns) for name in CRITERIA)]
    dashes = {
        CRITERION_NAMES[name]: UNDEFINED_REASONS[name]
        for name in CRITERIA
        if any(criterion_cell(one, name).text == UNDEFINED for one in columns)
    }
    return CriteriaTable(
        tuple((name, _length(count, judged), heads) for name, count, judged in kept),
        tuple(rows),
        "; ".join(f"{name}: {why}" for name, why in dashes.items()),
    )


def criterion_cell(judged: Judgement, name: str) -> Cell:
    """A criterion as text; the title says why there is none."""
    text = criterion_text(name, judged.criteria[name])
    title = f"undefined: {UNDEFINED_REASONS[name]}" if text == UNDEFINED else ""
    interval = "" if text == UNDEFINED else interval_text(name, judged.intervals[name])
    return Cell(text, interval, title)


def _row(name: str, columns: list[Judgement]) -> CriterionRow:
    cells = tuple(criterion_cell(one, name) for one in columns)
    return CriterionRow(CRITERION_NAMES[name], CRITERION_MEANINGS[name], cells)


def _found_row(columns: list[Judgement]) -> CriterionRow:
    cells = tuple(Cell(_found_text(one)) for one in columns)
    return CriterionRow("incidents found", "incidents with an alarm, of all there were", cells)


def _found_text(judged: Judgement) -> str:
    """With how many distinct ones there are, where some are the same on several days."""
    text = f"{judged.n_found} of {judged.n_incidents}"
    if judged.n_distinct == judged.n_incidents:
        return text
    return f"{text}, {judged.n_distinct} distinct"


def _length(count: int, judged: Mapping[str, Judgement]) -> str:
    return f"{counted(count, 'recording')}, {duration_text(judged['today'].days * 86400.0)}"
