"""Request rate over time, with its integral."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from simulator.timeline.localtime import full_hour
from simulator.timeline.smooth_rate import MARGIN, SmoothRate
from simulator.timeline.week import Week, weekly_hours

__all__ = ["Profile", "ProfileShape"]

ProfileShape = Literal["flat", "daily"]

_PAYDAY_WEIGHT: Final = 1.10  # first to fifth of the month
_LAST_PAYDAY: Final = 5
_HOUR: Final = 3600.0
_WEEK_HOURS: Final = 168


@dataclass(frozen=True)
class Profile:
    """Rates of several parts of the traffic, shaped by the day and week on the clocks of a zone.

    Part `i` has `means[i]` per second over an ordinary week, shaped by `weeks[i]`: smooth from hour
    to hour, a tenth more on the first five days of a month, and on public holidays of `country` as
    on a Sunday. Scenario time runs `compression` times as fast as real time from `origin` (Unix
    seconds) on; rates are not changed by it.
    """

    means: tuple[float, ...]
    weeks: tuple[Week, ...]
    origin: float
    country: str = "FR"
    time_zone: str = "Europe/Paris"
    shape: ProfileShape = "daily"
    compression: float = 1.0

    def rates(self, times: NDArray[np.floating]) -> NDArray[np.floating]:
        """Rates per second at Unix seconds `times` (not before the origin), shape (times, parts).

        >>> Profile((2.0,), (), origin=0.0, shape="flat").rates(np.array([0.0, 7.0])).tolist()
        [[2.0], [2.0]]
        """
        means = np.array(self.means)
        if self.shape == "flat":
            return np.tile(means, (len(times), 1))
        hours = self._scenario_hours(times)
        return np.asarray(means * self._curve(hours).at(hours))

    def integrals(
        self, starts: NDArray[np.floating], ends: NDArray[np.floating]
    ) -> NDArray[np.floating]:
        """Expected events between Unix seconds `starts` and `ends`, shape (spans, parts).

        >>> flat = Profile((2.0,), (), origin=0.0, shape="flat")
        >>> flat.integrals(np.array([0.0]), np.array([15.0])).tolist()
        [[30.0]]
        """
        means = np.array(self.means)
        if self.shape == "flat":
            return np.asarray(means * (ends - starts)[:, np.newaxis])
        last, first = self._scenario_hours(ends), self._scenario_hours(starts)
        curve = self._curve(last)
        hours = np.maximum(curve.integral(last) - curve.integral(first), 0.0)  # but for rounding
        return np.asarray(means * hours * (_HOUR / self.compression))

    def _scenario_hours(self, times: NDArray[np.floating]) -> NDArray[np.floating]:
        """Scenario hours since the full local hour in which the origin lies."""
        since = self.origin - full_hour(self.origin, ZoneInfo(self.time_zone))
        return (since + (times - self.origin) * self.compression) / _HOUR

    def _curve(self, hours: NDArray[np.floating]) -> SmoothRate:
        n_weeks = int(hours.max(initial=0.0) // _WEEK_HOURS) + 1
        zone = ZoneInfo(self.time_zone)
        first = full_hour(self.origin, zone)
        return _curve(self.weeks, self.country, zone, first, n_weeks * _WEEK_HOURS + 1)


@lru_cache(maxsize=64)
def _curve(
    weeks: tuple[Week, ...], country: str, zone: ZoneInfo, first_hour: float, hours: int
) -> SmoothRate:
    """The rate of each part, with a mean of 1 over a week, for hours from `first_hour` on."""
    first = datetime.fromtimestamp(first_hour - MARGIN * _HOUR, UTC)
    moments = [(first + timedelta(hours=h)).astimezone(zone) for h in range(hours + 2 * MARGIN)]
    by_hour = np.stack([week.weights.ravel() for week in weeks], axis=1)
    of_month = _monthly(moments)[:, np.newaxis]
    return SmoothRate.through(by_hour[weekly_hours(moments, country)] * of_month)


def _monthly(moments: Sequence[datetime]) -> NDArray[np.floating]:
    """How much more comes on the days after salaries are paid."""
    return np.array([_PAYDAY_WEIGHT if m.day <= _LAST_PAYDAY else 1.0 for m in moments])
