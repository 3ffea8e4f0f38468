"""`joinByField` (`seriesToColumns` of old): rows of several frames joined on one column."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from simulator.grafana.field_names import frame_names, is_named
from simulator.grafana.frames import Cell, Field, Frame, field_of, number_field
from simulator.grafana.transformations.options import Options, UnreadOptionError
from simulator.grafana.transformations.rows import sorted_rows

__all__ = ["join_by_field", "joined_on_time"]

_Table = list[list[Cell | None]]
_Keys = Callable[[Frame], int | None]


def join_by_field(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """One frame with a row per value of the column, and the other columns of all frames beside it.

    Raises:
        UnreadOptionError: no column is named, and the first frame has no time to join on.
    """
    if len(frames) <= 1:
        return frames
    wanted, mode = options.get("byField"), options.get("mode", "outer")
    if not wanted and not any(field.kind == "time" for field in frames[0].fields):
        raise UnreadOptionError("no field to join on")

    def key(frame: Frame) -> int | None:
        shown = frame_names(frame, frames)
        for index, (field, name) in enumerate(zip(frame.fields, shown, strict=True)):
            if is_named(field, name, wanted) if wanted else field.kind == "time":
                return index
        return None

    return (_joined(frames, key, str(mode)),)


def joined_on_time(frames: Sequence[Frame]) -> Frame:
    """The frames joined on the first time of each, every row of any of them kept."""

    def first_time(frame: Frame) -> int | None:
        kinds = [field.kind for field in frame.fields]
        return kinds.index("time") if "time" in kinds else None

    return _joined(frames, first_time, "outer")


def _joined(frames: Sequence[Frame], key: _Keys, mode: str) -> Frame:
    ref_id = "joinByField-" + "-".join(frame.ref_id for frame in frames)
    tables: list[_Table] = []
    fields: list[Field] = []
    is_dropped = False
    for frame in frames:
        at = key(frame)
        if at is None:
            is_dropped = True
            continue
        others = [field for index, field in enumerate(frame.fields) if index != at]
        fields += [*([] if fields else [frame.fields[at]]), *(_beside(f, frame) for f in others)]
        tables.append([[*one.cells()] for one in (frame.fields[at], *others)])
    if not tables:
        return Frame(ref_id, ())
    if is_dropped and mode == "inner":
        columns: _Table = [[] for _ in fields]
    elif mode in {"inner", "outerTabular"}:
        columns = _tabular(tables, keeps_all=mode == "outerTabular")
    else:
        columns = _outer(tables, is_text=fields[0].kind == "string")
    cells = zip(fields, columns, strict=True)
    return Frame(ref_id, tuple(field_of(field, column) for field, column in cells))


def _beside(field: Field, frame: Frame) -> Field:
    return replace(
        field,
        labels=field.labels or {},
        is_column=field.is_column or field.labels is None,
        of_query=field.of_query or frame.ref_id,
    )


def _outer(tables: Sequence[_Table], *, is_text: bool) -> _Table:
    """A row per key of any table; where one has a key twice its last row counts."""
    first = tables[0][0]
    if all(table[0] == first for table in tables):
        columns = [first, *(column for table in tables for column in table[1:])]
        if is_text:
            return columns
        order = sorted_rows(number_field("", (float(one or 0.0) for one in first)))
        return [[column[row] for row in order] for column in columns]
    keys = list(dict.fromkeys(one for table in tables for one in table[0]))
    if not is_text:
        keys.sort(key=lambda one: float(one or 0.0))
    place = {key: row for row, key in enumerate(keys)}
    columns = [keys]
    for table in tables:
        for column in table[1:]:
            cells: list[Cell | None] = [None] * len(keys)
            for one, cell in zip(table[0], column, strict=True):
                cells[place[one]] = cell
            columns.append(cells)
    return columns


def _tabular(tables: Sequence[_Table], *, keeps_all: bool) -> _Table:
    """Every pair of rows with the same key, as in SQL; with `keeps_all` the others too, last."""
    left = tables[0]
    for right in tables[1:]:
        rows_of: dict[Cell | None, list[int]] = {}
        for row, one in enumerate(right[0]):
            rows_of.setdefault(one, []).append(row)
        matched = [
            (row, other) for row, one in enumerate(left[0]) for other in rows_of.get(one, ())
        ]
        pairs: list[tuple[int | None, int | None]] = [*matched]
        if keeps_all:
            # Grafana looks for numbers among texts, so it finds none of them
            known = {one for one in left[0] if isinstance(one, str)}
            pairs += [(row, None) for row, one in enumerate(left[0]) if one not in rows_of]
            pairs += [(None, n) for one, rows in rows_of.items() if one not in known for n in rows]
        keys = [left[0][row] if row is not None else right[0][n or 0] for row, n in pairs]
        left = [
            keys,
            *([None if row is None else column[row] for row, _ in pairs] for column in left[1:]),
            *([None if row is None else column[row] for _, row in pairs] for column in right[1:]),
        ]
    return left
