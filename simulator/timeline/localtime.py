"""Local time of the lender: Europe/Paris unless told otherwise, with its summer time."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
from numpy.typing import NDArray

from simulator.spelling import did_you_mean

__all__ = ["PARIS", "full_hour", "local_hours", "time_zones", "unknown_time_zone"]

PARIS: Final = ZoneInfo("Europe/Paris")
_HOUR: Final = 3600.0
_HALF_HOUR: Final = 1800.0  # clocks change at full hours, and some zones are half an hour off


def time_zones() -> list[str]:
    """The names of the time zones that are known, sorted."""
    return sorted(available_timezones())


def unknown_time_zone(name: str) -> str:
    """Why there is no time zone of this name, with what was probably meant; empty where there is.

    >>> unknown_time_zone("Europe/Paris")
    ''
    >>> unknown_time_zone("Paris")
    "is no time zone of the IANA database; did you mean 'Europe/Paris'?"
    """
    known = time_zones()
    if name in known:
        return ""
    cities = {zone.rpartition("/")[2].lower(): zone for zone in known}
    meant = cities.get(name.lower().replace(" ", "_"))
    asked = f"; did you mean {meant!r}?" if meant else did_you_mean(name, known)
    return f"is no time zone of the IANA database{asked}"


def full_hour(time: float, zone: ZoneInfo) -> float:
    """Unix seconds at which the local hour began that `time` lies in.

    >>> [full_hour(5000.0, ZoneInfo(name)) for name in ("Europe/Paris", "Asia/Kolkata")]
    [3600.0, 1800.0]
    """
    offset = _offset_seconds(int(time // _HALF_HOUR), zone)
    return (time + offset) // _HOUR * _HOUR - offset


def local_hours(times: NDArray[np.floating], zone: ZoneInfo) -> NDArray[np.floating]:
    """Hours since midnight in a zone at Unix seconds `times`, in [0, 24), same shape.

    >>> local_hours(np.array([0.0, 1_783_944_000.0]), PARIS)  # 1970 in winter, 13 July 2026 at noon
    array([ 1., 14.])
    """
    halves = np.floor(times / _HALF_HOUR).astype(np.int64)
    distinct, which = np.unique(halves, return_inverse=True)
    offsets = np.array([_offset_seconds(int(h), zone) / _HOUR for h in distinct])
    return np.mod(times / _HOUR + offsets[which.reshape(halves.shape)], 24.0)


@lru_cache(maxsize=8192)
def _offset_seconds(unix_half_hour: int, zone: ZoneInfo) -> float:
    """Seconds that a zone is ahead of UTC during a full half hour of Unix time."""
    offset = datetime.fromtimestamp(unix_half_hour * _HALF_HOUR, UTC).astimezone(zone).utcoffset()
    return offset.total_seconds() if offset else 0.0
