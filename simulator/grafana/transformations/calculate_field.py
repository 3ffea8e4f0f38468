"""`calculateField`: one more column, calculated from the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulator.grafana.field_names import frame_names, is_named
from simulator.grafana.frames import Field, Frame, number_field
from simulator.grafana.reducers import UnknownReducer, reduced
from simulator.grafana.transformations.join_by_field import joined_on_time
from simulator.grafana.transformations.moving_window import moving
from simulator.grafana.transformations.operands import OPERATORS, Operand, is_number, operand
from simulator.grafana.transformations.options import Options, UnreadOptionError, mapping, names
from simulator.grafana.transformations.reducing import MILLISECONDS, reducer_title

__all__ = ["calculate_field"]

_Numbers = NDArray[np.float64]
_Named = Sequence[tuple[Field, str]]
_UNARY: Mapping[str, Callable[[_Numbers], _Numbers]] = {
    "abs": np.abs,
    "exp": np.exp,
    "ln": np.log,
    "round": lambda values: np.floor(values + 0.5),
    "floor": np.floor,
    "ceil": np.ceil,
    "percent": lambda values: values / (float(values[np.isfinite(values)].sum()) or 1.0),
}


def calculate_field(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """The frames with the column, or with it alone; series are joined on their time before.

    Raises:
        UnreadOptionError: a mode that is not read.
    """
    mode = str(options.get("mode", "reduceRow"))
    right = mapping(options, "binary").get("right")
    fixed = right.get("fixed") if isinstance(right, dict) else right
    is_fixed = mode == "binary" and fixed is not None and (fixed == "" or is_number(fixed))
    if options.get("timeSeries") is not False and not is_fixed and _are_on_one_time(frames):
        frames = (joined_on_time(frames),)
    found = (_with_column(frame, frames, mode, options) for frame in frames)
    return tuple(frame for frame in found if frame is not None)


def _are_on_one_time(frames: Sequence[Frame]) -> bool:
    times = [next((f.name for f in frame.fields if f.kind == "time"), None) for frame in frames]
    return len(frames) > 1 and None not in times and len(set(times)) == 1


def _with_column(
    frame: Frame, frames: tuple[Frame, ...], mode: str, options: Options
) -> Frame | None:
    named = list(zip(frame.fields, frame_names(frame, frames), strict=True))
    is_alone = options.get("replaceFields") is True
    every = _of_every_field(named, mode, options)
    if every is not None:
        return _with_each(frame, every, options)
    with np.errstate(all="ignore"):  # as JavaScript calculates
        values = _values(named, len(frame), mode, options)
    if values is None:
        return None if is_alone else frame
    keeps_time = is_alone and mode != "index" and options.get("timeSeries") is not False
    times = [field for field in frame.fields if field.kind == "time"][:1] if keeps_time else []
    before = times if is_alone else frame.fields
    return replace(frame, fields=(*before, _column(values, mode, options)))


def _with_each(frame: Frame, new: Mapping[int, Field], options: Options) -> Frame | None:
    """The frame with each of the new columns after the one that it is calculated from."""
    if options.get("replaceFields") is not True:
        pairs = [(field, new.get(n)) for n, field in enumerate(frame.fields)]
        fields = [one for pair in pairs for one in pair if one is not None]
        return replace(frame, fields=tuple(fields))
    keeps_time = options.get("timeSeries") is not False
    times = [field for field in frame.fields if field.kind == "time"][:1] if keeps_time else []
    return replace(frame, fields=(*times, *new.values())) if new else None


def _of_every_field(named: _Named, mode: str, options: Options) -> dict[int, Field] | None:
    """A column for each of the fields of a type; None where one is calculated of one field."""
    binary = mapping(options, "binary")
    left = binary.get("left")
    matcher = mapping(left, "matcher") if isinstance(left, dict) else {}
    if mode != "binary" or matcher.get("id") != "byType":
        return None
    operator, right = str(binary.get("operator", "+")), operand(binary.get("right"), named)
    rows = len(named[0][0]) if named else 0
    other = right.values(named, rows)
    apply = OPERATORS.get(operator)
    if apply is None or other is None:
        return {}
    with np.errstate(all="ignore"):
        return {
            n: replace(f, name=f"{f.name} {operator} {right.text}", numbers=apply(f.numbers, other))
            for n, (f, _) in enumerate(named)
            if f.kind == matcher.get("options") == "number"
        }


def _column(values: _Numbers, mode: str, options: Options) -> Field:
    alias = str(options.get("alias") or "")
    field = number_field(alias or _name(mode, options), values)
    if mode == "index":
        is_share = mapping(options, "index").get("asPercentile") is True
        return replace(field, settings={"unit": "percentunit"} if is_share else {})
    return replace(field, renamed=alias)


def _values(named: _Named, rows: int, mode: str, options: Options) -> _Numbers | None:
    match mode:
        case "reduceRow":
            return _reduced_rows(named, rows, mapping(options, "reduce"))
        case "binary":
            binary = mapping(options, "binary")
            left, right = (operand(binary.get(side), named) for side in ("left", "right"))
            apply = OPERATORS.get(str(binary.get("operator", "+")))
            one, other = left.values(named, rows), right.values(named, rows)
            return None if apply is None or one is None or other is None else apply(one, other)
        case "unary":
            unary = mapping(options, "unary")
            field = _number(named, unary.get("fieldName"))
            change = _UNARY.get(str(unary.get("operator", "abs")))
            return None if field is None or change is None else change(field.numbers)
        case "index":
            count = np.arange(rows, dtype=np.float64)
            return count / rows if mapping(options, "index").get("asPercentile") else count
        case "cumulativeFunctions" | "windowFunctions":
            which = "cumulative" if mode == "cumulativeFunctions" else "window"
            return moving(_number(named, None), named, which, mapping(options, which))
    raise UnreadOptionError(f"mode {mode!r}")


def _number(named: _Named, wanted: object) -> Field | None:
    numbers = [(field, name) for field, name in named if field.kind == "number"]
    if not wanted:
        return numbers[0][0] if numbers else None
    return next((field for field, name in reversed(numbers) if name == wanted), None)


def _reduced_rows(named: _Named, rows: int, options: Options) -> _Numbers:
    calc, include = str(options.get("reducer", "sum")), names(options, "include")
    picked = [
        field
        for field, name in named
        if (
            any(is_named(field, name, one) for one in include)
            if include
            else field.kind == "number"
        )
    ]
    if any(field.kind == "string" for field in picked):
        raise UnreadOptionError("texts in a row that is reduced")
    scales = [MILLISECONDS if field.kind == "time" else 1.0 for field in picked]
    columns = [field.numbers * scale for field, scale in zip(picked, scales, strict=True)]
    found = np.full(rows, np.nan)
    for row in range(rows):
        value = reduced(np.array([column[row] for column in columns]), calc)
        if isinstance(value, UnknownReducer):
            raise UnreadOptionError(str(value))
        found[row] = np.nan if value is None else value
    return found


def _name(mode: str, options: Options) -> str:
    """What the column is called where it has no alias."""
    match mode:
        case "reduceRow":
            return reducer_title(str(mapping(options, "reduce").get("reducer", ""))) or "math"
        case "binary":
            binary = mapping(options, "binary")
            left, right = (Operand.text_of(binary.get(side)) for side in ("left", "right"))
            return f"{left} {binary.get('operator', '+')} {right}" if left and right else ""
        case "unary":
            unary = mapping(options, "unary")
            name = unary.get("fieldName")
            return f"{unary.get('operator') or ''}{f'({name})' if name else ''}"
        case "index":
            return "Row"
    which = mapping(options, "cumulative" if mode == "cumulativeFunctions" else "window")
    field = f"({which['field']})" if which.get("field") else ""
    calc = which.get("reducer") or ""
    if mode == "cumulativeFunctions":
        return f"cumulative {calc}{field}"
    return f"{which.get('windowAlignment') or ''} moving {calc}{field}"
