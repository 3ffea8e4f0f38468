"""What is known of each panel type: how it is read, coloured and configured, in one table.

A type that behaves as another one needs its record here and nothing else. One that shows values in
a way of its own needs a view as well, in `simulator.grafana.views`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

__all__ = ["PANEL_TYPES", "PanelType", "ViewKind", "panel_type"]

ViewKind = Literal["plot", "reduced", "latest", "table", "bars", "no data", "unknown"]
"""What is shown of the frames.

plot: every point over time. reduced: a value per field and reducer, or per row. latest: the last
number of each field. table: every cell of one frame. bars: a bar per row. no data: it asks nothing.
"""

_Painting = Callable[[str, Mapping[str, object], Mapping[str, object]], bool]
"""Whether the steps' colours are painted, by the field's colour mode and custom properties, and the
panel's options; for values that no mapping colours."""


def _values(color_mode: str, _custom: Mapping[str, object], _options: Mapping[str, object]) -> bool:
    return color_mode == "thresholds"


def _values_unless_off(
    color_mode: str, _custom: Mapping[str, object], options: Mapping[str, object]
) -> bool:
    return color_mode == "thresholds" and options.get("colorMode") != "none"


def _lines(color_mode: str, custom: Mapping[str, object], _options: Mapping[str, object]) -> bool:
    drawn = custom.get("thresholdsStyle")
    is_drawn = isinstance(drawn, dict) and drawn.get("mode", "off") != "off"
    return color_mode == "thresholds" or is_drawn


_COLORED_CELLS = frozenset({"color-text", "color-background", "gauge"})
_COLORED_DISPLAY_MODES = _COLORED_CELLS | {
    *("color-background-solid", "basic", "gradient-gauge", "lcd-gauge"),
}


def _cells(color_mode: str, custom: Mapping[str, object], _options: Mapping[str, object]) -> bool:
    cells = custom.get("cellOptions")
    kind = cells.get("type") if isinstance(cells, dict) else None
    mode = custom.get("displayMode")
    is_colored = kind in _COLORED_CELLS if kind else mode in _COLORED_DISPLAY_MODES
    return color_mode == "thresholds" and is_colored


def _nothing(*_: object) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class PanelType:
    """One panel type.

    `color` is the colour setting of a field that has none. `without` are the properties that the
    type does not have, which Grafana drops from the JSON, and `custom` are the custom properties
    that it has, of those that are read. `is_drawn_over` says that steps are drawn whatever colour
    a mapping gives a value; `is_always_painted` that thresholds count as painted before any field
    is seen.
    """

    name: str
    view: ViewKind = "unknown"
    is_painted: _Painting = _values
    color: str = "thresholds"
    without: frozenset[str] = frozenset()
    custom: frozenset[str] = frozenset()
    is_drawn_over: bool = False
    is_always_painted: bool = False

    @property
    def is_read(self) -> bool:
        """Whether its values are known; of another one they would be a guess."""
        return self.view not in {"no data", "unknown"}

    @property
    def is_plotted(self) -> bool:
        """Whether it shows every point over time; the others show one state at a time."""
        return self.view == "plot"


_PALETTE = "palette-classic"
_HIDEABLE = frozenset({"hideFrom"})
_LINED = _HIDEABLE | {"thresholdsStyle"}
_UNCOLORED = frozenset({"thresholds"})
_HEATMAP_WITHOUT = _UNCOLORED | {"unit", "decimals", "min", "max", "mappings", "color"}
_CELLS = _HIDEABLE | {"hidden", "cellOptions", "displayMode"}

_TYPES = (
    PanelType("timeseries", "plot", _lines, _PALETTE, custom=_LINED, is_drawn_over=True),
    PanelType("state-timeline", "plot", custom=_HIDEABLE),
    PanelType("status-history", "plot", custom=_HIDEABLE),
    PanelType("stat", "reduced", _values_unless_off, is_always_painted=True),
    PanelType("gauge", "reduced", is_always_painted=True),
    PanelType("bargauge", "reduced", is_always_painted=True),
    PanelType("piechart", "reduced", _values, _PALETTE, _UNCOLORED, custom=_HIDEABLE),
    PanelType("histogram", "latest", _nothing, _PALETTE, custom=_HIDEABLE),
    PanelType("heatmap", "latest", without=_HEATMAP_WITHOUT, custom=_HIDEABLE),
    PanelType("table", "table", _cells, custom=_CELLS),
    PanelType("barchart", "bars", _lines, _PALETTE, custom=_LINED, is_drawn_over=True),
    *(
        PanelType(name, "no data")
        for name in ("row", "text", "news", "dashlist", "alertlist", "annolist", "welcome")
    ),
)

PANEL_TYPES: Mapping[str, PanelType] = MappingProxyType({one.name: one for one in _TYPES})


def panel_type(name: str) -> PanelType:
    """What is known of a panel type, which for most of Grafana's plugins is nothing.

    >>> panel_type("stat").view, panel_type("geomap").is_read
    ('reduced', False)
    """
    return PANEL_TYPES.get(name) or PanelType(name)
