"""Spans of time as bars in lanes, in which none hides another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from simulator.drawing.axes import Axis

__all__ = ["Bar", "Lanes", "first_free_lanes", "merged"]

_LANE_PIXELS: Final = ((3, 13), (8, 6), (20, 4))
"""The height of each lane, by how many there are at most; 13 is high enough for a number."""

_ROOM_BEFORE: Final = 64.0
"""Up to here there is room for a name after the bar, in percent; as much at the other side."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A span with its number on the page and its lane, from 0 on; `about` follows its name."""

    number: int
    name: str
    about: str
    start: float
    end: float
    lane: int
    title: str

    def side(self, axis: Axis) -> str:
        """Where there is room for the name: "after" the bar, "before" it, or "inside" it."""
        if axis.percent(self.end) < _ROOM_BEFORE:
            return "after"
        return "before" if axis.percent(self.start) > 100 - _ROOM_BEFORE else "inside"


@dataclass(frozen=True, slots=True)
class Lanes:
    """Bars under each other."""

    bars: tuple[Bar, ...] = ()

    @property
    def count(self) -> int:
        """How many lanes the bars take."""
        return max((bar.lane for bar in self.bars), default=-1) + 1

    @property
    def pixels(self) -> int:
        """How high a lane is: the more there are, the thinner."""
        return next((pixels for most, pixels in _LANE_PIXELS if self.count <= most), 2)


def first_free_lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """For each span, in order of their starts, the first lane that is free again.

    >>> first_free_lanes([(0.0, 2.0), (1.0, 3.0), (2.0, 4.0)])
    [0, 1, 0]
    """
    free_from: list[float] = []
    found: list[int] = []
    for start, end in spans:
        lane = next((n for n, free in enumerate(free_from) if free <= start), len(free_from))
        free_from[lane : lane + 1] = [end]
        found.append(lane)
    return found


def merged(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The times that at least one span covers, in order.

    >>> merged([(10.0, 40.0), (0.0, 20.0), (50.0, 60.0)])
    [(0.0, 40.0), (50.0, 60.0)]
    """
    found: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found
