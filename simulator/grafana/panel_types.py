"""What is known of each panel type: how it is read, coloured and configured, in one table.

A type that behaves as another one needs its record here and nothing else. One that shows values in
a way of its own needs a view as well, in `simulator.grafana.views`. What Grafana turns into another
type on load is in `SUCCESSORS`, and `simulator.grafana.migrations` says how.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

__all__ = [
    "BY_X_AXIS",
    "PANEL_TYPES",
    "SINGLE_STATS",
    "SUCCESSORS",
    "PanelType",
    "ViewKind",
    "panel_type",
]

ViewKind = Literal["plot", "reduced", "latest", "cells", "table", "bars", "no data", "unknown"]
"""What is shown of the frames.

plot: every point over time. reduced: a value per field and reducer, or per row. latest: the last
number of each field. cells: counts over time and buckets, those above zero. table: every cell of
one frame. bars: a bar per row. no data: it asks nothing.
"""

_COLORED_CELLS = frozenset({"color-text", "color-background", "gauge"})
_COLORED_DISPLAY_MODES = _COLORED_CELLS | {
    *("color-background-solid", "basic", "gradient-gauge", "lcd-gauge"),
}


@dataclass(frozen=True, slots=True)
class PanelType:
    """One panel type.

    `painting` is what takes the steps' colours: values, which an option may turn off, lines, cells
    or nothing. `color` is the colour setting of a field that has none. `without` are the properties
    that the type does not have, which Grafana drops from the JSON, and `custom` the custom ones
    that it has, of those that are read. `is_always_painted` says that thresholds count as painted
    before any field is seen, `has_ends` that its bar, arc or axis goes from the field's min to its
    max. `why_unread` says what it shows instead, of one that is not read.
    """

    name: str
    view: ViewKind = "unknown"
    painting: Literal["values", "values unless off", "lines", "cells", "nothing"] = "values"
    color: str = "thresholds"
    without: frozenset[str] = frozenset()
    custom: frozenset[str] = frozenset()
    is_always_painted: bool = False
    has_ends: bool = False
    why_unread: str = ""

    @property
    def is_read(self) -> bool:
        """Whether its values are known; of another one they would be a guess."""
        return self.view not in {"no data", "unknown"}

    @property
    def is_plotted(self) -> bool:
        """Whether it shows every point over time; the others show one state at a time."""
        return self.view == "plot"

    @property
    def shows_every_value(self) -> bool:
        """Whether a number is shown whatever it is; a heatmap leaves out cells of nothing."""
        return self.view != "cells"

    @property
    def draws_the_infinite(self) -> bool:
        """Whether an infinite number is shown; a bar of it would have no end."""
        return self.view not in {"plot", "bars"}

    @property
    def is_drawn_over(self) -> bool:
        """Whether lines and bars take the steps' colours whatever colour a mapping gives."""
        return self.painting == "lines"

    def paints(
        self, color_mode: str, custom: Mapping[str, object], options: Mapping[str, object]
    ) -> bool:
        """Whether the steps' colours are seen, for a value that no mapping colours.

        By the colour mode and custom properties of the value's field, and the panel's options.
        """
        is_by_step = color_mode == "thresholds"
        match self.painting:
            case "values unless off":
                return is_by_step and options.get("colorMode") != "none"
            case "lines":
                drawn = custom.get("thresholdsStyle")
                return is_by_step or (isinstance(drawn, dict) and drawn.get("mode", "off") != "off")
            case "cells":
                cells, mode = custom.get("cellOptions"), custom.get("displayMode")
                kind = str(cells.get("type") or "") if isinstance(cells, dict) else ""
                is_colored = kind in _COLORED_CELLS if kind else str(mode) in _COLORED_DISPLAY_MODES
                return is_by_step and is_colored
        return is_by_step and self.painting == "values"


SINGLE_STATS = frozenset({"stat", "gauge", "bargauge"})
"""The types that have been one in Grafana 6, and are migrated alike."""

SUCCESSORS: Mapping[str, str] = MappingProxyType(
    {
        "graph": "timeseries",
        "singlestat": "stat",
        "grafana-singlestat-panel": "stat",
        "table-old": "table",
        "grafana-piechart-panel": "piechart",
        "grafana-worldmap-panel": "geomap",
        "heatmap-new": "heatmap",
    }
)
"""The types that Grafana turns into others when it loads a dashboard (`autoMigrateAngular`)."""

