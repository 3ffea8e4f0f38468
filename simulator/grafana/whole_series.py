"""Where a plot shows a point by all that are in sight of its series, and not each by itself."""

from collections.abc import Iterator, Mapping

from simulator.grafana.expressions import POINTWISE
from simulator.grafana.model import Override, Panel
from simulator.grafana.panel_types import panel_type
from simulator.grafana.transformations import is_by_point

__all__ = ["draws_points", "is_styled_by_values", "series_reducer"]

_BY_SERIES = frozenset({"min", "max"})
"""`last` is the point itself at the moment when it is the latest."""


def draws_points(panel: Panel) -> bool:
    """Whether it is a plot in which each point looks as it does whatever the others are."""
    kind = panel_type(panel.type)
    colors = _configured(panel, "color")
    is_reduced = kind.is_drawn_over and any(
        isinstance(one, dict) and one.get("seriesBy") in _BY_SERIES for one in colors
    )
    is_each = not is_reduced and not is_styled_by_values(panel) and _is_pointwise(panel)
    is_each = is_each and all(map(is_by_point, panel.transformations))
    return kind.is_plotted and is_each


def _is_pointwise(panel: Panel) -> bool:
    """Whether expressions, if there are any, calculate each point from those of the same time."""
    calculated = [one.expression for one in panel.targets if one.expression is not None]
    asked = [one for one in panel.targets if one.expression is None]
    return not calculated or (
        all(one.kind in POINTWISE for one in calculated)
        and all(one.kinds == ("range",) for one in asked)
    )


def is_styled_by_values(panel: Panel) -> bool:
    """Whether an override is for fields by their values, and changes what is seen of them."""
    return any(
        override.matcher.id == "byValue" and _changes_anything(override)
        for override in panel.field_config.overrides
    )


def series_reducer(color: object, custom: Mapping[str, object]) -> str:
    """Which reducer of a series its colour is of, "" where each point has its own.

    So it is with a colour by thresholds where neither lines nor a gradient show them.

    >>> series_reducer({"mode": "thresholds", "seriesBy": "max"}, {})
    'max'
    >>> series_reducer({"mode": "thresholds", "seriesBy": "max"}, {"gradientMode": "scheme"})
    ''
    """
    drawn = custom.get("thresholdsStyle")
    is_drawn = isinstance(drawn, dict) and drawn.get("mode", "off") != "off"
    if is_drawn or custom.get("gradientMode") == "scheme" or not isinstance(color, dict):
        return ""
    reducer = color.get("seriesBy")
    return str(reducer) if reducer in _BY_SERIES else ""


def _changes_anything(override: Override) -> bool:
    return any(
        name != "custom.hideFrom" or (isinstance(value, dict) and value.get("viz") is True)
        for name, value in override.properties
    )


def _configured(panel: Panel, name: str) -> Iterator[object]:
    yield panel.field_config.defaults.get(name)
    for override in panel.field_config.overrides:
        yield from (value for key, value in override.properties if key == name)
