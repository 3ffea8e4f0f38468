"""Grafana's colour names as CSS colours; text that is no colour never gets through.

The palette is that of packages/grafana-data/src/themes/createVisualizationColors.ts (10 to 13).
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from simulator.grafana.thresholds import FALLBACK_COLOR

__all__ = ["css_color"]

_SHADES = ("super-light-", "light-", "", "semi-dark-", "dark-")
_HUES = {
    "red": ("#FFA6B0", "#FF7383", "#F2495C", "#E02F44", "#C4162A"),
    "orange": ("#FFCB7D", "#FFB357", "#FF9830", "#FF780A", "#FA6400"),
    "yellow": ("#FFF899", "#FFEE52", "#FADE2A", "#F2CC0C", "#E0B400"),
    "green": ("#C8F2C2", "#96D98D", "#73BF69", "#56A64B", "#37872D"),
    "blue": ("#C0D8FF", "#8AB8FF", "#5794F2", "#3274D9", "#1F60C4"),
    "purple": ("#DEB6F2", "#CA95E5", "#B877D9", "#A352CC", "#8F3BB8"),
}
_OTHERS = {
    "black": "#000000",
    "white": "#FFFFFF",
    "gray": "#808080",
    "grey": "#808080",
    "cyan": "#00FFFF",
    "magenta": "#FF00FF",
    "pink": "#FFC0CB",
    "brown": "#A52A2A",
    "teal": "#008080",
    "text": "#9FA7B3",  # the theme's text; between light and dark here
    "transparent": "transparent",
}
_NAMED: Mapping[str, str] = MappingProxyType(
    _OTHERS
    | {
        shade + hue: css
        for hue, row in _HUES.items()
        for shade, css in zip(_SHADES, row, strict=True)
    }
)
_NUMBER = r"\s*\d{1,3}(?:\.\d{1,6})?%?\s*"
_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.ASCII)
_FUNCTION = re.compile(
    rf"(?:rgb|hsl)a?\({_NUMBER},{_NUMBER},{_NUMBER}(?:,\s*\d?(?:\.\d{{1,6}})?\s*)?\)", re.ASCII
)


def css_color(name: str) -> str:
    """The colour for CSS; grey, as Grafana's own fallback, for what it would not understand.

    >>> [css_color(name) for name in ("green", "semi-dark-red", "#FF0", "rgb(1, 2, 3)")]
    ['#73BF69', '#E02F44', '#ff0', 'rgb(1, 2, 3)']
    >>> css_color("red;} body {background: url(//x)"), css_color("")
    ('#808080', '#808080')
    """
    text = name.strip().lower()
    if text in _NAMED:
        return _NAMED[text]
    return text if _HEX.fullmatch(text) or _FUNCTION.fullmatch(text) else FALLBACK_COLOR
