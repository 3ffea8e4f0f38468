"""A smooth rate through the means of hours, with its integral."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["MARGIN", "SmoothRate"]

#: Hours before and after those that are asked for, whose means shape the edges.
MARGIN: Final = 2


@dataclass(frozen=True)
class SmoothRate:
    """Within each hour a parabola that has the hour's mean, and meets its neighbours at the edges.

    Edges are those of the piecewise parabolic method (Colella and Woodward, 1984): of fourth order
    in the means of the four hours around. They are held between 0 and three times the lesser of
    both hours, where the integral never falls (Fritsch and Carlson, "Monotone piecewise cubic
    interpolation", 1980); so the rate is never negative, and 0 throughout an hour whose mean is 0.
    It is continuous, its means are exact, and so is its integral, a cubic within each hour.

    `means` (hours, columns), `edges` (hours + 1, columns), `running`: the integral up to each edge.
    """

    means: NDArray[np.floating]
    edges: NDArray[np.floating]
    running: NDArray[np.floating]

    @classmethod
    def through(cls, means: NDArray[np.floating]) -> Self:
        """The rate through `means` (hours, columns), all but the first and last two of them.

        >>> rate = SmoothRate.through(np.array([[1.0], [1.0], [1.0], [4.0], [4.0], [4.0]]))
        >>> rate.at(np.array([0.0, 1.0, 1.5])).ravel()
        array([0.75  , 2.5   , 4.3125])
        >>> rate.integral(np.array([0.0, 1.0])).ravel()
        array([0., 1.])
        """
        before, left, right, after = means[:-3], means[1:-2], means[2:-1], means[3:]
        smooth = (7.0 * (left + right) - (before + after)) / 12.0
        edges = np.clip(smooth, 0.0, 3.0 * np.minimum(left, right))
        inner = means[MARGIN:-MARGIN]
        running = np.concatenate([np.zeros_like(inner[:1]), np.cumsum(inner, axis=0)])
        return cls(inner, edges, running)

    def at(self, hours: NDArray[np.floating]) -> NDArray[np.floating]:
        """The rate at `hours` since the first edge, shape (hours, columns)."""
        whole, part = self._split(hours)
        left, rise, bend = self._parabola(whole)
        return np.asarray(left + part * (rise + bend * (1.0 - part)))

    def integral(self, hours: NDArray[np.floating]) -> NDArray[np.floating]:
        """The integral from the first edge to `hours`, shape (hours, columns)."""
        whole, part = self._split(hours)
        left, rise, bend = self._parabola(whole)
        within = part * (left + part * (rise / 2.0 + bend * (0.5 - part / 3.0)))
        return np.asarray(self.running[whole] + within)

    def _split(self, hours: NDArray[np.floating]) -> tuple[NDArray[np.int64], NDArray[np.floating]]:
        whole = np.floor(hours).astype(np.int64)
        return whole, (hours - whole)[:, np.newaxis]

    def _parabola(self, whole: NDArray[np.int64]) -> tuple[NDArray[np.floating], ...]:
        """Per hour asked for: the left edge, the rise to the right one, and the bend between."""
        left, right = self.edges[whole], self.edges[whole + 1]
        return left, right - left, 6.0 * self.means[whole] - 3.0 * (left + right)
