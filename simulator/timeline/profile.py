"""Request rate over time, with its integral."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from simulator.timeline.localtime import PARIS

__all__ = ["HOURLY_WEIGHTS", "WEEKDAY_WEIGHTS", "Profile", "ProfileShape"]

ProfileShape = Literal["flat", "daily"]

#: Relative rate by hour of the local day: lunch dip, two office peaks and an evening peak, after
#: French web-use curves (AT Internet and Mediametrie 2007).
HOURLY_WEIGHTS: Final = np.array(
    [0.25, 0.15, 0.10, 0.08, 0.08, 0.12, 0.25, 0.55, 0.95, 1.35, 1.60, 1.55]
    + [1.20, 1.30, 1.60, 1.60, 1.55, 1.65, 1.60, 1.40, 1.45, 1.50, 1.10, 0.60]
)
#: Relative rate by day of the week, Monday first: strong starts, weak weekends.
WEEKDAY_WEIGHTS: Final = np.array([1.10, 1.07, 1.10, 1.07, 1.06, 0.85, 0.75])
_PAYDAY_WEIGHT = 1.10  # first to fifth of the month
_HOUR = 3600.0


def _weight(moment: datetime) -> float:
    local = moment.astimezone(PARIS)
    payday = _PAYDAY_WEIGHT if local.day <= 5 else 1.0  # noqa: PLR2004 - the fifth of the month
    hourly = HOURLY_WEIGHTS[local.hour] / HOURLY_WEIGHTS.mean()
    return float(hourly * WEEKDAY_WEIGHTS[local.weekday()] / WEEKDAY_WEIGHTS.mean() * payday)


@lru_cache(maxsize=64)
def _hourly_table(first_hour: int, hours: int) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Weights of `hours` hours from Unix hour `first_hour`, and their running integral in hours."""
    first = datetime.fromtimestamp(first_hour * _HOUR, UTC)
    weights = np.array([_weight(first + timedelta(hours=h)) for h in range(hours)])
    return weights, np.concatenate([[0.0], np.cumsum(weights)])


@dataclass(frozen=True)
class Profile:
    """A rate of `mean` per second, shaped by the local day and week in Europe/Paris.

    The weight is constant within an hour. Scenario time runs `compression` times as fast as real
    time from `origin` (Unix seconds) on; rates are not changed by it.
    """

    mean: float
    origin: float
    shape: ProfileShape = "daily"
    compression: float = 1.0

    def rate(self, times: NDArray[np.floating]) -> NDArray[np.floating]:
        """Rate per second at Unix seconds `times` (not before the origin), same shape.

        >>> Profile(mean=2.0, origin=0.0, shape="flat").rate(np.array([0.0, 7.0]))
        array([2., 2.])
        """
        if self.shape == "flat":
            return np.full(times.shape, self.mean)
        hours = self._scenario_hours(times)
        weights, _ = self._table(hours)
        return self.mean * weights[np.floor(hours).astype(np.int64)]

    def integral(
        self, starts: NDArray[np.floating], ends: NDArray[np.floating]
    ) -> NDArray[np.floating]:
        """Expected events between Unix seconds `starts` and `ends`, same shape.

        >>> Profile(mean=2.0, origin=0.0, shape="flat").integral(np.array([0.0]), np.array([15.0]))
        array([30.])
        """
        if self.shape == "flat":
            return self.mean * (ends - starts)
        last_hours = self._scenario_hours(ends)
        first_hours = self._scenario_hours(starts)
        weights, running = self._table(last_hours)
        return (
            self.mean
            * (_area(last_hours, weights, running) - _area(first_hours, weights, running))
            * (_HOUR / self.compression)
        )

    def _scenario_hours(self, times: NDArray[np.floating]) -> NDArray[np.floating]:
        """Scenario hours since the full hour in which the origin lies."""
        return (self.origin % _HOUR + (times - self.origin) * self.compression) / _HOUR

    def _table(
        self, hours: NDArray[np.floating]
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        weeks = int(hours.max(initial=0.0) // 168) + 1
        return _hourly_table(int(self.origin // _HOUR), weeks * 168 + 1)


def _area(
    hours: NDArray[np.floating], weights: NDArray[np.floating], running: NDArray[np.floating]
) -> NDArray[np.floating]:
    """Integral from 0 to `hours` of the weights, constant within each hour."""
    whole = np.floor(hours).astype(np.int64)
    return running[whole] + weights[whole] * (hours - whole)
