"""Series as SVG paths: thinned without losing an extreme, broken where points are missing."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "HEIGHT",
    "WIDTH",
    "area_path",
    "bars_path",
    "dots_path",
    "envelope",
    "line_path",
    "polyline_path",
    "runs",
    "thinned",
]

WIDTH: Final = 1000.0
HEIGHT: Final = 200.0
"""The size of a plot in its own units; the page stretches it."""

_GAP: Final = 3.5
"""Points are missing where the spacing is more than this many times the typical one."""

_MERGED: Final = 0.5
"""Bars nearer than this, in units of the plot, are drawn as one."""

_Floats = NDArray[np.float64]


def thinned(shares: _Floats, values: _Floats, *, n_bins: int = 300) -> NDArray[np.intp]:
    """Positions, in order, of the smallest and largest value of each bin of time.

    `shares` is the time as a share of the span, rising; both of shape (points,), without nan. At
    most two points per bin, and all of them where there are no more than that.

    >>> thinned(np.array([0.0, 0.1, 0.2, 0.9]), np.array([1.0, 9.0, 2.0, 3.0]), n_bins=1).tolist()
    [0, 1]
    """
    if len(values) <= 2 * n_bins:
        return np.arange(len(values))
    bins = np.clip((shares * n_bins).astype(np.intp), 0, n_bins - 1)
    order = np.lexsort((values, bins))
    starts = np.flatnonzero(np.diff(bins[order], prepend=-1))
    ends = np.append(starts[1:], len(values)) - 1
    return np.unique(np.concatenate([order[starts], order[ends]]))


def runs(times: _Floats, values: _Floats) -> Iterator[slice]:
    """The stretches without a gap; nan is a gap, and so is a spacing far above the usual one."""
    known = np.flatnonzero(~np.isnan(values))
    if not known.size:
        return
    spacing = np.diff(times)
    usual = float(np.median(spacing)) if spacing.size else 0.0
    steps = np.diff(times[known])
    breaks = (np.diff(known) > 1) | (steps > _GAP * usual)
    for part in np.split(known, np.flatnonzero(breaks) + 1):
        yield slice(int(part[0]), int(part[-1]) + 1)


def line_path(shares: _Floats, heights: _Floats) -> str:
    """The path of a series, broken at nan and where points are missing; a lone point is a dot.

    >>> line_path(np.array([0.0, 0.5, 1.0]), np.array([1.0, np.nan, 0.5]))
    'M0 0h0M1000 100h0'
    """
    drawn: list[str] = []
    total = max(len(shares), 1)
    for run in runs(shares, heights):
        # each run has its part of the points, so that many short ones are no longer than one
        n_bins = max(1, round(300 * (run.stop - run.start) / total))
        kept = thinned(shares[run], heights[run], n_bins=n_bins)
        drawn.append(_joined(_points(shares[run][kept], heights[run][kept])))
    return "".join(drawn)


def envelope(
    tracks: Sequence[tuple[_Floats, _Floats]], *, n_bins: int = 200
) -> tuple[_Floats, _Floats, _Floats]:
    """Where all the series are: the middle of each bin of time, and the extremes there.

    `tracks` are pairs of shares and heights; bins without a point are nan.
    """
    lows, highs = np.full(n_bins, np.inf), np.full(n_bins, -np.inf)
    for shares, heights in tracks:
        known = ~np.isnan(heights)
        bins = np.clip((shares[known] * n_bins).astype(np.intp), 0, n_bins - 1)
        np.minimum.at(lows, bins, heights[known])
        np.maximum.at(highs, bins, heights[known])
    is_empty = np.isinf(lows)
    middles = (np.arange(n_bins) + 0.5) / n_bins
    return middles, np.where(is_empty, np.nan, lows), np.where(is_empty, np.nan, highs)


def area_path(middles: _Floats, lows: _Floats, highs: _Floats) -> str:
    """The area between two lines, closed per stretch without nan."""
    drawn: list[str] = []
    for run in runs(middles, lows):
        there = _points(middles[run], highs[run])
        back = _points(middles[run][::-1], lows[run][::-1])
        drawn.append(f"M{' '.join([*there, *back])}Z")
    return "".join(drawn)


def polyline_path(shares: _Floats, heights: _Floats) -> str:
    """The path through points in any order, broken at nan; a lone point is a dot.

    >>> polyline_path(np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0]))
    'M0 0L0 200 1000 200'
    >>> polyline_path(np.array([0.0, np.nan, 1.0]), np.array([1.0, np.nan, 0.0]))
    'M0 0h0M1000 200h0'
    """
    drawn: list[str] = []
    is_known = ~np.isnan(shares + heights)
    for part in np.split(np.arange(len(shares)), np.flatnonzero(~is_known)):
        kept = part[is_known[part]]
        if points := list(dict.fromkeys(_points(shares[kept], heights[kept]))):
            drawn.append(_joined(points))
    return "".join(drawn)


def dots_path(shares: _Floats, heights: _Floats) -> str:
    """A dot at each point, without nan; those at the same place are one.

    >>> dots_path(np.array([0.0, 0.0]), np.array([1.0, 1.0]))
    'M0 0h0'
    """
    return "".join(f"M{point}h0" for point in dict.fromkeys(_points(shares, heights)))


def bars_path(spans: _Floats) -> str:
    """Bars from start to end, shares of shape (bars, 2), in order; 10 units high.

    Many short ones near each other are one, which bounds the length of the path.

    >>> bars_path(np.array([[0.0, 0.1], [0.1003, 0.2], [0.5, 0.6]]))
    'M0 0H200V10H0ZM500 0H600V10H500Z'
    """
    if not len(spans):
        return ""
    units = spans * WIDTH
    is_apart = units[1:, 0] - units[:-1, 1] >= _MERGED
    lefts = units[np.append(True, is_apart), 0]
    rights = units[np.append(is_apart, True), 1]
    return "".join(
        f"M{round(left, 1):g} 0H{round(right, 1):g}V10H{round(left, 1):g}Z"
        for left, right in zip(lefts.tolist(), rights.tolist(), strict=True)
    )


def _joined(points: Sequence[str]) -> str:
    return f"M{points[0]}" + ("L" + " ".join(points[1:]) if len(points) > 1 else "h0")


def _points(shares: _Floats, heights: _Floats) -> list[str]:
    return [
        f"{round(x, 1):g} {round(y, 1):g}"
        for x, y in zip(shares * WIDTH, (1.0 - heights) * HEIGHT, strict=True)
    ]
