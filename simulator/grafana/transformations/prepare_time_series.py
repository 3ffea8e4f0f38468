"""`prepareTimeSeries`: series as one wide frame, as a frame each, or as a table.

public/app/features/transformers/prepareTimeSeries/prepareTimeSeries.ts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from simulator.grafana.frames import Cell, Field, Frame, field_of, text_field
from simulator.grafana.transformations.join_by_field import joined_on_time
from simulator.grafana.transformations.options import Options
from simulator.grafana.transformations.rows import sorted_rows, taken

__all__ = ["prepare_time_series"]

_Row = dict[str, Cell]


def prepare_time_series(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The frames in the format that is chosen; those without a time are left out."""
    match options.get("format", "wide"):
        case "many" | "multi":
            return tuple(one for frame in frames for one in _many(frame))
        case "long":
            return tuple(long for frame in frames if (long := _long(frame)) is not None)
    if len(frames) <= 1:
        return frames
    joined = joined_on_time(frames)
    return (joined,) if joined.fields else ()


def _long(frame: Frame) -> Frame | None:
    """A row per time and label set; labels and texts are columns, in alphabetical order."""
    time = next((field for field in frame.fields if field.kind == "time"), None)
    if time is None:
        return None
    numbers = [f for f in frame.fields if f is not time and f.kind != "string"]
    texts = {f.name: f for f in frame.fields if f.kind == "string"}
    groups: dict[str, list[Field]] = {}
    for field in numbers:
        groups.setdefault(str(dict(field.labels or {})), []).append(field)
    factors = sorted({*texts, *(name for f in numbers for name in f.labels or ())})
    rows: list[tuple[float, _Row]] = []
    for index in sorted_rows(time):
        for _, fields in sorted(groups.items()):
            row: _Row = {name: field.texts[index] for name, field in texts.items()}
            row |= dict(fields[0].labels or {})
            row |= {field.name: float(field.numbers[index]) for field in fields}
            rows.append((float(time.numbers[index]), row))
    like: Mapping[str, Field] = {field.name: field for field in numbers}
    values = [
        field_of(_bare(like[name]), [row.get(name) for _, row in rows]) for name in sorted(like)
    ]
    labels = [text_field(name, (str(row.get(name, "")) for _, row in rows)) for name in factors]
    times = field_of(_bare(time), [at for at, _ in rows])
    return Frame(frame.ref_id, (times, *values, *labels))


def _bare(field: Field) -> Field:
    return Field(field.name, field.kind, field.numbers[:0])


def _many(frame: Frame) -> Iterator[Frame]:
    """A frame of time and value for each number and each set of texts."""
    long = _long(frame)
    if long is None:
        return
    time = long.fields[0]
    texts = [field for field in long.fields if field.kind == "string"]
    for field in long.fields[1:]:
        if field.kind != "number":
            continue
        rows_of: dict[tuple[str, ...], list[int]] = {}
        for row in range(len(time)):
            rows_of.setdefault(tuple(one.texts[row] for one in texts), []).append(row)
        for key, rows in rows_of.items():
            labels = {one.name: value for one, value in zip(texts, key, strict=True)}
            series = replace(field, labels=labels, of_query=frame.ref_id)
            yield taken(Frame(frame.ref_id, (time, series)), rows)
