"""Local time of the lender: Europe/Paris, with its summer time."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

__all__ = ["PARIS", "paris_hours"]

PARIS: Final = ZoneInfo("Europe/Paris")
_HOUR: Final = 3600.0


@lru_cache(maxsize=4096)
def _offset_hours(unix_hour: int) -> float:
    """Hours that Paris is ahead of UTC during a full Unix hour; it only changes between two."""
    offset = datetime.fromtimestamp(unix_hour * _HOUR, UTC).astimezone(PARIS).utcoffset()
    return offset.total_seconds() / _HOUR if offset else 0.0


def paris_hours(times: NDArray[np.floating]) -> NDArray[np.floating]:
    """Hours since midnight in Paris at Unix seconds `times`, in [0, 24), same shape.

    >>> paris_hours(np.array([0.0, 1_783_944_000.0]))  # 1970 in winter, 13 July 2026 at 12:00 UTC
    array([ 1., 14.])
    """
    hours = np.floor(times / _HOUR).astype(np.int64)
    distinct, which = np.unique(hours, return_inverse=True)
    offsets = np.array([_offset_hours(int(h)) for h in distinct])[which.reshape(hours.shape)]
    return np.mod(times / _HOUR + offsets, 24.0)
