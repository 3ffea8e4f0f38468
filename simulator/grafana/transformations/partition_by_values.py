"""`partitionByValues`: the first frame as one for each of the values in some columns.

public/app/features/transformers/partitionByValues/partitionByValues.ts.
"""

from dataclasses import replace

from simulator.grafana.field_names import frame_names, is_named
from simulator.grafana.frames import Field, Frame
from simulator.grafana.number_text import javascript_text
from simulator.grafana.transformations.options import Options, mapping, names
from simulator.grafana.transformations.rows import taken

__all__ = ["partition_by_values"]


def partition_by_values(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The parts, the values as labels of their columns, or in front of their names."""
    wanted = names(options, "fields")
    if not frames or not wanted:
        return frames
    frame = frames[0]
    shown = frame_names(frame, [frame])
    keys = [
        (field, field.renamed or field.source_name or field.name)
        for field, name in zip(frame.fields, shown, strict=True)
        if any(is_named(field, name, one) for one in wanted)
    ]
    if not keys:
        return (frame,)
    keeps, naming = options.get("keepFields") is True, mapping(options, "naming")
    kept = [f for f in frame.fields if keeps or all(f is not key for key, _ in keys)]
    rows_of: dict[tuple[str, ...], list[int]] = {}
    for row in range(len(frame)):
        rows_of.setdefault(tuple(_text(field, row) for field, _ in keys), []).append(row)
    found = []
    for values, rows in rows_of.items():
        pairs = [(name, value) for (_, name), value in zip(keys, values, strict=True)]
        fields = tuple(_labelled(field, pairs, naming, frame.ref_id) for field in kept)
        found.append(taken(Frame(frame.ref_id, fields), rows))
    return tuple(found)


def _text(field: Field, row: int) -> str:
    return (
        field.texts[row] if field.kind == "string" else javascript_text(float(field.numbers[row]))
    )


def _labelled(field: Field, pairs: list[tuple[str, str]], naming: Options, ref_id: str) -> Field:
    own = field.renamed or field.source_name or field.name
    column = replace(field, name=own, renamed="", source_name="", of_query=field.of_query or ref_id)
    if naming.get("asLabels", True) is not False:
        return replace(column, labels={**(field.labels or {}), **dict(pairs)})
    equals = str(naming.get("separator1", "="))
    parts = (
        f"{name}{equals}{value}" if naming.get("withNames") else value for name, value in pairs
    )
    prefix = str(naming.get("separator2", " ")).join(parts)
    if field.kind == "time":
        return column
    return replace(
        column, labels=field.labels or {}, renamed=f"{prefix} {own}".replace(" Value", "")
    )
