"""What requests did during some ticks, whether they were sampled or really sent."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.causes import FAULTS
from simulator.simulation.latency import HTTP_EDGES

__all__ = ["OUTCOMES", "REASONS", "STATUS_CLASSES", "Requests", "class_of_outcome"]

#: Why an application was not scored; the first is the client's own fault.
REASONS: Final = ("validation", *FAULTS)
#: What becomes of an application: success, or one of REASONS.
OUTCOMES: Final = ("success", *REASONS)
STATUS_CLASSES: Final = ("2xx", "4xx", "5xx")
_STATUS: Final = {"success": 200, "validation": 422, **FAULTS}


def class_of_outcome(outcome: str) -> int:
    """Index into STATUS_CLASSES of the answer to an application.

    >>> STATUS_CLASSES[class_of_outcome("timeout")]
    '5xx'
    """
    return {2: 0, 4: 1, 5: 2}[_STATUS[outcome] // 100]


@dataclass(frozen=True)
class Requests:
    """Counts per tick; every array has the ticks first.

    `applications` (ticks, channels, outcomes); `http` requests (ticks, endpoints, status classes,
    latency buckets) and `http_seconds`, their total time (ticks, endpoints, status classes);
    `in_flight` how many are being answered: their mean in the tick where they are sampled, and
    their count at its end where they were sent (ticks,); `bureau_calls` and `bureau_failures` among
    scored applications (ticks,).
    """

    applications: Ints
    http: Ints
    http_seconds: Floats
    in_flight: Floats
    bureau_calls: Ints
    bureau_failures: Ints

    @property
    def scored(self) -> Ints:
        """Applications that got a score, shape (ticks,)."""
        return np.asarray(self.applications[:, :, 0].sum(axis=1))

    @staticmethod
    def shapes() -> dict[str, tuple[int, ...]]:
        """The shape of each array's row, that is of one tick.

        >>> Requests.shapes()["applications"]
        (4, 7)
        """
        http = (len(ENDPOINTS), len(STATUS_CLASSES))
        return {
            "applications": (len(CHANNELS), len(OUTCOMES)),
            "http": (*http, len(HTTP_EDGES) + 1),
            "http_seconds": http,
            "in_flight": (),
            "bureau_calls": (),
            "bureau_failures": (),
        }
