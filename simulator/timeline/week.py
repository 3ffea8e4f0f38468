"""A week's rhythm: how busy each hour of each day is, on the clocks of the lender."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.timeline.public_holidays import public_holidays

__all__ = ["Week", "weekly_hours"]

_SUNDAY: Final = 6


@dataclass(frozen=True)
class Week:
    """Relative rates by hour of the day and by day of the week, Monday first.

    A public holiday is like a Sunday: who is closed then has a 0 there.
    """

    hours: tuple[float, ...]
    days: tuple[float, ...]

    @property
    def weights(self) -> NDArray[np.floating]:
        """The rate of each hour, shape (7 days, 24 hours), with a mean of 1 over the week.

        >>> shop = Week(hours=(0.0,) * 12 + (1.0,) * 12, days=(1.0,) * 6 + (0.0,))
        >>> shop.weights[0, 12:14], shop.weights[6].max()
        (array([2.33333333, 2.33333333]), np.float64(0.0))
        """
        weights = np.outer(self.days, self.hours)
        return np.asarray(weights / weights.mean())


def weekly_hours(moments: Sequence[datetime], country: str) -> NDArray[np.int64]:
    """Hours since Monday's midnight of the local `moments`; holidays are Sundays.

    >>> [int(h) for h in weekly_hours([datetime(2026, 7, 13, 9), datetime(2026, 7, 14, 9)], "FR")]
    [9, 153]
    """
    days = (_SUNDAY if _is_holiday(m, country) else m.weekday() for m in moments)
    return np.array(
        [24 * day + m.hour for day, m in zip(days, moments, strict=True)], dtype=np.int64
    )


def _is_holiday(moment: datetime, country: str) -> bool:
    return moment.date() in public_holidays(country, moment.year)
