"""`rowsToFields`: each row of a table as a column, named by one of its cells.

public/app/features/transformers/rowsToFields/rowsToFields.ts.
"""

from collections.abc import Mapping
from dataclasses import replace

from simulator.grafana.field_names import frame_names
from simulator.grafana.frames import Cell, Field, Frame
from simulator.grafana.number_text import javascript_text
from simulator.grafana.transformations.field_settings import (
    LABEL,
    NAME,
    VALUE,
    Rule,
    rules_for,
    settings_from,
)
from simulator.grafana.transformations.options import Options

__all__ = ["rows_to_fields"]


def rows_to_fields(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """Each frame as one row; unchanged where it has no text to name columns by, or no number.

    Raises:
        UnreadOptionError: a setting that is not read.
    """
    return tuple(_turned(frame, options) for frame in frames)


def _turned(frame: Frame, options: Options) -> Frame:
    fields = dict(zip(frame_names(frame, [frame]), frame.fields, strict=True))
    rules = _with_roles(fields, rules_for(list(fields), options))
    name, value = (next((n for n in fields if rules[n].handler == r), None) for r in (NAME, VALUE))
    if name is None or value is None:
        return frame
    columns = []
    for row in range(len(frame)):
        cells = {one: _cell(field, row) for one, field in fields.items()}
        labels = {n: _text(c) for n, c in cells.items() if rules[n].handler == LABEL}
        settings = settings_from(cells, rules)
        column = replace(
            fields[value].taken([row]),
            name=_text(cells[name]),
            labels={**(fields[name].labels or {}), **labels},
            source_name="",
            renamed=str(settings.get("displayName", "")),
            settings=settings,
            is_column=True,
        )
        columns.append(column)
    return Frame(frame.ref_id, tuple(columns))


def _with_roles(fields: Mapping[str, Field], rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """The rules, where the first text names and the first number is the value unless others are.

    All that is nothing else is a label, a column that is not to be anything included.
    """
    handlers = {rule.handler for rule in rules.values()}
    wanted = {
        kind: role for kind, role in (("string", NAME), ("number", VALUE)) if role not in handlers
    }
    found = {}
    for name, rule in rules.items():
        new = rule
        kind = fields[name].kind
        if not rule.handler:
            role = wanted.pop(kind, LABEL) if not rule.is_given else LABEL
            new = replace(rule, handler=role)
        found[name] = new
    return found


def _cell(field: Field, row: int) -> Cell:
    return field.texts[row] if field.kind == "string" else float(field.numbers[row])


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else javascript_text(cell)
