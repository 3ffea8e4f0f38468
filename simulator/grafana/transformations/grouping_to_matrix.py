"""`groupingToMatrix`: one table as a matrix of a column's values by another's."""

from simulator.grafana.field_names import frame_names, is_named
from simulator.grafana.frames import Cell, Field, Frame, field_of
from simulator.grafana.number_text import javascript_text
from simulator.grafana.transformations.options import Options
from simulator.grafana.transformations.reducing import MILLISECONDS

__all__ = ["grouping_to_matrix"]


def grouping_to_matrix(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The matrix; several frames stay as they are, and so does one without these columns.

    Where two cells are for one place the last one counts; a place without one is empty, or zero.
    """
    if len(frames) != 1:
        return frames
    names = {
        key: str(options.get(key) or default)
        for key, default in (("columnField", "Time"), ("rowField", "Time"), ("valueField", "Value"))
    }
    found = {key: _field(frames[0], name) for key, name in names.items()}
    column, row, value = (found[key] for key in names)
    if column is None or row is None or value is None:
        return frames
    columns, rows = (list(dict.fromkeys(field.cells())) for field in (column, row))
    cells = dict(zip(zip(column.cells(), row.cells(), strict=True), value.cells(), strict=True))
    empty = 0.0 if options.get("emptyValue") == "zero" else None
    corner = f"{names['rowField']}\\{names['columnField']}"
    fields = [field_of(Field(corner, row.kind, row.numbers[:0]), rows)]
    for one in columns:
        like = Field(_text(one, column.kind), value.kind, value.numbers[:0])
        fields.append(field_of(like, [cells.get((one, other), empty) for other in rows]))
    return (Frame(frames[0].ref_id, tuple(fields)),)


def _field(frame: Frame, wanted: str) -> Field | None:
    named = zip(frame.fields, frame_names(frame, [frame]), strict=True)
    return next((field for field, name in named if is_named(field, name, wanted)), None)


def _text(cell: Cell, kind: str) -> str:
    if isinstance(cell, str):
        return cell
    return javascript_text(cell * (MILLISECONDS if kind == "time" else 1.0))
