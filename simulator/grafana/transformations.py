"""The transformations needed to read tables; the others are named, never skipped in silence."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulator.grafana.frames import Field, Frame
from simulator.grafana.legends import labelled_name, single_label
from simulator.grafana.model import Transformation

__all__ = ["Transformed", "display_name", "keeps_values", "transformed"]


@dataclass(frozen=True, slots=True)
class Transformed:
    """The frames after the transformations, and the ids of those that were not applied."""

    frames: tuple[Frame, ...]
    unsupported: tuple[str, ...] = ()


def transformed(frames: Sequence[Frame], transformations: Sequence[Transformation]) -> Transformed:
    """The frames after every transformation that is not disabled, in order."""
    result, unsupported = tuple(frames), []
    for transformation in transformations:
        if transformation.disabled:
            continue
        known = _TRANSFORMATIONS.get(transformation.id)
        if known is None or transformation.has_filter:
            unsupported.append(transformation.id)
        else:
            result = known.apply(result, transformation.options)
    return Transformed(result, tuple(unsupported))


def keeps_values(transformation: Transformation) -> bool:
    """Whether it passes every number on as it is, whatever it is; so does one that is disabled.

    >>> keeps_values(Transformation("merge", {})), keeps_values(Transformation("reduce", {}))
    (True, False)
    """
    known = _TRANSFORMATIONS.get(transformation.id)
    is_kept = known is not None and known.keeps_values and not transformation.has_filter
    return transformation.disabled or is_kept


def display_name(field: Field, only_label: str | None) -> str:
    """The name of a field before any override; `only_label` as in `legends.single_label`."""
    if field.renamed or field.source_name:
        return field.renamed or field.source_name
    if field.labels is None:
        return field.name
    return labelled_name(field.name, field.labels, only_label)


def _names(frames: Sequence[Frame]) -> Callable[[Field], str]:
    only = single_label(
        field.labels for frame in frames for field in frame.fields if field.labels is not None
    )
    return lambda field: display_name(field, only)


def _merge(frames: tuple[Frame, ...], _: Mapping[str, object]) -> tuple[Frame, ...]:
    """Rows of all tables joined on the columns that every one of them has."""
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
    rows: list[dict[str, float | str]] = []
    by_key: dict[tuple[float | str, ...], list[dict[str, float | str]]] = {}
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


def _rows(frame: Frame) -> list[dict[str, float | str]]:
    cells = [
        field.texts if field.kind == "string" else field.numbers.tolist() for field in frame.fields
    ]
    names = [field.name for field in frame.fields]
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]


def _agree(one: Mapping[str, float | str], other: Mapping[str, float | str]) -> bool:
    return all(one[name] == value for name, value in other.items() if name in one)


def _column(field: Field, rows: Sequence[Mapping[str, float | str]]) -> Field:
    like = replace(field, labels=None, renamed="")
    if field.kind == "string":
        return replace(like, texts=tuple(str(row.get(field.name, "")) for row in rows))
    return replace(like, numbers=np.array([float(row.get(field.name, "nan")) for row in rows]))


def _organize(frames: tuple[Frame, ...], options: Mapping[str, object]) -> tuple[Frame, ...]:
    """Columns left out, put in order and renamed, by their display names."""
    return _renamed(_ordered(_filtered(frames, options), options), options)


def _filtered(frames: tuple[Frame, ...], options: Mapping[str, object]) -> tuple[Frame, ...]:
    excluded = {name for name, on in _mapping(options, "excludeByName").items() if on}
    included = {name for name, on in _mapping(options, "includeByName").items() if on}
    name_of = _names(frames)
    return tuple(
        replace(
            frame,
            fields=tuple(
                field
                for field in frame.fields
                if not excluded & {field.name, name_of(field)}
                and (not included or included & {field.name, name_of(field)})
            ),
        )
        for frame in frames
    )


def _ordered(frames: tuple[Frame, ...], options: Mapping[str, object]) -> tuple[Frame, ...]:
    places = _mapping(options, "indexByName")
    name_of = _names(frames)

    def place(field: Field) -> float:
        found = places.get(name_of(field))
        return found if isinstance(found, int) else float("inf")

    return tuple(replace(frame, fields=tuple(sorted(frame.fields, key=place))) for frame in frames)


def _renamed(frames: tuple[Frame, ...], options: Mapping[str, object]) -> tuple[Frame, ...]:
    names = _mapping(options, "renameByName")

    def rename(frame: Frame, field: Field) -> Field:
        new = names.get(_names([frame])(field))
        return replace(field, renamed=new) if isinstance(new, str) and new else field

    return tuple(
        replace(frame, fields=tuple(rename(frame, field) for field in frame.fields))
        for frame in frames
    )


def _sort_by(frames: tuple[Frame, ...], options: Mapping[str, object]) -> tuple[Frame, ...]:
    """Rows sorted by one column: Grafana takes the first entry only."""
    entries = options.get("sort")
    if not isinstance(entries, list) or not entries or not isinstance(entries[0], dict):
        return frames
    wanted, is_falling = entries[0].get("field"), bool(entries[0].get("desc"))
    return tuple(_sorted(frame, wanted, is_falling=is_falling) for frame in frames)


def _sorted(frame: Frame, wanted: object, *, is_falling: bool) -> Frame:
    name_of = _names([frame])
    found = next((field for field in frame.fields if name_of(field) == wanted), None)
    if found is None:
        return frame
    if found.kind == "string":
        texts = [_collated(text) for text in found.texts]
        rows = sorted(range(len(frame)), key=texts.__getitem__, reverse=is_falling)
    else:  # where nan goes is undefined in Grafana
        rows = sorted(range(len(frame)), key=found.numbers.__getitem__, reverse=is_falling)
    return replace(frame, fields=tuple(field.taken(rows) for field in frame.fields))


def _collated(text: str) -> tuple[bool, list[tuple[float, str]]]:
    """A key that sorts as a reader does: no case, digits by their number, "" last.

    >>> sorted(["v10", "V9", "", "v"], key=_collated)
    ['v', 'V9', 'v10', '']
    """
    parts = re.findall(r"\d+|\D+", text.casefold())
    return not text, [(float(p), "") if p.isdecimal() else (math.inf, p) for p in parts]


def _mapping(options: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = options.get(key)
    return value if isinstance(value, dict) else {}


_Apply = Callable[[tuple[Frame, ...], Mapping[str, object]], tuple[Frame, ...]]


@dataclass(frozen=True, slots=True)
class _Known:
    """A transformation that is read; whether it `keeps_values` as `keeps_values` says."""

    apply: _Apply
    keeps_values: bool = False


_TRANSFORMATIONS = {
    "merge": _Known(_merge, keeps_values=True),
    "organize": _Known(_organize, keeps_values=True),
    "sortBy": _Known(_sort_by, keeps_values=True),
}
