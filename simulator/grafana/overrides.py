"""The effective configuration of every field: defaults, then the overrides that match, in order."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.grafana.field_matchers import Candidate, is_matched
from simulator.grafana.field_names import frame_names
from simulator.grafana.frames import Field, Frame
from simulator.grafana.legends import label_text
from simulator.grafana.model import FieldConfig
from simulator.grafana.panel_types import PanelType, panel_type
from simulator.grafana.percent_ranges import Ranges
from simulator.grafana.thresholds import Range, Thresholds, thresholds_from
from simulator.grafana.variables import substitute
from simulator.grafana.whole_series import series_reducer

__all__ = ["Style", "StyledField", "styled_frames"]


@dataclass(frozen=True, slots=True)
class Style:
    """How the values of a field are written and coloured, everything resolved.

    `thresholds_at` is where in the panel's field settings the thresholds are written; "" where they
    are not. `series_by` is the reducer that a whole line has its colour by, "" for none.
    """

    unit: str
    decimals: int | None
    thresholds: Thresholds | None
    thresholds_at: str
    limits: Range | None
    mappings: tuple[object, ...]
    no_value: str
    color_mode: str
    custom: Mapping[str, object]
    series_by: str = ""

    @property
    def is_hidden(self) -> bool:
        """Whether the panel leaves the field out."""
        hide_from = self.custom.get("hideFrom")
        is_out = isinstance(hide_from, dict) and hide_from.get("viz") is True
        return is_out or self.custom.get("hidden") is True


@dataclass(frozen=True, slots=True, eq=False)
class StyledField:
    """A field with its final name and style; the name may still hold `$__calc`.

    `times` are those of its frame in unix seconds, empty where the frame has none.
    `is_named` says that the dashboard gives the name, not the data source. `ref_id` is the target
    of its frame, and `overrides` the indices of those that are for it.
    """

    field: Field
    name: str
    style: Style
    times: NDArray[np.float64]
    is_named: bool
    ref_id: str
    overrides: tuple[int, ...]

    @property
    def source(self) -> str:
        """What tells its thresholds from others of the panel: its query, or a table's column."""
        if self.field.labels is None or self.field.is_column:
            return self.name
        return self.field.of_query or self.ref_id


_NUMBER_ONLY = frozenset({"min", "max", "fieldMinMax", "decimals"})
_PROPERTIES = (
    *("unit", "min", "max", "fieldMinMax", "decimals", "displayName"),
    *("color", "noValue", "mappings", "thresholds"),
)
_COLOR_MODES = re.compile(r"fixed|shades|palette-classic(-by-name)?|continuous-\w+")
_LEADING_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def styled_frames(
    frames: Sequence[Frame],
    config: FieldConfig,
    of_type: str,
) -> tuple[tuple[StyledField, ...], ...]:
    """The fields of each frame with their names and styles."""
    ranges, kind = Ranges(frames), panel_type(of_type)
    styled = []
    for frame in frames:
        times = next((f.numbers for f in frame.fields if f.kind == "time"), np.empty(0))
        fields = []
        for field, name in zip(frame.fields, frame_names(frame, frames), strict=True):
            draft = _Draft(field, name)
            draft.apply_defaults(_defaults(config, kind))
            met = _override(draft, frame, config, kind)
            style = draft.style(ranges)
            fields.append(
                StyledField(field, draft.name, style, times, draft.is_named, frame.ref_id, met)
            )
        styled.append(tuple(fields))
    return tuple(styled)


def _defaults(config: FieldConfig, kind: PanelType) -> dict[str, object]:
    dropped = kind.without
    defaults = {
        name: value
        for name, value in config.defaults.items()
        if name not in dropped and (name in _PROPERTIES or name == "custom")
    }
    if "thresholds" not in dropped:
        found = defaults.get("thresholds", {})
        defaults["thresholds"] = thresholds_from(found) if isinstance(found, dict) else None
    custom = defaults.get("custom")
    if isinstance(custom, dict):
        defaults["custom"] = {name: value for name, value in custom.items() if name in kind.custom}
    color = defaults.get("color")
    if color is None or isinstance(color, dict):
        defaults["color"] = {"mode": kind.color, **(color or {})}
    return defaults


def _override(
    draft: "_Draft", frame: Frame, config: FieldConfig, kind: PanelType
) -> tuple[int, ...]:
    """Applies the overrides that are for the field; their indices."""
    met = []
    for index, override in enumerate(config.overrides):
        candidate = Candidate(draft.field, draft.name, frame.ref_id)
        if not is_matched(override.matcher, candidate):
            continue
        met.append(index)
        for number, (name, value) in enumerate(override.properties):
            if name == "thresholds" and name not in kind.without:
                place = f"overrides[{index}].properties[{number}].value"
                draft.set_thresholds(value, place)
            elif name in _PROPERTIES and name not in kind.without:
                draft.set(name, value)
            elif name.removeprefix("custom.") in kind.custom and name.startswith("custom."):
                draft.set_custom(name.removeprefix("custom."), value)
    return tuple(met)


