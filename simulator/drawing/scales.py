"""From values to heights, so that every threshold band stays wide enough to see."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Scale", "ScaleKind", "band_heights", "fitting_scale"]

ScaleKind = Literal["linear", "log", "stretched"]

_SMALLEST_BAND: Final = 0.09
"""Below this share of the height a band of a linear scale is too thin, and others are tried."""

_LOG_RATIO: Final = 1000.0
"""Values over more than three decades are drawn on a logarithmic scale."""

_MARGIN: Final = 0.05
_OUTER_BAND: Final = 0.16
"""The share of the span that is shown of a band beyond the last value."""

_LARGEST: Final = 1e150
"""What is larger is drawn as this, what is smaller than its inverse as 0: no ratio overflows."""

_BEYOND: Final = 1.0 + 1e-9
_WIDENING: Final = 0.5


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high`; "stretched" is asinh((v - center) / knee).

    With its centre at 0 that is a logarithmic scale that has a zero.
    """

    kind: ScaleKind
    low: float
    high: float
    center: float = 0.0
    knee: float = 1.0

    def heights(self, values: ArrayLike) -> NDArray[np.float64]:
        """Heights in [0, 1], 0 at the bottom; what lies outside is at the edge, nan stays nan.

        >>> Scale("linear", 0.0, 4.0).heights([1.0, 9.0]).tolist()
        [0.25, 1.0]
        >>> Scale("log", 1.0, 100.0).heights([10.0]).tolist()
        [0.5]
        """
        inside = np.clip(np.asarray(values, np.float64), self.low, self.high)
        bottom, top = self._bent(np.array([self.low, self.high]))
        return np.clip((self._bent(inside) - bottom) / (top - bottom), 0.0, 1.0)

    @property
    def note(self) -> str:
        """What a reader has to know of it; "" where it is linear."""
        if self.kind == "stretched":
            is_log = self.center == 0
            return (
                "logarithmic scale with a zero"
                if is_log
                else "scale stretched around the thresholds"
            )
        return "logarithmic scale" if self.kind == "log" else ""

    def _bent(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        match self.kind:
            case "linear":
                return values
            case "log":
                return np.log(values)
            case "stretched":
                return np.arcsinh((values - self.center) / self.knee)


def band_heights(scale: Scale, edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """The heights of the bands between sorted edges, the outermost two included."""
    inner = scale.heights(edges)
    return np.diff(inner, prepend=0.0, append=1.0)


def fitting_scale(values: NDArray[np.float64], edges: NDArray[np.float64]) -> Scale:
    """The plainest scale on which all finite values and edges are seen, and each band between them.

    Linear where that does; logarithmic for positive values of more than three decades; else
    whichever leaves the thinnest band the most room.

    >>> fitting_scale(np.array([0.0, 0.4]), np.array([0.1, 0.25])).kind
    'linear'
    >>> fitting_scale(np.array([0.0, 90_000.0]), np.array([1000.0, 10_000.0])).kind
    'stretched'
    """
    values, edges = _drawable(values), np.unique(_drawable(edges))
    seen = np.concatenate([values, edges])
    if not seen.size:
        return Scale("linear", 0.0, 1.0)
    low, high = _span(values, edges)
    linear = Scale("linear", low, high)
    logarithmic = _logarithmic(seen, edges)
    if logarithmic and logarithmic.kind == "log" and seen.max() / seen.min() > _LOG_RATIO:
        return logarithmic
    if not edges.size:
        is_wide = logarithmic and seen.max() / logarithmic.knee > _LOG_RATIO
        return logarithmic if logarithmic and logarithmic.kind != "log" and is_wide else linear
    if band_heights(linear, edges).min() >= _SMALLEST_BAND:
        return linear
    candidates = [linear, _around(edges, values, low, high)]
    if logarithmic:
        candidates.insert(1, logarithmic)
    return max(candidates, key=lambda scale: band_heights(scale, edges).min())


def _drawable(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The finite values, without those too large or too near zero to calculate with."""
    finite = np.clip(values[np.isfinite(values)], -_LARGEST, _LARGEST)
    return np.where(np.abs(finite) < 1 / _LARGEST, 0.0, finite)


def _span(values: NDArray[np.float64], edges: NDArray[np.float64]) -> tuple[float, float]:
    """The values and edges with a margin, wider where a band would not show; 0 is a floor."""
    seen = np.concatenate([values, edges])
    low, high = float(seen.min()), float(seen.max())
    span = high - low or abs(high) * _WIDENING or 1.0
    below = above = _MARGIN * span
    if edges.size and edges[0] <= low:
        below = _OUTER_BAND * span
    if edges.size and edges[-1] >= high:
        above = _OUTER_BAND * span
    has_floor = low >= 0 and not (edges.size and edges[0] <= 0)
    return max(low - below, 0.0) if has_floor else low - below, high + above


def _logarithmic(seen: NDArray[np.float64], edges: NDArray[np.float64]) -> Scale | None:
    """A logarithmic scale for values from 0 on, with a zero where there are zeros."""
    positive = seen[seen > 0]
    if not positive.size or seen.min() < 0 or (edges.size and edges[0] <= 0):
        return None
    low, high = float(seen.min()), float(seen.max())
    if low > 0:
        widened = (high / low) ** _OUTER_BAND * _BEYOND
        return Scale("log", low / widened, high * widened)
    typical = float(edges[0] if edges.size else np.median(positive))
    knee = max(typical / 4, high / 1e6)
    return Scale("stretched", 0.0, high * (high / knee) ** _OUTER_BAND * _BEYOND, knee=knee)


def _around(
    edges: NDArray[np.float64], values: NDArray[np.float64], low: float, high: float
) -> Scale:
    """A scale that gives the room to what is around the thresholds."""
    center = float(edges[0] + edges[-1]) / 2
    knee = float(edges[-1] - edges[0]) / 2
    if not knee:
        distances = np.abs(values - center)
        knee = float(np.median(distances[distances > 0])) if np.any(distances) else 0.0
    return Scale("stretched", low, high, center, knee or (high - low) / 4)
