"""What a chart shows, in the terms of its data; `chart.html.j2` draws it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from simulator.drawing.axes import Axis
from simulator.drawing.lanes import Lanes
from simulator.drawing.paths import (
    area_path,
    bars_path,
    dots_path,
    envelope,
    line_path,
    polyline_path,
)
from simulator.drawing.scales import Scale

__all__ = [
    "Band",
    "Chart",
    "Curve",
    "Key",
    "Limit",
    "Mark",
    "PlacedMark",
    "Strip",
    "gutter",
    "marked_chart",
]

Floats = NDArray[np.float64]

_NEAR: Final = (22.0, 11.0)
"""In percent to the side and up: nearer, two labels would touch."""

_RIGHT: Final = 62.0
"""Beyond this there is no room for a label after its mark."""

_BLANK: Final = Axis(Scale("linear", 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class Band:
    """All between two values of one axis; `kind` is the class of its style, as everywhere here."""

    kind: str
    low: float
    high: float
    title: str = ""
    color: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A line across the chart at a value."""

    kind: str
    at: float
    title: str


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Points, `x` and `y` of shape (points,), and how they are drawn.

    A "series" is thinned and broken where points are missing, a "polyline" is broken at nan,
    "steps" go across before they go up and on to the right edge; "dots" are not joined.
    """

    kind: str
    x: Floats
    y: Floats
    form: Literal["series", "polyline", "steps", "dots"] = "series"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that matters, with a label beside it if it has one.

    A dotted line leads from it to the value `reach`, where that is given.
    """

    kind: str
    x: float
    y: float
    title: str
    label: str = ""
    color: str = ""
    reach: float | None = None


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark with its place in percent from the left and the top, and that of its label."""

    mark: Mark
    left: float
    top: float
    side: str = "after"
    shift: str = "level"


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """When something was on, under the chart: `spans` from when to when, shape (spans, 2)."""

    kind: str
    name: str
    title: str
    spans: Floats
    windows: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: what stands for it, its name, and more about it."""

    kind: str
    name: str
    about: str = ""
    symbol: Literal["swatch", "line", "dots"] = "swatch"


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A chart; `empty` says why there is nothing to draw, and `notes` what is not seen in it.

    `bands` lie along the values, `windows` along x; `area` are the series, pairs of x and y, that
    the shade spans; `lanes` and `strips` are under the chart along its x.
    """

    title: str
    x: Axis = _BLANK
    y: Axis = _BLANK
    description: str = ""
    bands: tuple[Band, ...] = ()
    windows: tuple[Band, ...] = ()
    limits: tuple[Limit, ...] = ()
    area: tuple[tuple[Floats, Floats], ...] = ()
    curves: tuple[Curve, ...] = ()
    marks: tuple[Mark, ...] = ()
    lanes: Lanes = field(default_factory=Lanes)
    strips: tuple[Strip, ...] = ()
    keys: tuple[Key, ...] = ()
    notes: tuple[str, ...] = ()
    empty: str = ""

    @property
    def area_path(self) -> str:
        """The shade as an SVG path."""
        return area_path(*envelope([(self.x.shares(x), self.y.shares(y)) for x, y in self.area]))

    def path(self, curve: Curve) -> str:
        """A curve as an SVG path."""
        x, y = self.x.shares(curve.x), self.y.shares(curve.y)
        match curve.form:
            case "series":
                return line_path(x, y)
            case "polyline":
                return polyline_path(x, y)
            case "steps":
                return polyline_path(np.append(np.repeat(x, 2)[1:], 1.0), np.repeat(y, 2))
            case "dots":
                return dots_path(x, y)

    def strip_path(self, strip: Strip) -> str:
        """The spans of a strip as an SVG path."""
        return bars_path(self.x.shares(strip.spans))

    @property
    def placed_marks(self) -> tuple[PlacedMark, ...]:
        """The marks with labels where there is room: beside them, and apart where two are near."""
        placed = [PlacedMark(m, self.x.percent(m.x), self.y.top(m.y)) for m in self.marks]
        sided = [replace(one, side="before") if one.left > _RIGHT else one for one in placed]
        if len(sided) != 2 or not _touch(*sided):  # noqa: PLR2004 - today's and the proposal's
            return tuple(sided)
        lower = max(range(2), key=lambda n: (sided[n].top, n))
        return tuple(
            replace(one, side=sided[lower].side, shift="down" if n == lower else "up")
            for n, one in enumerate(sided)
        )


def marked_chart(  # noqa: PLR0913, PLR0917 - the parts of a chart
    title: str,
    x: Axis,
    y: Axis,
    curves: Sequence[Curve],
    marks: Sequence[Mark],
    notes: Iterable[str],
) -> Chart:
    """A chart with a legend of its marks, which it is described by, and of curves with a name."""
    named = [one for one in curves if one.name]
    return Chart(
        title,
        x,
        y,
        description="; ".join(f"{mark.label}: {mark.title}" for mark in marks),
        curves=tuple(curves),
        marks=tuple(marks),
        keys=(
            *(Key(c.kind, c.name, symbol="dots" if c.form == "dots" else "line") for c in named),
            *(Key(f"mark key {one.kind}", one.label, one.title) for one in marks),
        ),
        notes=tuple(notes),
    )


def gutter(charts: Sequence[Chart]) -> int:
    """How many characters the labels at the side of any of the charts need."""
    return max((len(tick.text) for chart in charts for tick in chart.y.ticks), default=1)


def _touch(one: PlacedMark, other: PlacedMark) -> bool:
    return abs(one.left - other.left) < _NEAR[0] and abs(one.top - other.top) < _NEAR[1]
