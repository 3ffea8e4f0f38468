"""`sortBy` and `limit`: the rows of each frame in another order, or fewer of them."""

from collections.abc import Sequence
from dataclasses import replace

from simulator.grafana.field_names import frame_names
from simulator.grafana.frames import Field, Frame
from simulator.grafana.sorting import collated
from simulator.grafana.transformations.options import Options, entries, whole

__all__ = ["limit", "sort_by", "sorted_rows", "taken"]

_LIMIT = 10


def sort_by(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """Rows sorted by one column: Grafana takes the first entry only."""
    rules = entries(options, "sort")
    if not rules:
        return frames
    wanted, is_falling = rules[0].get("field"), bool(rules[0].get("desc"))

    def of(frame: Frame) -> Frame:
        names: list[object] = list(frame_names(frame, [frame]))
        if wanted not in names:
            return frame
        found = frame.fields[names.index(wanted)]
        return taken(frame, sorted_rows(found, is_falling=is_falling))

    return tuple(map(of, frames))


def sorted_rows(field: Field, *, is_falling: bool = False) -> list[int]:
    """The rows in the order of a column; where nan goes is undefined in Grafana."""
    if field.kind == "string":
        texts = [collated(text) for text in field.texts]
        return sorted(range(len(field)), key=texts.__getitem__, reverse=is_falling)
    numbers = field.numbers.tolist()
    return sorted(range(len(field)), key=numbers.__getitem__, reverse=is_falling)


def taken(frame: Frame, rows: Sequence[int]) -> Frame:
    """The frame with only these rows, in this order."""
    return replace(frame, fields=tuple(field.taken(rows) for field in frame.fields))


def limit(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The first rows of each frame, ten where it is not said; the last ones of a number below 0."""
    most = whole(options.get("limitField"), _LIMIT)

    def of(frame: Frame) -> Frame:
        if len(frame) <= most:
            return frame
        rows = range(len(frame))
        return taken(frame, rows[:most] if most >= 0 else rows[most:])

    return tuple(map(of, frames))
