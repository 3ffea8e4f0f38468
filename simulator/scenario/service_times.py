"""How long the parts of a request take in health, and how often each of them is there."""

import math
from dataclasses import dataclass
from typing import Final

__all__ = [
    "BUREAU",
    "BUREAU_SHARE",
    "BUREAU_TIMEOUT_SECONDS",
    "GATEWAY",
    "PREDICTION",
    "STALL",
    "STALL_SHARE",
    "LogNormal",
]


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A log-normal distribution in seconds, by its median and the deviation of its logarithm.

    >>> round(LogNormal(0.012, 0.5).mean, 4)
    0.0136
    """

    median: float
    sigma: float

    @property
    def mean(self) -> float:
        """Mean seconds, m exp(s^2 / 2)."""
        return self.median * math.exp(self.sigma**2 / 2.0)


PREDICTION: Final = LogNormal(0.012, 0.5)
GATEWAY: Final = LogNormal(0.030, 0.6)  # everything of POST /score but prediction and bureau
BUREAU: Final = LogNormal(0.120, 0.4)  # a look-up at the Banque de France, on a cache miss
STALL: Final = LogNormal(0.300, 0.4)  # garbage collection, cold caches: the slow tail
BUREAU_SHARE: Final = 0.10
BUREAU_TIMEOUT_SECONDS: Final = 1.5
STALL_SHARE: Final = 0.006
