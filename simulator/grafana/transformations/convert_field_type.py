"""`convertFieldType` and `formatTime`: columns of another kind."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from simulator.grafana.field_names import frame_names, is_named
from simulator.grafana.frames import Cell, Field, Frame, number_field, text_field
from simulator.grafana.json_objects import javascript_number
from simulator.grafana.number_text import javascript_text
from simulator.grafana.transformations.options import Options, UnreadOptionError, entries

__all__ = ["convert_field_type", "format_time"]

_MILLISECONDS = 1000.0


def convert_field_type(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The frames with columns as numbers, texts or times.

    Raises:
        UnreadOptionError: a kind that is not read, or texts as times.
    """
    for one in entries(options, "conversions"):
        wanted, kind = one.get("targetField"), one.get("destinationType")
        if wanted:
            frames = tuple(
                replace(
                    frame,
                    fields=tuple(
                        _converted(field, str(kind)) if is_named(field, name, wanted) else field
                        for field, name in zip(
                            frame.fields, frame_names(frame, frames), strict=True
                        )
                    ),
                )
                for frame in frames
            )
    return frames


def _converted(field: Field, kind: str) -> Field:
    if kind in {field.kind, "None", "auto", ""}:
        return _quoted(field) if kind == "string" else field
    match kind:
        case "number":
            return _like(field, number_field(field.name, map(_as_number, _milliseconds(field))))
        case "string":
            is_time = field.kind == "time"
            texts = map(_moment if is_time else javascript_text, field.numbers.tolist())
            return _like(field, text_field(field.name, texts))
        case "time" if field.kind == "number":
            return _like(field, number_field(field.name, field.numbers / _MILLISECONDS, "time"))
    raise UnreadOptionError(f"{field.kind} as {kind}")


def _like(field: Field, new: Field) -> Field:
    return replace(field, kind=new.kind, numbers=new.numbers, texts=new.texts)


def _quoted(field: Field) -> Field:
    """Texts as texts: Grafana writes them as JSON."""
    return replace(field, texts=tuple(f'"{text}"' for text in field.texts))


def _milliseconds(field: Field) -> Sequence[Cell]:
    scale = _MILLISECONDS if field.kind == "time" else 1.0
    return [one if isinstance(one, str) else one * scale for one in field.cells()]


def _as_number(cell: Cell) -> float:
    """The number of a text, its thousands' commas left out; nan for none.

    >>> _as_number("1,200.5"), _as_number(""), _as_number("x")
    (1200.5, nan, nan)
    """
    if isinstance(cell, str):
        cell = javascript_number(cell.replace(",", "")) if cell else math.nan
    return cell if math.isfinite(cell) else math.nan


def format_time(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The frames with a time as text, which as a value takes no step; its format is not read."""
    wanted = options.get("timeField")

    def of(frame: Frame) -> Frame:
        names = frame_names(frame, frames)
        return replace(
            frame,
            fields=tuple(
                _like(field, text_field(field.name, map(_moment, field.numbers.tolist())))
                if name == wanted and field.kind == "time"
                else field
                for field, name in zip(frame.fields, names, strict=True)
            ),
        )

    return tuple(map(of, frames))


def _moment(seconds: float) -> str:
    if not np.isfinite(seconds):
        return ""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S+00:00}"
