"""A consumer that falls behind, and how long it takes to catch up."""

import math
from dataclasses import dataclass

__all__ = ["Backlog"]


@dataclass(frozen=True, slots=True)
class Backlog:
    """Messages per second that reach a consumer: `arriving`, `taken`, and `usual`ly arriving.

    After `seconds` of it the consumer takes up to `capacity` again. Between pauses of `pause`
    seconds it may well keep up.

    >>> stopped = Backlog(arriving=50.0, taken=0.0, usual=50.0, capacity=1500.0, seconds=600.0)
    >>> stopped.seconds_behind, round(stopped.catch_up_seconds, 1)
    (600.0, 20.7)
    """

    arriving: float
    taken: float
    usual: float
    capacity: float
    seconds: float
    pause: float = 0.0

    @property
    def seconds_behind(self) -> float:
        """How old the decisions are that the consumer gets to in the end."""
        if self.arriving <= 0.0:
            return 0.0
        return max(self.seconds * (1.0 - self.taken / self.arriving), self.pause)

    @property
    def catch_up_seconds(self) -> float:
        """Seconds until nothing is left of it; infinite for a consumer that is always too slow."""
        spare = self.capacity - self.usual
        return self.seconds_behind * self.arriving / spare if spare > 0.0 else math.inf
