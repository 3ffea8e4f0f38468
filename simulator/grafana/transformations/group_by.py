"""`groupBy`: rows with the same values in some columns as one, the others reduced."""

import math
from collections.abc import Sequence
from dataclasses import replace

from simulator.grafana.field_names import frame_names, is_named
from simulator.grafana.frames import Cell, Field, Frame, number_field, text_field
from simulator.grafana.number_text import javascript_text
from simulator.grafana.transformations.options import Options, mapping, names
from simulator.grafana.transformations.reducing import MILLISECONDS, known_reducers, reduced_cell

__all__ = ["group_by"]

_COUNTS = frozenset({"count", "countAll", "distinctCount", "changeCount"})


def group_by(frames: tuple[Frame, ...], options: Options) -> tuple[Frame, ...]:
    """A row per group of each frame; frames without any of the columns are left out.

    Raises:
        UnreadOptionError: a reducer that gives no number and no text.
    """
    rules = {
        name: rule for name, rule in mapping(options, "fields").items() if isinstance(rule, dict)
    }
    keys = [name for name, rule in rules.items() if rule.get("operation") == "groupby"]
    if not keys:
        return frames
    found = []
    for frame in frames:
        shown = frame_names(frame, frames)
        # Grafana asks for names without a frame: those that it has from before have their labels
        looked_up = [
            name if len(frames) == 1 and field.name not in keys else field.renamed or field.name
            for field, name in zip(frame.fields, shown, strict=True)
        ]
        grouped = [
            field
            for field, name in zip(frame.fields, shown, strict=True)
            if any(is_named(field, name, key) for key in keys)
        ]
        if not grouped:
            continue
        groups = _groups(grouped, len(frame))
        firsts = [rows[0] for rows in groups]
        fields = [replace(field.taken(firsts), labels=None) for field in grouped]
        for field, name in zip(frame.fields, looked_up, strict=True):
            rule = rules.get(name) or rules.get(field.name) or {}
            fields += [
                _aggregated(field, f"{name} ({calc})", calc, groups) for calc in _calcs(rule)
            ]
        found.append(Frame(frame.ref_id, tuple(fields)))
    return tuple(found)


def _calcs(rule: Options) -> Sequence[str]:
    calcs = names(rule, "aggregations")
    if rule.get("operation") == "aggregate":
        known_reducers(calcs)  # refuses those that give no cell
        return calcs  # an old name is looked up as it is, and there is nothing under it
    # a column that is grouped by may be counted as well, and nothing else
    return calcs if rule.get("operation") == "groupby" and calcs == ("count",) else ()


def _groups(keys: Sequence[Field], n_rows: int) -> list[list[int]]:
    """The rows of each group, the groups in order of appearance."""
    texts = [
        field.texts
        if field.kind == "string"
        else [javascript_text(n) for n in field.numbers.tolist()]
        for field in keys
    ]
    found: dict[str, list[int]] = {}
    for row in range(n_rows):
        found.setdefault(",".join(column[row] for column in texts), []).append(row)
    return list(found.values())


def _aggregated(field: Field, name: str, calc: str, groups: Sequence[Sequence[int]]) -> Field:
    cells = [reduced_cell(field.taken(rows), calc) for rows in groups]
    if calc in _COUNTS or field.kind == "number":
        return number_field(name, (float(one) for one in cells))
    if field.kind == "string":
        return text_field(name, map(_text, cells))
    return number_field(name, (float(one) / MILLISECONDS for one in cells), "time")


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return "" if math.isnan(cell) else javascript_text(cell)
