"""Answers of range queries on the grid of times that was asked for."""

import numpy as np
from numpy.typing import NDArray

from simulator.grafana.frames import Series

__all__ = ["grid_values", "places_on_grid"]


def places_on_grid(
    series: Series, first: float, step: float, count: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The places of a series' points among `count` times from `first` on, and their values.

    Points beyond are left out: some servers answer from times of their own choice.

    >>> series = Series({}, np.array([0.0, 60.0, 300.0]), np.array([1.0, 2.0, 3.0]))
    >>> [one.tolist() for one in places_on_grid(series, 0.0, 30.0, 4)]
    [[0, 2], [1.0, 2.0]]
    """
    places = np.rint((series.times - first) / step).astype(np.int64)
    is_inside = (places >= 0) & (places < count)
    return places[is_inside], series.values[is_inside]


def grid_values(series: Series, first: float, step: float, count: int) -> NDArray[np.float64]:
    """The values at these times, nan where there is none, shape (count,)."""
    row = np.full(count, np.nan)
    places, values = places_on_grid(series, first, step, count)
    row[places] = values
    return row
