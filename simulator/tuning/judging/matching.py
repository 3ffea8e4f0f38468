"""Alarms matched with incidents, for every threshold at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.judging.ground_truth import DetectionWindow, GroundTruth
from simulator.tuning.judging.ranking import ABSENT, Floats, Ranks
from simulator.tuning.judging.runs import runs

__all__ = ["BY_INCIDENT", "TOTALS", "Counts", "Matching", "joined", "matching"]

Counts = NDArray[np.int64]

_ROUNDING: Final = 1e-9
"""Sums that are 0 but for the order in which shares were added."""


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """What each candidate's alarms did beside the incidents; candidates last in every shape.

    - `alarms`: how many there were, (candidates,).
    - `true_positives`: how many were right: the sum over alarms of the share of each one's time
      that was in a detection window, (candidates,).
    - `false_alarms`: uninterrupted alarms outside all windows, (candidates,): one that begins too
      early or outlasts its window is one, also where it goes on into a window.
    - `detection`: seconds from an incident's start to the first alarm in its window, inf where
      there is none, (incidents, candidates); 0 for an alarm that is on already.
    - `reset`: seconds from an incident's end to the end of the last alarm of its window, 0 where
      that is earlier, inf without an alarm, (incidents, candidates).
    - `alarms_within`: alarms in an incident's window, (incidents, candidates).
    - `weights`: how many incidents each one stands for, (incidents, 1).
    - `healthy_on`: moments outside all windows with an alarm, (candidates,), and `healthy` how many
      such moments there were, the same for all of them.
    - `days`: how long was judged.

    Alarms and days are weighed as their recordings are.
    """

    alarms: Counts | Floats
    true_positives: Floats
    false_alarms: Counts | Floats
    detection: Floats
    reset: Floats
    alarms_within: Counts
    weights: Floats
    healthy_on: Counts
    healthy: Counts
    days: float

    @property
    def is_hit(self) -> NDArray[np.bool_]:
        """Whether an incident has an alarm, (incidents, candidates)."""
        return np.isfinite(self.detection)

    @property
    def hits(self) -> Counts:
        """How many incidents have one, (candidates,)."""
        return self.is_hit.sum(axis=0)

    def of_candidates(self, candidates: Counts) -> "Matching":
        """That of some of the candidates."""
        picked = {name: getattr(self, name)[..., candidates] for name in (*TOTALS, *BY_INCIDENT)}
        return replace(self, **picked)


TOTALS: Final = ("alarms", "true_positives", "false_alarms", "healthy_on", "healthy")
BY_INCIDENT: Final = ("detection", "reset", "alarms_within")


def joined(parts: Sequence[Matching]) -> Matching:
    """That of recordings taken together."""
    totals = {name: np.sum([getattr(one, name) for one in parts], axis=0) for name in TOTALS}
    rows = {name: np.concatenate([getattr(one, name) for one in parts]) for name in BY_INCIDENT}
    weights = np.concatenate([one.weights for one in parts])
    return Matching(**totals, **rows, weights=weights, days=sum(one.days for one in parts))


def matching(held: Ranks, truth: GroundTruth, n_candidates: int) -> Matching:
    """The matching of all candidates, given the worst rank held at each moment.

    A candidate's alarm is on where `held` is at least its number. It begins between two moments
    for the candidates above the first one's rank, up to the second one's: counting alarms of all
    candidates is counting these intervals, whatever the number of candidates.

    >>> from simulator.tuning.judging.holds import held
    >>> from simulator.tuning.judging.ranking import Ranking, Recording
    >>> from simulator.tuning.truth.incidents import Incident
    >>> day = Recording(np.arange(6.0), np.array([[0.0, 9.0, 0.0, 9.0, 9.0, 0.0]]), step=1.0)
    >>> truth = GroundTruth.of([day], [Incident("slow", start=3.0, end=5.0, until=5.0)])
    >>> ranking = Ranking.of([day], is_lower_worse=False)  # candidates: 0, 9 and beyond
    >>> found = matching(held(ranking, 0), truth, ranking.n_candidates)
    >>> found.alarms.tolist(), found.false_alarms.tolist(), found.hits.tolist()
    ([1, 2, 0], [2, 1, 0], [1, 1, 0])
    """
    per_window = [_of_window(held, truth, window, n_candidates) for window in truth.windows]
    shape = (len(per_window), n_candidates)
    outside = np.where(truth.is_inside, ABSENT, held)
    return Matching(
        alarms=_beginnings(held, n_candidates, truth.weights),
        true_positives=_true_positives(held, truth, n_candidates),
        false_alarms=_beginnings(outside, n_candidates, truth.weights),
        detection=np.array([one[0] for one in per_window]).reshape(shape),
        reset=np.array([one[1] for one in per_window]).reshape(shape),
        alarms_within=np.array([one[2] for one in per_window], dtype=np.int64).reshape(shape),
        weights=truth.incident_weights,
        healthy_on=_moments_on(outside, n_candidates),
        healthy=np.full(n_candidates, truth.n_healthy, dtype=np.int64),
        days=truth.days,
    )


def _moments_on(held: Ranks, n_candidates: int) -> Counts:
    """At how many moments each candidate's alarm is on."""
    exactly = np.bincount(held[held != ABSENT], minlength=n_candidates)[:n_candidates]
    return np.cumsum(exactly[::-1], dtype=np.int64)[::-1]


def _beginnings(held: Ranks, n_candidates: int, weights: Floats | None = None) -> Counts | Floats:
    """How many alarms of each candidate begin, one that is on at first among them."""
    before = np.concatenate([[ABSENT], held[:-1]])
    rises = held > before
    first, end = before[rises] + 1, held[rises] + 1
    if weights is None:
        return _spread(first, end, n_candidates).astype(np.int64)
    found = _spread(first, end, n_candidates, weights[rises])
    return np.where(np.abs(found) < _ROUNDING, 0.0, found)


def _spread(first: Ranks, end: Ranks, n_candidates: int, weights: Floats | None = None) -> Floats:
    """The sum over intervals of candidates, first to end (not included), of their weights."""
    size = n_candidates + 1
    on = np.bincount(first, weights, minlength=size)
    off = np.bincount(end, weights, minlength=size)
    total: Floats = np.cumsum(on - off)[:n_candidates]
    return total


def _true_positives(held: Ranks, truth: GroundTruth, n_candidates: int) -> Floats:
    """The sum over a candidate's alarms of the share of each one's time in a window."""
    found = runs(held)
    inside = np.concatenate([[0], np.cumsum(truth.is_inside)])
    share = (inside[found.end] - inside[found.start]) / (found.end - found.start)
    if truth.weights is not None:
        share *= truth.weights[found.start]
    total = _spread(found.lowest, found.highest + 1, n_candidates, share)
    return np.where(np.abs(total) < _ROUNDING, 0.0, total)


def _of_window(
    held: Ranks, truth: GroundTruth, window: DetectionWindow, n_candidates: int
) -> tuple[Floats, Floats, Counts]:
    """Detection, reset, and number of alarms of one incident, each (candidates,)."""
    inside = held[window.first : window.last]
    incident, times = window.incident, truth.times
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
    within = _beginnings(inside, n_candidates).astype(np.int64)
    return detection, reset, within


def _first_at_least(rising: Ranks, n_candidates: int) -> Counts:
    """For each candidate the first place whose rank reaches it; the length where none does."""
    return np.cumsum(np.bincount(rising + 1, minlength=n_candidates + 1))[:n_candidates]
