"""What alarms do in the judged time, for every threshold at once."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.judging.detection_windows import DetectionWindow, DetectionWindows
from simulator.tuning.judging.ranking import ABSENT, Ranks
from simulator.tuning.judging.runs import runs

__all__ = ["Matching", "matching"]

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

_ROUNDING: Final = 1e-9
"""Sums that are 0 but for the order in which shares were added."""


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """What each candidate's alarms did; candidates last in every shape.

    - `alarms`: how many there were, (candidates,); `true_positives`: the sum over them of
      the share of each one's time that was in a detection window, (candidates,).
    - `false_alarms`: uninterrupted alarms outside all windows, (candidates,): one that begins too
      early or outlasts its window is one, also where it goes on into a window.
    - `detection`: seconds from an incident's start to the first alarm in its window, inf where
      there is none, (incidents, candidates); 0 for an alarm that is on already.
    - `reset`: seconds from an incident's end to the end of the last alarm of its window, 0 where
      that is earlier, inf without an alarm, (incidents, candidates).
    - `alarms_within`: alarms in an incident's window, (incidents, candidates).
    - `days`: how long was judged.
    """

    alarms: Counts
    true_positives: Floats
    false_alarms: Counts
    detection: Floats
    reset: Floats
    alarms_within: Counts
    days: float


def matching(held: Ranks, windows: DetectionWindows, n_candidates: int) -> Matching:
    """The matching of all candidates, given the worst rank held at each moment.

    A candidate's alarm is on where `held` is at least its number. It begins between two moments
    for the candidates above the first one's rank, up to the second one's: counting alarms of all
    candidates is counting these intervals, whatever the number of candidates.
    """
    per_window = [_of_window(held, windows, window, n_candidates) for window in windows.windows]
    shape = (len(per_window), n_candidates)
    outside = np.where(windows.is_inside, ABSENT, held)
    return Matching(
        alarms=_beginnings(held, n_candidates),
        true_positives=_true_positives(held, windows, n_candidates),
        false_alarms=_beginnings(outside, n_candidates),
        detection=np.array([one[0] for one in per_window]).reshape(shape),
        reset=np.array([one[1] for one in per_window]).reshape(shape),
        alarms_within=np.array([one[2] for one in per_window], dtype=np.int64).reshape(shape),
        days=windows.days,
    )


def _beginnings(held: Ranks, n_candidates: int) -> Counts:
    """How many alarms of each candidate begin, one that is on at first among them."""
    before = np.concatenate([[ABSENT], held[:-1]])
    rises = held > before
    return _spread(before[rises] + 1, held[rises] + 1, n_candidates).astype(np.int64)


def _spread(first: Ranks, end: Ranks, n_candidates: int, weights: Floats | None = None) -> Floats:
    """The sum over intervals of candidates, first to end (not included), of their weights."""
    size = n_candidates + 1
    on = np.bincount(first, weights, minlength=size)
    off = np.bincount(end, weights, minlength=size)
    total: Floats = np.cumsum(on - off)[:n_candidates]
    return total


def _true_positives(held: Ranks, windows: DetectionWindows, n_candidates: int) -> Floats:
    """The sum over a candidate's alarms of the share of each one's time in a window."""
    found = runs(held)
    inside = np.concatenate([[0], np.cumsum(windows.is_inside)])
    share = (inside[found.end] - inside[found.start]) / (found.end - found.start)
    total = _spread(found.lowest, found.highest + 1, n_candidates, share)
    return np.where(np.abs(total) < _ROUNDING, 0.0, total)


def _of_window(
    held: Ranks, windows: DetectionWindows, window: DetectionWindow, n_candidates: int
) -> tuple[Floats, Floats, Counts]:
    """Detection, reset, and number of alarms of one incident, each (candidates,)."""
    inside = held[window.first : window.last]
    incident, times = window.incident, windows.times
    size = len(inside)

    first = _first_at_least(np.maximum.accumulate(inside), n_candidates)
    is_hit = first < size
    begins = times[window.first + np.minimum(first, size - 1)]
    since = max(incident.start, float(times[window.first]))  # one may be older than the recording
    detection = np.where(is_hit, np.maximum(begins - since, 0.0), np.inf)

    from_end = _first_at_least(np.maximum.accumulate(inside[::-1]), n_candidates)
    end = window.last - from_end
    end_of_recording = window.last + int(np.argmax(held[window.last :] == ABSENT))
    after = np.minimum.accumulate(held[window.last - 1 : end_of_recording])
    goes_on = len(after) - _first_at_least(after[::-1], n_candidates)
    end = np.where(from_end == 0, window.last - 1 + goes_on, end)
    reset = np.where(is_hit, np.maximum(times[end] - incident.end, 0.0), np.inf)
    return detection, reset, _beginnings(inside, n_candidates)


def _first_at_least(rising: Ranks, n_candidates: int) -> Counts:
    """For each candidate the first place whose rank reaches it; the length where none does."""
    return np.cumsum(np.bincount(rising + 1, minlength=n_candidates + 1))[:n_candidates]
