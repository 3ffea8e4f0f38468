"""Profiles of one part, and what a test asks of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from simulator.timeline.profile import Profile, ProfileShape
from simulator.timeline.week import Week

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARIS = ZoneInfo("Europe/Paris")
HOUR = 3600.0
DAY = 24 * HOUR
HOURS = (0.25, 0.15, 0.10, 0.08, 0.08, 0.12, 0.25, 0.55, 0.95, 1.35, 1.60, 1.55) + (
    *(1.20, 1.30, 1.60, 1.60, 1.55, 1.65, 1.60, 1.40, 1.45, 1.50, 1.10, 0.60),
)
DAYS = (1.10, 1.07, 1.10, 1.07, 1.06, 0.85, 0.75)
MEAN_HOUR = 23.58 / 24  # written out: HOURS sum to 23.58, and DAYS to 7
ALWAYS = Week(HOURS, DAYS)
OFFICE = Week((0.0,) * 9 + (1.0,) * 9 + (0.0,) * 6, (1.0,) * 5 + (0.5, 0.0))


def paris(text: str) -> float:
    """Unix seconds of a local time such as 2026-03-18 10:30."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()


ORIGIN = paris("2026-03-01 00:00")


def daily(
    mean: float = 1.0,
    origin: float = ORIGIN,
    compression: float = 1.0,
    *,
    week: Week = ALWAYS,
    shape: ProfileShape = "daily",
) -> Profile:
    return Profile((mean,), (week,), origin, shape=shape, compression=compression)


def rate(profile: Profile, *times: float) -> NDArray[np.floating]:
    return profile.rates(np.array(times))[:, 0]


def between(profile: Profile, start: float, end: float) -> float:
    return float(profile.integrals(np.array([start]), np.array([end]))[0, 0])


def of_hour(text: str) -> float:
    """Mean weight of the hour that begins at a local time."""
    start = paris(text)
    return between(daily(), start, start + HOUR) / HOUR


def of_day(text: str, country: str = "FR") -> float:
    """Events of a local day, in hours of the mean rate."""
    start = datetime.fromisoformat(text)
    end = start + timedelta(days=1)
    profile = Profile((1.0,), (ALWAYS,), ORIGIN, country)
    return between(profile, paris(f"{start}"), paris(f"{end}")) / HOUR
