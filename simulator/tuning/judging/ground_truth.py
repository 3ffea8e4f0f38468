"""Ground truth: where the detection windows of incidents lie among the moments of recordings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.judging.ranking import Recording
from simulator.tuning.truth.incidents import Incident

__all__ = ["DetectionWindow", "GroundTruth"]


@dataclass(frozen=True, slots=True)
class DetectionWindow:
    """An incident among the moments: those from `first` up to `last`, which is not included.

    The first one is the moment that still stands when the incident starts.
    """

    incident: Incident
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class GroundTruth:
    """All recordings one after the other, and the windows in which an alarm is right.

    `times` has one moment more after each recording, its end, shape (moments + recordings,);
    `is_inside` says whether a moment is in some window, `n_healthy` how many are in none; `weights`
    how much each counts, where they do not all count once. `days` are weighed.
    """

    times: NDArray[np.float64]
    windows: tuple[DetectionWindow, ...]
    is_inside: NDArray[np.bool_]
    days: float
    n_healthy: int
    weights: NDArray[np.float64] | None = None

    @classmethod
    def of(cls, recordings: Sequence[Recording], incidents: Sequence[Incident]) -> "GroundTruth":
        """The incidents found in the recordings; what of them lies outside is not judged."""
        times = [np.append(one.times, one.end) for one in recordings]
        windows = tuple(_windows(recordings, incidents))
        joined = np.concatenate([np.empty(0), *times])
        is_inside = np.zeros(len(joined), dtype=np.bool_)
        for window in windows:
            is_inside[window.first : window.last] = True
        seconds = sum(one.weight * (one.end - one.start) for one in recordings)
        n_healthy = int(np.count_nonzero(~is_inside)) - len(recordings)  # without their ends
        weights = _weights(recordings)
        return cls(joined, windows, is_inside, seconds / 86400.0, n_healthy, weights)

    @property
    def incident_weights(self) -> NDArray[np.float64]:
        """How many incidents each one stands for, shape (incidents, 1)."""
        first = [window.first for window in self.windows]
        found = np.ones(len(first)) if self.weights is None else self.weights[first]
        return found[:, np.newaxis]


def _weights(recordings: Sequence[Recording]) -> NDArray[np.float64] | None:
    if all(one.weight == 1.0 for one in recordings):
        return None
    return np.concatenate([np.full(len(one.times) + 1, one.weight) for one in recordings])


def _windows(
    recordings: Sequence[Recording], incidents: Sequence[Incident]
) -> Iterator[DetectionWindow]:
    offset = 0
    for one in recordings:
        for incident in incidents:
            if incident.until <= one.start or incident.start >= one.end:
                continue
            first = max(int(np.searchsorted(one.times, incident.start, side="right")) - 1, 0)
            last = int(np.searchsorted(one.times, incident.until, side="left"))
            yield DetectionWindow(incident, offset + first, offset + max(last, first + 1))
        offset += len(one.times) + 1
