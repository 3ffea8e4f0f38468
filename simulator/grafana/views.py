"""What a panel shows of its frames: values with their names, texts and threshold steps."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from simulator.grafana.bar_frames import bar_frames
from simulator.grafana.field_matchers import KNOWN_MATCHERS
from simulator.grafana.field_names import display_name
from simulator.grafana.frames import Answer, Field, frames_from
from simulator.grafana.heatmap_cells import heatmap_cells
from simulator.grafana.legends import single_label
from simulator.grafana.model import Panel
from simulator.grafana.number_text import javascript_text
from simulator.grafana.overrides import StyledField, styled_frames
from simulator.grafana.panel_types import ViewKind, panel_type
from simulator.grafana.reducers import UnknownReducer, reduced
from simulator.grafana.shown import Shown, shown_number, shown_text, shown_time
from simulator.grafana.transformations import Transformed, transformed
from simulator.grafana.value_mappings import field_pattern
from simulator.quoting import quoted

__all__ = ["View", "panel_view"]

_ROWS_UNLESS_LIMITED = 25


@dataclass(frozen=True, slots=True)
class View:
    """What a panel shows, its fields with all their points, and what of it could not be read."""

    shown: tuple[Shown, ...]
    fields: tuple[StyledField, ...] = ()
    unsupported: tuple[str, ...] = ()


def panel_view(panel: Panel, answers: Sequence[Answer]) -> View:
    """What a panel shows for these answers; nothing shown is Grafana's "No data".

    Its variables have been replaced. Of a transformation that is not supported the reading goes on
    without, and names it.
    """
    kind = panel_type(panel.type)
    if not kind.is_read:
        return View((), unsupported=(f"panel type {quoted(panel.type)}",))
    result = transformed(frames_from(answers), panel.transformations)
    frames = styled_frames(result.frames, panel.field_config, panel.type)
    seen = [tuple(field for field in fields if not field.style.is_hidden) for fields in frames]
    # the bars' categories may come from a column that is itself hidden
    drawn = frames if kind.view == "bars" else seen
    shown = tuple(_VIEWS[kind.view](panel, drawn))
    return View(
        shown=shown,
        fields=tuple(_numbers(seen)),
        unsupported=tuple(dict.fromkeys(_unsupported(panel, result, shown))),
    )


def _unsupported(panel: Panel, result: Transformed, shown: Sequence[Shown]) -> Iterator[str]:
    yield from (f"transformation {name}" for name in result.unsupported)
    yield from (item.unsupported for item in shown if item.unsupported)
    for override in panel.field_config.overrides:
        # a matcher Grafana does not know either is skipped by both, and is no loss
        if override.matcher.id not in KNOWN_MATCHERS:
            yield f"override matcher {quoted(override.matcher.id)}"


def _plotted(panel: Panel, frames: Sequence[tuple[StyledField, ...]]) -> Iterator[Shown]:
    """The latest number of each field that has times to plot it against.

    Of a line that is coloured as a whole, the number that gives the colour.
    """
    with_times = [tuple(f for f in fields if len(f.times) == len(f.field)) for fields in frames]
    return _latest(panel, with_times)


def _latest(panel: Panel, frames: Sequence[tuple[StyledField, ...]]) -> Iterator[Shown]:
    for field in _numbers(frames):
        finite = field.field.numbers[np.isfinite(field.field.numbers)]
        number = reduced(finite, field.style.series_by or "last")
        yield shown_number(panel, field, number if isinstance(number, float) else None)


def _values(panel: Panel, frames: Sequence[tuple[StyledField, ...]]) -> Iterator[Shown]:
    return _rows(panel, frames) if panel.reduce.values else _reduced(panel, frames)


def _numbers(frames: Sequence[tuple[StyledField, ...]]) -> Iterator[StyledField]:
    return (field for fields in frames for field in fields if field.field.kind == "number")


def _picked(panel: Panel, fields: Sequence[StyledField]) -> Iterator[StyledField]:
    """The fields a stat-like panel takes: the numbers, or those whose name is asked for."""
    if not panel.reduce.fields:
        yield from _numbers([tuple(fields)])
        return
    pattern = field_pattern(panel.reduce.fields)
    for field in fields:
        if pattern is not None and pattern.search(field.name):
            yield field


def _reduced(panel: Panel, frames: Sequence[tuple[StyledField, ...]]) -> Iterator[Shown]:
    for fields in frames:
        for field in _picked(panel, fields):
            for calc in panel.reduce.calcs:
                named = replace(field, name=_with_calc(field.name, calc))
                if field.field.kind == "string":
                    yield shown_text(named, _reduced_text(field.field.texts, calc))
                    continue
                value = reduced(field.field.numbers, calc)
                if isinstance(value, UnknownReducer):
                    yield replace(shown_number(panel, named, None), unsupported=str(value))
                elif field.field.kind == "time":
                    yield shown_time(named, value)
                else:
                    yield replace(shown_number(panel, named, value), calc=calc)


def _reduced_text(texts: Sequence[str], calc: str) -> str | None:
    if not texts:
        return None
    return texts[0] if calc.startswith("first") else texts[-1]


def _with_calc(name: str, calc: str) -> str:
    return name.replace("${__calc}", calc).replace("$__calc", calc)


def _rows(panel: Panel, frames: Sequence[tuple[StyledField, ...]]) -> Iterator[Shown]:
    """Every row of the picked fields, named after the texts beside it."""
    left = panel.reduce.limit or _ROWS_UNLESS_LIMITED
    for fields in frames:
        for field in _picked(panel, fields):
            for row in range(min(len(field.field), left)):
                yield replace(_cell(panel, field, row), name=_row_name(fields, field, row))
            left -= min(len(field.field), left)


def _row_name(fields: Sequence[StyledField], field: StyledField, row: int) -> str:
    if field.is_named:
        return field.name
    others = [other for other in fields if other is not field]
    strings = [other for other in others if other.field.kind == "string"]
    texts = (shown_text(other, other.field.texts[row]).text for other in strings)
    parts = [text for text in texts if text]
    if not parts or any(other.field.kind == "number" for other in others):
        own = single_label(f.field.labels for f in fields if f.field.labels is not None)
        parts.append(display_name(field.field, own))
    return " ".join(parts)


def _table(panel: Panel, frames: Sequence[tuple[StyledField, ...]]) -> Iterator[Shown]:
    """Every cell of the one frame a table shows, times left out."""
    if not frames:
        return
    index = panel.options.get("frameIndex")
    fields = frames[min(index if isinstance(index, int) else 0, len(frames) - 1)]
    for field in fields:
        if field.field.kind == "time":
            continue
        for row in range(len(field.field)):
            yield replace(_cell(panel, field, row), row=_texts_beside(fields, row))


def _texts_beside(fields: Sequence[StyledField], row: int) -> str:
    texts = (field.field.texts[row] for field in fields if field.field.kind == "string")
    return " ".join(text for text in texts if text)


def _bars(panel: Panel, frames: Sequence[tuple[StyledField, ...]]) -> Iterator[Shown]:
    """A bar per row of the first frame; of all frames where their rows are points in time.

    A first query without an answer leaves nothing to draw, whatever the others have.
    """
    if not frames or not frames[0]:
        return
    drawn = bar_frames(frames)
    for fields in drawn:
        category = _category(panel, fields)
        if category is None:
            continue  # Grafana says that it needs a text or a time, and draws nothing
        for field in _numbers([fields]):
            if field is category or field.style.is_hidden:
                continue
            for row in range(len(field.field)):
                value = float(field.field.numbers[row])
                bar = shown_number(panel, field, value if math.isfinite(value) else None)
                yield replace(bar, row=_category_text(category.field, row))


def _category(panel: Panel, fields: Sequence[StyledField]) -> StyledField | None:
    wanted = panel.options.get("xField")
    named = [f for f in fields if wanted and wanted in (f.name, f.field.name)]
    strings = [field for field in fields if field.field.kind == "string"]
    times = [field for field in fields if field.field.kind == "time"]
    return next(iter([*named, *strings, *times]), None)


def _category_text(field: Field, row: int) -> str:
    if field.kind == "string":
        return field.texts[row]
    if field.kind == "number":
        return javascript_text(float(field.numbers[row]))
    if len(field) == 1:
        return ""  # instant answers share one time: their bars differ by name
    if math.isnan(field.numbers[row]):
        return ""
    return datetime.fromtimestamp(float(field.numbers[row]), UTC).isoformat()


def _cell(panel: Panel, field: StyledField, row: int) -> Shown:
    if field.field.kind == "string":
        return shown_text(field, field.field.texts[row])
    value = float(field.field.numbers[row])
    return (
        shown_time(field, value)
        if field.field.kind == "time"
        else shown_number(panel, field, value)
    )


_VIEWS: Mapping[ViewKind, Callable[[Panel, Sequence[tuple[StyledField, ...]]], Iterator[Shown]]] = {
    "plot": _plotted,
    "reduced": _values,
    "latest": _latest,
    "cells": heatmap_cells,
    "table": _table,
    "bars": _bars,
}
