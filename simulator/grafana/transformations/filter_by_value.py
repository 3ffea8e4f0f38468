"""`filterByValue`: the rows whose cells meet conditions."""

import re
from collections.abc import Callable, Mapping

import numpy as np

from simulator.grafana.field_names import frame_names
from simulator.grafana.frames import Cell, Frame
from simulator.grafana.json_objects import javascript_number
from simulator.grafana.number_text import javascript_text
from simulator.grafana.transformations.options import (
    Options,
    UnreadOptionError,
    entries,
    mapping,
    whole,
)
from simulator.grafana.transformations.rows import taken
from simulator.patterns import of_javascript

__all__ = ["filter_by_value"]

_Meets = Callable[[Cell, Options], bool]


def filter_by_value(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The rows that meet all, or any, of the conditions; or with `exclude` the others.

    A condition on a column that is not there is met by no row.

    Raises:
        UnreadOptionError: a condition that is not read.
    """
    rules = entries(options, "filters")
    if not rules:
        return frames
    meets_all, keeps = options.get("match") == "all", options.get("type", "include") == "include"
    for rule in rules:
        kind = mapping(rule, "config").get("id")
        if kind not in _CONDITIONS:
            raise UnreadOptionError(f"condition {kind!r}")

    def kept(frame: Frame) -> Frame:
        by_name = dict(zip(frame_names(frame, frames), frame.fields, strict=True))
        met = []
        for rule in rules:
            config = mapping(rule, "config")
            field = by_name.get(str(rule.get("fieldName")))
            meets = _CONDITIONS[str(config["id"])]
            cells = field.cells() if field is not None else [None] * len(frame)
            scale = 1000.0 if field is not None and field.kind == "time" else 1.0
            met.append(
                [
                    one is not None and meets(_scaled(one, scale), mapping(config, "options"))
                    for one in cells
                ]
            )
        of_row = all if meets_all else any
        return taken(
            frame,
            [row for row in range(len(frame)) if of_row(one[row] for one in met) is keeps],
        )

    return tuple(map(kept, frames))


def _scaled(cell: Cell, scale: float) -> Cell:
    return cell if isinstance(cell, str) else cell * scale


def _compared(compare: Callable[[float, float], bool]) -> _Meets:
    def meets(cell: Cell, options: Options) -> bool:
        number = javascript_number(cell)
        limit = javascript_number(options.get("value"))
        return not np.isnan(number) and compare(number, limit)

    return meets


def _equals(cell: Cell, options: Options) -> bool:
    """As JavaScript's ==: a text and a number are compared as numbers."""
    wanted = options.get("value")
    if isinstance(cell, str) and isinstance(wanted, str):
        return cell == wanted
    return wanted is not None and javascript_number(cell) == javascript_number(wanted)


def _is_between(cell: Cell, options: Options) -> bool:
    bounds = []
    for name in ("from", "to"):
        value = options.get(name)
        is_number = isinstance(value, int | float)
        bounds.append(float(value) if is_number else float(whole(value, 0)))  # type: ignore[arg-type]
    return bool(bounds[0] < javascript_number(cell) < bounds[1])


def _is_found(cell: Cell, options: Options) -> bool:
    try:
        pattern = re.compile(of_javascript(str(options.get("value", ""))))
    except re.error as error:
        raise UnreadOptionError(f"pattern {options.get('value')!r}") from error
    text = cell if isinstance(cell, str) else javascript_text(cell)
    return bool(pattern.search(text))


def _holds(cell: Cell, options: Options) -> bool:
    wanted = str(options.get("value", ""))
    return wanted == "" or (isinstance(cell, str) and wanted.lower() in cell.lower())


def _holds_not(cell: Cell, options: Options) -> bool:
    wanted = str(options.get("value", ""))
    is_text = isinstance(cell, str) and bool(cell) and bool(wanted)
    return is_text and wanted.lower() not in str(cell).lower()


def _is_null(cell: Cell, _: Options) -> bool:
    """A cell that a join or merge left open; no number of Prometheus's is null."""
    return isinstance(cell, float) and bool(np.isnan(cell))


_CONDITIONS: Mapping[str, _Meets] = {
    "greater": _compared(lambda a, b: a > b),
    "greaterOrEqual": _compared(lambda a, b: a >= b),
    "lower": _compared(lambda a, b: a < b),
    "lowerOrEqual": _compared(lambda a, b: a <= b),
    "equal": _equals,
    "notEqual": lambda cell, options: not _equals(cell, options),
    "between": _is_between,
    "regex": _is_found,
    "isNull": _is_null,
    "isNotNull": lambda cell, options: not _is_null(cell, options),
    "substring": _holds,
    "notSubstring": _holds_not,
}
