"""`merge`: rows of several tables joined on the columns that all of them have."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from simulator.grafana.frames import Cell, Field, Frame, field_of
from simulator.grafana.transformations.options import Options

__all__ = ["merge"]

_Row = dict[str, Cell]


def merge(frames: tuple[Frame, ...], _: Options) -> tuple[Frame, ...]:
    """One table of all rows; those with the same key are one where no cell contradicts another."""
    used = [frame for frame in frames if frame.fields]
    if len(frames) <= 1 or not used:
        return frames[:1] if not used else frames
    columns = {field.name: field for frame in reversed(used) for field in frame.fields}
    order = dict.fromkeys(field.name for frame in used for field in frame.fields)
    shared = [
        name for name in order if all(name in {f.name for f in frame.fields} for frame in used)
    ]
    if not shared:
        return frames
    rows: list[_Row] = []
    by_key: dict[tuple[Cell, ...], list[_Row]] = {}
    for frame in used:
        for row in _rows(frame):
            same = by_key.setdefault(tuple(row[name] for name in shared), [])
            matching = [other for other in same if _agree(other, row)]
            for other in matching:
                other.update(row)
            if not matching:
                same.append(row)
                rows.append(row)
    ref_id = "merge-" + "-".join(frame.ref_id for frame in used)
    return (Frame(ref_id, tuple(_column(columns[name], rows) for name in order)),)


def _rows(frame: Frame) -> list[_Row]:
    names = [field.name for field in frame.fields]
    cells = [field.cells() for field in frame.fields]
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]


def _agree(one: Mapping[str, Cell], other: Mapping[str, Cell]) -> bool:
    return all(one[name] == value for name, value in other.items() if name in one)


def _column(field: Field, rows: Sequence[Mapping[str, Cell]]) -> Field:
    like = replace(field, labels=None, renamed="")
    return field_of(like, [row.get(field.name) for row in rows])