def _with_field_variables(text: str, field: Field, name: str) -> str:
    """A display name with `${__field.labels.job}` and its kin replaced; `name` is that so far."""

    def of_field(variable: str, path: str) -> str | None:
        if variable != "__field":
            return None
        labels = field.labels or {}
        if path.startswith("labels."):
            return labels.get(path.removeprefix("labels."), "")
        known = {"name": field.name, "displayName": name}
        return known.get(path, label_text(labels)[1:-1] if path == "labels" else None)

    return substitute(text, {}, field=of_field)


def _from_data(settings: Mapping[str, object]) -> dict[str, object]:
    """Settings that a transformation gave, in the form in which a panel's are kept."""
    found = dict(settings)
    thresholds = found.get("thresholds")
    if isinstance(thresholds, dict):
        found["thresholds"] = thresholds_from(thresholds, are_defaults=False)
    return found


class _Draft:
    """A field's configuration while it is put together."""

    def __init__(self, field: Field, name: str) -> None:
        self.field = field
        self.custom: dict[str, object] = {}
        self._values: dict[str, object] = _from_data(field.settings)
        self._thresholds_at = ""
        self._own_name = name
        if field.renamed:
            self._values["displayName"] = field.renamed

    @property
    def name(self) -> str:
        return str(self._values.get("displayName") or self._own_name)

    def apply_defaults(self, defaults: Mapping[str, object]) -> None:
        custom = defaults.get("custom")
        self.custom.update(custom if isinstance(custom, dict) else {})
        for name in _PROPERTIES:
            if name in _NUMBER_ONLY and self.field.kind != "number":
                continue
            if name not in self._values and defaults.get(name) is not None:
                self.set(name, defaults[name])
        low, high = self._number("min"), self._number("max")
        if low is not None and high is not None and low > high:  # of overrides Grafana leaves it so
            self._values |= {"min": high, "max": low}
        self._thresholds_at = "" if "thresholds" in self.field.settings else "defaults.thresholds"

    def set(self, name: str, value: object) -> None:
        if value is None:  # null takes a property away
            self._values.pop(name, None)
        elif name == "mappings" and isinstance(value, list):
            before = self._values.get(name, [])
            self._values[name] = [*value, *(before if isinstance(before, list) else [])]
        elif name == "displayName" and isinstance(value, str):
            self._values[name] = _with_field_variables(value, self.field, self.name)
        else:
            self._values[name] = value

    def set_thresholds(self, value: object, place: str) -> None:
        """Those of an override, written at `place` in the panel."""
        is_object = isinstance(value, dict)
        self._thresholds_at = place if is_object else ""
        found = thresholds_from(value, are_defaults=False) if isinstance(value, dict) else value
        self.set("thresholds", found)

    def set_custom(self, name: str, value: object) -> None:
        if value is None:
            self.custom.pop(name, None)
        else:
            self.custom[name] = value

    @property
    def is_named(self) -> bool:
        return "displayName" in self._values

    def style(self, ranges: Ranges) -> Style:
        low, high = self._number("min"), self._number("max")
        decimals = self._number("decimals")
        thresholds = self._values.get("thresholds")
        mappings = self._values.get("mappings", [])
        return Style(
            unit=str(self._values.get("unit", "")),
            decimals=int(decimals) if decimals is not None and math.isfinite(decimals) else None,
            thresholds=thresholds if isinstance(thresholds, Thresholds) else None,
            thresholds_at=self._thresholds_at,
            limits=ranges.of(self.field, low, high, own=bool(self._values.get("fieldMinMax"))),
            mappings=tuple(mappings) if isinstance(mappings, list) else (),
            no_value=str(self._values.get("noValue", "")),
            color_mode=self._color_mode(),
            custom=self.custom,
            series_by=series_reducer(self._values.get("color"), self.custom),
        )

    def _number(self, name: str) -> float | None:
        value = self._values.get(name)
        if value is None:
            return None
        match = _LEADING_NUMBER.match(str(value))
        return float(match[0]) if match else math.nan

    def _color_mode(self) -> str:
        color = self._values.get("color")
        mode = color.get("mode") if isinstance(color, dict) else None
        known = isinstance(mode, str) and _COLOR_MODES.fullmatch(mode)
        return str(mode) if known else "thresholds"
