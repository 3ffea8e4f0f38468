"""`labelsToFields` and `joinByLabels`: labels of series as columns, or as rows of a table."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from simulator.grafana.field_names import frame_names
from simulator.grafana.frames import Cell, Field, Frame, field_of, text_field
from simulator.grafana.transformations.options import Options, names

__all__ = ["join_by_labels", "labels_to_fields"]


def labels_to_fields(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """Each frame with its labels beside it; as rows it is a table of labels alone."""
    kept = names(options, "keepLabels")
    if options.get("mode") == "rows":
        return tuple(_label_tables(frames, kept))
    value_label = options.get("valueLabel")
    return tuple(_with_labels(frame, kept, value_label) for frame in frames)


def _label_tables(frames: Sequence[Frame], kept: Sequence[str]) -> Iterator[Frame]:
    """A table per series; of several each has its series's name in front of the columns'."""
    labelled = [
        (frame, field.labels, f"{name} ")
        for frame in frames
        for field, name in zip(frame.fields, frame_names(frame, frames), strict=True)
        if field.labels is not None and (kept or field.labels)
    ]
    for frame, labels, name in labelled:
        keys = kept or tuple(labels)
        prefix = name if len({one for _, _, one in labelled}) > 1 else ""
        columns = (("label", keys), ("value", [labels.get(key, "") for key in keys]))
        fields = (
            replace(text_field(kind, texts), renamed=prefix + kind if prefix else "")
            for kind, texts in columns
        )
        yield Frame(frame.ref_id, tuple(fields))


def _with_labels(frame: Frame, kept: Sequence[str], value_label: object) -> Frame:
    fields: list[Field] = []
    values: dict[str, dict[str, None]] = {}
    for field in frame.fields:
        if field.labels is None:
            fields.append(field)
            continue
        own = str(field.labels.get(str(value_label), field.name)) if value_label else field.name
        if kept and value_label not in kept:
            own = field.name
        fields.append(replace(field, name=own, labels=None, source_name="", renamed=""))
        for name, value in field.labels.items():
            if name != value_label and (not kept or name in kept):
                values.setdefault(name, {})[value] = None
    columns = [
        text_field(name, [value] * len(frame)) for name, found in values.items() for value in found
    ]
    return replace(frame, fields=(*fields, *columns))


def join_by_labels(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """One table: a row per set of labels, a column per value of the label that is chosen.

    Where that label is on no series Grafana shows an error in place of the data.
    """
    if not frames:
        return frames
    chosen = str(options.get("value") or "")
    labelled = [
        field for frame in frames for field in frame.fields if field.labels and field.kind != "time"
    ]
    known = list(dict.fromkeys(name for field in labelled for name in field.labels or ()))
    if chosen not in known:
        return (Frame(frames[0].ref_id, (text_field("Error", ()),)),)
    join = [name for name in names(options, "join") or known if name != chosen]
    columns: dict[str, Field] = {}
    cells: dict[tuple[str, ...], dict[str, list[Cell]]] = {}
    for field in labelled:
        labels = field.labels or {}
        name = labels.get(chosen, "undefined")
        columns.setdefault(name, field)
        key = tuple(labels.get(one, "") for one in join)
        cells.setdefault(key, {}).setdefault(name, []).extend(field.cells())
    rows = [
        (key, {name: values[n] for name, values in of.items() if n < len(values)})
        for key, of in cells.items()
        for n in range(max((len(values) for values in of.values()), default=1) or 1)
    ]
    texts = [text_field(name, (key[n] for key, _ in rows)) for n, name in enumerate(join)]
    ref_id = "joinByLabels-" + "-".join(frame.ref_id for frame in frames)
    numbers = [
        field_of(Field(name, like.kind, like.numbers[:0]), [row.get(name) for _, row in rows])
        for name, like in columns.items()
    ]
    return (Frame(ref_id, (*texts, *numbers)),)
