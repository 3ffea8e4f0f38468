"""What requests did during some ticks, whether they were sampled or really sent."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS, REASONS
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.causes import FAULTS
from simulator.simulation.latency import HTTP_EDGES

__all__ = [
    "OUTCOMES",
    "REASONS",
    "STATUSES",
    "STATUS_CLASSES",
    "STATUS_OF_OUTCOME",
    "Requests",
    "class_of_outcome",
    "class_of_status",
    "nearest_status",
]

#: What becomes of an application: success, or one of REASONS.
OUTCOMES: Final = ("success", *REASONS)
STATUS_CLASSES: Final = ("2xx", "4xx", "5xx")
#: What the API answers with; 408 and 413 only where requests are really sent.
STATUSES: Final = (200, 401, 404, 408, 413, 422, 429, 500, 503, 504)
STATUS_OF_OUTCOME: Final[dict[str, int]] = {"success": 200, "validation": 422, **FAULTS}


def class_of_outcome(outcome: str) -> int:
    """Index into STATUS_CLASSES of the answer to an application.

    >>> STATUS_CLASSES[class_of_outcome("timeout")]
    '5xx'
    """
    return class_of_status(STATUS_OF_OUTCOME[outcome])


def class_of_status(status: int) -> int:
    """Index into STATUS_CLASSES of a status; a redirect is fine, too.

    >>> [STATUS_CLASSES[class_of_status(s)] for s in (204, 307, 422, 504)]
    ['2xx', '2xx', '4xx', '5xx']
    """
    return 0 if status < 400 else 1 if status < 500 else 2  # noqa: PLR2004 - RFC 9110, section 15


def nearest_status(status: int) -> int:
    """Index into STATUSES of a status, or where it is none of them, of the nearest of its class.

    >>> [STATUSES[nearest_status(s)] for s in (201, 307, 400, 405, 422, 502, 504)]
    [200, 200, 401, 404, 422, 503, 504]
    """
    of_class = [s for s in STATUSES if class_of_status(s) == class_of_status(status)]
    return STATUSES.index(min(of_class, key=lambda s: abs(s - status)))


@dataclass(frozen=True)
class Requests:
    """Counts per tick; every array has the ticks first.

    `applications` (ticks, channels, outcomes), and the requests that they came with: `singles` of
    one each, and `batches` (both as `applications`); `http` requests (ticks, endpoints, status
    classes, latency buckets) and `http_seconds`, their total time (ticks, endpoints, status
    classes); `statuses` the same requests by exact status (ticks, endpoints, STATUSES); `expected`
    how many were to come by the rate of the tick, or did where they were sent (ticks,).
    `in_flight` how many are being answered, `waiting` how many of them for a worker, and `busy` how
    many workers are (ticks,): where they are sampled the first is the mean in the tick, and the
    others are expected means; where they were sent, all are counts at its end. `bureau_calls` and
    `bureau_failures` among scored applications (ticks,).
    """

    applications: Ints
    singles: Ints
    batches: Ints
    http: Ints
    http_seconds: Floats
    statuses: Ints
    expected: Floats
    in_flight: Floats
    waiting: Floats
    busy: Floats
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
            "singles": (len(CHANNELS), len(OUTCOMES)),
            "batches": (len(CHANNELS), len(OUTCOMES)),
            "http": (*http, len(HTTP_EDGES) + 1),
            "http_seconds": http,
            "statuses": (len(ENDPOINTS), len(STATUSES)),
            "expected": (),
            "in_flight": (),
            "waiting": (),
            "busy": (),
            "bureau_calls": (),
            "bureau_failures": (),
        }
