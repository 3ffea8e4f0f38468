"""`reduce`: every column as one row of a table, or as a column of one row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulator.grafana.field_matchers import KNOWN_MATCHERS, Candidate, is_matched
from simulator.grafana.field_names import frame_names
from simulator.grafana.frames import Cell, Field, Frame, number_field, text_field
from simulator.grafana.model import Matcher
from simulator.grafana.number_text import javascript_text
from simulator.grafana.transformations.options import Options, UnreadOptionError, mapping, names
from simulator.grafana.transformations.reducing import (
    MILLISECONDS,
    known_reducers,
    reduced_cell,
    reducer_title,
)

__all__ = ["reduce"]

_OF_NOTHING = frozenset({"sum", "count", "countAll"})
"""What gives a number of no points as well."""
_OF_THE_FIELD = frozenset({"first", "firstNotNull", "last", "lastNotNull"})
_Wanted = Callable[[Field, str, str], bool]


def reduce(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The frames reduced; unchanged without a reducer.

    Raises:
        UnreadOptionError: a reducer or a matcher that is not read.
    """
    calcs = names(options, "reducers") if "reducers" in options else ("max",)
    if not calcs:
        return frames
    known = known_reducers(calcs)
    is_wide = options.get("mode") == "reduceFields"
    wanted = _wanted(options, takes_time=is_wide and options.get("includeTimeField") is True)
    if is_wide:
        return tuple(_wide(frames, known, wanted))
    if not frames:
        return ()
    return (_rows(frames, known, wanted, by_label=options.get("labelsToFields") is True),)


def _wanted(options: Options, *, takes_time: bool) -> _Wanted:
    if not isinstance(options.get("fields"), dict):
        return lambda field, _, __: takes_time or field.kind != "time"
    matcher = Matcher(
        str(mapping(options, "fields").get("id")), mapping(options, "fields").get("options")
    )
    if matcher.id not in KNOWN_MATCHERS:
        raise UnreadOptionError(f"matcher {matcher.id!r}")
    return lambda field, name, ref_id: is_matched(matcher, Candidate(field, name, ref_id))


def _picked(frame: Frame, frames: tuple[Frame, ...], wanted: _Wanted) -> list[tuple[Field, str]]:
    shown = frame_names(frame, frames)
    pairs = zip(frame.fields, shown, strict=True)
    return [(field, name) for field, name in pairs if wanted(field, name, frame.ref_id)]


def _rows(
    frames: tuple[Frame, ...], calcs: Sequence[str], wanted: _Wanted, *, by_label: bool
) -> Frame:
    labels = dict.fromkeys(
        label for frame in frames for field in frame.fields for label in field.labels or ()
    )
    tables = [
        _table(_picked(frame, frames, wanted), calcs, labels if by_label else None)
        for frame in frames
    ]
    ref_id = "reduce-" + "-".join(frame.ref_id for frame in frames)
    columns = _together(tables)
    rows = len(columns[0].cells)
    return Frame(ref_id, tuple(one.field(rows) for one in columns))


@dataclass(slots=True)
class _Column:
    """A column while it grows; its kind is that of its first cell, "" where there is none."""

    name: str
    kind: str
    cells: list[Cell]

    def field(self, rows: int) -> Field:
        cells = [*self.cells, *([""] if self.kind == "string" else [np.nan]) * rows][:rows]
        if self.kind == "string":
            texts = (one if isinstance(one, str) else javascript_text(one) for one in cells)
            return text_field(self.name, texts)
        return number_field(self.name, (np.nan if isinstance(one, str) else one for one in cells))


def _table(
    found: Sequence[tuple[Field, str]], calcs: Sequence[str], labels: Iterable[str] | None
) -> list[_Column]:
    by_label = labels is not None
    names: list[Cell] = [field.name if by_label else name for field, name in found]
    columns = [_Column("Field", "string", names)]
    for label in labels or ():
        cells: list[Cell] = [(field.labels or {}).get(label, "") for field, _ in found]
        columns.append(_Column(label, "string", cells))
    for calc in calcs:
        values = [reduced_cell(field, calc) for field, _ in found]
        known = [
            v for v, (f, _) in zip(values, found, strict=True) if len(f) or calc in _OF_NOTHING
        ]
        kind = ("string" if isinstance(known[0], str) else "number") if known else ""
        columns.append(_Column(reducer_title(calc), kind, values))
    return columns


def _together(tables: Sequence[list[_Column]]) -> list[_Column]:
    """The tables below each other, by columns of the same name and kind of the first one.

    What the first one has no cell of is of no kind, so Grafana drops the cells of the others.
    """
    columns = tables[0]
    for table in tables[1:]:
        for index, column in enumerate(columns):
            for other_index, other in enumerate(table):
                is_same = (column.name, column.kind) == (other.name, other.kind)
                if is_same or index == other_index == 0:
                    column.cells += other.cells
    return columns


def _wide(frames: tuple[Frame, ...], calcs: Sequence[str], wanted: _Wanted) -> list[Frame]:
    found = []
    for frame in frames:
        fields = [
            _reduced_field(field, calc, is_alone=len(calcs) == 1)
            for field, _ in _picked(frame, frames, wanted)
            for calc in calcs
        ]
        if fields:
            found.append(Frame(frame.ref_id, tuple(fields)))
    return found


def _reduced_field(field: Field, calc: str, *, is_alone: bool) -> Field:
    labels = dict(field.labels or {})
    if not is_alone:
        labels["reducer"] = reducer_title(calc)
    cell = reduced_cell(field, calc)
    is_column = field.is_column or field.labels is None
    like = replace(field, labels=labels, is_column=is_column)
    kind = field.kind if calc in _OF_THE_FIELD else "number"
    if isinstance(cell, str):
        if kind == "string":
            return replace(like, texts=(cell,))
        cell = np.nan
    scale = MILLISECONDS if kind == "time" else 1.0
    return replace(like, kind=kind, texts=(), numbers=np.array([cell]) / scale)