BY_X_AXIS: Mapping[object, str] = MappingProxyType({"series": "bargauge", "histogram": "histogram"})
"""What becomes of a `graph` whose x axis has another mode than time."""

_PALETTE = "palette-classic"
_HIDEABLE = frozenset({"hideFrom"})
_LINED = _HIDEABLE | {"thresholdsStyle", "gradientMode"}
_UNCOLORED = frozenset({"thresholds"})
_HEATMAP_WITHOUT = _UNCOLORED | {"unit", "decimals", "min", "max", "mappings", "color"}
_CELLS = _HIDEABLE | {"hidden", "cellOptions", "displayMode"}

_OWN_STEPS = "thresholds in settings of this plugin, and not in those of fields"
_A_PLUGIN = "a plugin, of which nobody here knows what it paints"

_TYPES = (
    PanelType("timeseries", "plot", "lines", _PALETTE, custom=_LINED, has_ends=True),
    PanelType("state-timeline", "plot", color="continuous-GrYlRd", custom=_HIDEABLE),
    PanelType("status-history", "plot", custom=_HIDEABLE),
    PanelType("stat", "reduced", "values unless off", is_always_painted=True),
    PanelType("gauge", "reduced", is_always_painted=True, has_ends=True),
    PanelType("bargauge", "reduced", is_always_painted=True, has_ends=True),
    PanelType("piechart", "reduced", color=_PALETTE, without=_UNCOLORED, custom=_HIDEABLE),
    PanelType("histogram", "latest", "nothing", _PALETTE, custom=_HIDEABLE),
    PanelType("heatmap", "cells", without=_HEATMAP_WITHOUT, custom=_HIDEABLE),
    PanelType("table", "table", "cells", custom=_CELLS),
    PanelType("barchart", "bars", "lines", _PALETTE, custom=_LINED, has_ends=True),
    *(
        PanelType(name, "no data")
        for name in (
            *("row", "text", "news", "dashlist", "alertlist", "annolist", "welcome"),
            *("gettingstarted", "pluginlist", "alertGroups", "grafana-clock-panel"),
        )
    ),
    *(
        PanelType(name, why_unread=why)
        for name, why in (
            ("xychart", "it plots two numbers of a frame against each other"),
            ("trend", "it plots against a number that rises, not against time"),
            ("candlestick", "its candles have colours for up and down, not those of steps"),
            ("canvas", "its elements decide what it paints, and not its fields"),
            ("geomap", "it places markers on a map"),
            ("nodeGraph", "it draws nodes and edges, which no PromQL gives"),
            ("logs", "it prints lines of text, and paints no steps"),
            ("traces", "it draws traces, which no PromQL gives"),
            ("flamegraph", "it draws profiles, which no PromQL gives"),
            ("datagrid", "it holds cells that are typed in"),
            ("grafana-polystat-panel", f"its polygons have {_OWN_STEPS}"),
            ("flant-statusmap-panel", f"its cells have {_OWN_STEPS}"),
            ("vonage-status-panel", f"its rows have {_OWN_STEPS}"),
            ("natel-discrete-panel", f"its states have {_OWN_STEPS}"),
            ("michaeldmoore-multistat-panel", f"its bars have {_OWN_STEPS}"),
            ("jdbranham-diagram-panel", f"the nodes of its diagram have {_OWN_STEPS}"),
            ("agenty-flowcharting-panel", f"the shapes of its chart have {_OWN_STEPS}"),
            ("briangann-gauge-panel", f"its gauge has {_OWN_STEPS}"),
            ("btplc-status-dot-panel", f"its dots have {_OWN_STEPS}"),
            ("snuids-trafficlights-panel", f"its lights have {_OWN_STEPS}"),
            ("yesoreyeram-boomtable-panel", f"its cells have {_OWN_STEPS}"),
        )
    ),
)

PANEL_TYPES: Mapping[str, PanelType] = MappingProxyType({one.name: one for one in _TYPES})


def panel_type(name: str) -> PanelType:
    """What is known of a panel type, which for most of Grafana's plugins is nothing.

    >>> panel_type("stat").view, panel_type("geomap").is_read
    ('reduced', False)
    """
    return PANEL_TYPES.get(name) or PanelType(name, why_unread=_A_PLUGIN)
