"""One value as a panel shows it: its text, its threshold step, and whether that is seen."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from simulator.grafana.json_objects import javascript_number
from simulator.grafana.model import Panel
from simulator.grafana.overrides import Style, StyledField
from simulator.grafana.panel_types import panel_type
from simulator.grafana.thresholds import Range, Thresholds, active_step
from simulator.grafana.units import formatted
from simulator.grafana.value_mappings import mapped

__all__ = ["Shown", "shown_number", "shown_text", "shown_time"]


@dataclass(frozen=True, slots=True)
class Shown:
    """One value a panel shows.

    `value` is text for a text column, None for null or no point; `row` tells the rows of a table
    apart. `step` is the index of the active threshold step, None where the value reaches none,
    and `step_color` its colour as in the JSON. `is_color_seen` says whether the viewer sees that
    colour: the panel may colour otherwise, or not at all; `is_painted` that the panel paints the
    steps of this field at all, whatever a mapping does to this value. `source` and `thresholds`
    tell which of the panel's thresholds these are, `thresholds_at` where in the file they are
    written, `calc` which reducer gave the value.
    `unsupported` names a reducer that could not be applied.
    """

    name: str
    value: float | str | None
    text: str
    step: int | None
    step_color: str | None
    is_color_seen: bool
    unit: str
    row: str = ""
    unsupported: str = ""
    is_painted: bool = False
    source: str = ""
    calc: str = ""
    thresholds: Thresholds | None = None
    thresholds_at: str = ""
    limits: Range | None = None


def shown_number(panel: Panel, field: StyledField, value: float | None) -> Shown:
    """A number as one of this field's values, with its step."""
    style = field.style
    steps = style.thresholds.steps if style.thresholds else ()
    step = active_step(value, style.thresholds, style.limits) if style.thresholds else None
    replaced = mapped(style.mappings, value)
    text = replaced.text if replaced and replaced.text is not None else None
    kind = panel_type(panel.type)
    is_recolored = not kind.is_drawn_over and replaced is not None and replaced.color is not None
    is_painted = style.thresholds is not None and kind.paints(
        style.color_mode, style.custom, panel.options
    )
    return Shown(
        name=field.name,
        value=value,
        text=text if text is not None else _plain_text(value, style),
        step=step,
        step_color=None if step is None else steps[step].color,
        is_color_seen=step is not None and not is_recolored and is_painted,
        unit=style.unit,
        is_painted=is_painted,
        source=field.source,
        thresholds=style.thresholds,
        thresholds_at=_place(panel.config_at, style.thresholds_at),
        limits=style.limits,
    )


def shown_text(field: StyledField, value: str | None) -> Shown:
    """A cell of a text column; it takes no step."""
    style = field.style
    replaced = mapped(style.mappings, value)
    text = replaced.text if replaced else None
    if text is None and value:
        # a label that reads as a number is written as one where the field has a unit
        number = javascript_number(value) if style.unit else math.nan
        text = value if math.isnan(number) else formatted(number, style.unit, style.decimals)
    return Shown(
        name=field.name,
        value=value,
        text=text or style.no_value,
        step=None,
        step_color=None,
        is_color_seen=False,
        unit=style.unit,
        source=field.source,
    )


def shown_time(field: StyledField, value: float | None) -> Shown:
    """A time as a value, in milliseconds; it takes no step."""
    value = None if value is None or math.isnan(value) else value
    text = "" if value is None else f"{datetime.fromtimestamp(value, UTC):%Y-%m-%d %H:%M:%S}"
    return Shown(
        name=field.name,
        value=None if value is None else value * 1000,
        text=text or field.style.no_value,
        step=None,
        step_color=None,
        is_color_seen=False,
        unit=field.style.unit,
        source=field.source,
    )


def _place(config: str, thresholds: str) -> str:
    return f"{config}.{thresholds}" if config and thresholds else ""


def _plain_text(value: float | None, style: Style) -> str:
    if value is None:
        return style.no_value
    return formatted(value, style.unit, style.decimals)
