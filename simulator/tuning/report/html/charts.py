"""What a chart is: axes, lines, dots and marked settings, with every position in percent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.drawing.labels import Label
from simulator.drawing.scales import Scale

__all__ = ["Axis", "Chart", "ChartMark", "ChartPath", "spread_labels"]

Floats = NDArray[np.float64]

_PAD: Final = 0.04
_NEAR: Final = (22.0, 11.0)
"""Within so many percent to the side and up, two labels would touch."""

_RIGHT: Final = 62.0
"""Beyond this there is no room for a label after its mark."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale with room at both ends, so that what is at an end is not cut."""

    scale: Scale

    def shares(self, values: ArrayLike) -> Floats:
        """Places from 0 to 1 along the axis.

        >>> Axis(Scale("linear", 0.0, 1.0)).shares([0.0, 0.5, 1.0]).round(3).tolist()
        [0.04, 0.5, 0.96]
        """
        return _PAD + (1.0 - 2.0 * _PAD) * self.scale.heights(values)

    def percent(self, value: float) -> float:
        """The same of one value in percent."""
        return round(float(self.shares([value])[0]) * 100.0, 2)


@dataclass(frozen=True, slots=True)
class ChartPath:
    """A path with the class of its style; what it is stands in the legend, "" for nothing."""

    kind: str
    path: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ChartMark:
    """A setting: from the left and the top in percent; its label is to a side and up or down."""

    kind: str
    left: float
    top: float
    label: str
    title: str
    side: str = "after"
    shift: str = "level"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart; `empty` says why there is nothing to draw, and `notes` what is not seen in it."""

    title: str
    x_name: str
    y_name: str
    description: str
    x_labels: tuple[Label, ...] = ()
    y_labels: tuple[Label, ...] = ()
    paths: tuple[ChartPath, ...] = ()
    marks: tuple[ChartMark, ...] = ()
    notes: tuple[str, ...] = ()
    empty: str = ""

    @property
    def gutter(self) -> int:
        """How many characters the labels at the side need."""
        return max((len(label.text) for label in self.y_labels), default=1)


def spread_labels(marks: Sequence[ChartMark]) -> tuple[ChartMark, ...]:
    """The marks with labels where there is room: beside them, and apart where two are near."""
    sided = [replace(m, side="before" if m.left > _RIGHT else "after") for m in marks]
    if len(sided) == 2 and _touch(*sided):  # noqa: PLR2004 - more than today's and the proposal's never are
        lower = max(range(2), key=lambda n: (sided[n].top, n))
        return tuple(
            replace(mark, side=sided[lower].side, shift="down" if n == lower else "up")
            for n, mark in enumerate(sided)
        )
    return tuple(sided)


def _touch(one: ChartMark, other: ChartMark) -> bool:
    return abs(one.left - other.left) < _NEAR[0] and abs(one.top - other.top) < _NEAR[1]
