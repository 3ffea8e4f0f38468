"""What one would write instead of the sweep, and whether it says the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.choosing.sweep import Sweep
from simulator.tuning.judging.criteria import CRITERIA
from simulator.tuning.judging.ground_truth import GroundTruth
from simulator.tuning.judging.holds import distinct_candidates, holds
from simulator.tuning.judging.matching import matching
from simulator.tuning.judging.ranking import Ranking, Recording
from simulator.tuning.truth.incidents import Incident

MOST_STEPS = 60
_CLOSE = 1e-7
"""Criteria that are the same but for rounding."""

_COMPARED = ("precision", "recall", "detection_median")
Told = tuple[float, float, float]
"""Precision, recall, and median seconds to detection of one threshold with one hold."""


class DifferentError(Exception):
    """Two ways say something else of the same candidate."""


@dataclass(frozen=True, eq=False)
class Signal:
    """What the other ways start from; `windows` are the first and the last moment's neighbour."""

    recording: Recording
    starts: Sequence[float]
    windows: Sequence[tuple[int, int]]
    is_inside: NDArray[np.bool_]

    @classmethod
    def of(cls, recording: Recording, incidents: Sequence[Incident]) -> "Signal":
        times = recording.times
        windows = [
            (
                int(np.searchsorted(times, one.start, side="right")) - 1,
                int(np.searchsorted(times, one.until, side="left")),
            )
            for one in incidents
        ]
        is_inside = np.zeros(len(times), dtype=np.bool_)
        for first, last in windows:
            is_inside[first:last] = True
        return cls(recording, [one.start for one in incidents], windows, is_inside)


def vectorised_way(signal: Signal, threshold: float) -> Iterator[Told]:
    """For every hold, arrays over moments: a threshold's runs are counted once for all holds.

    The one pass over sorted values of numenta/NAB's `sweeper.py` is for all thresholds, but it
    counts moments: it knows neither alarms nor holds, so it has no criteria to compare.
    """
    times, values = signal.recording.times, signal.recording.values
    moments = np.arange(len(times))
    since_not = np.maximum.accumulate(np.where(values >= threshold, -1, moments), axis=1)
    longest = (moments - since_not).max(axis=0)  # for so many moments some series is above it
    so_far = np.concatenate([[0], np.cumsum(signal.is_inside)])
    first, last = np.array(signal.windows).T
    starts = np.array(signal.starts)
    for steps in range(MOST_STEPS + 1):
        is_on = np.concatenate([[False], longest > steps, [False]])
        turns = np.flatnonzero(is_on[1:] != is_on[:-1])
        begin, end = turns[::2], turns[1::2]
        shares = (so_far[end] - so_far[begin]) / (end - begin)
        run = np.searchsorted(end, first, side="right")  # the first alarm that ends after it begins
        at = np.maximum(np.append(begin, len(times))[run], first)
        is_hit = at < last
        late = np.maximum(times[at[is_hit]] - starts[is_hit], 0.0)
        yield (
            float(shares.mean()) if len(shares) else np.nan,
            float(is_hit.mean()),
            float(np.median(late)) if len(late) else np.nan,
        )


def looped_way(signal: Signal, threshold: float, steps: int) -> Told:
    """One threshold with one hold, moment by moment."""
    n_moments = len(signal.recording.times)
    is_on = [False] * n_moments
    for row in signal.recording.values.tolist():
        length = 0
        for at, value in enumerate(row):
            length = length + 1 if value >= threshold else 0
            if length > steps:
                is_on[at] = True
    inside = signal.is_inside.tolist()
    turns = [at for at, (a, b) in enumerate(pairwise([False, *is_on, False])) if a != b]
    shares = [sum(inside[a:b]) / (b - a) for a, b in zip(turns[::2], turns[1::2], strict=True)]
    late = []
    for start, (first, last) in zip(signal.starts, signal.windows, strict=True):
        if any(is_on[first:last]):
            at = is_on.index(True, first)
            late.append(max(float(signal.recording.times[at]) - start, 0.0))
    return (
        fmean(shares) if shares else np.nan,
        len(late) / len(signal.windows),
        median(late) if late else np.nan,
    )


def compare(
    ranking: Ranking,
    truth: GroundTruth,
    vectorised: dict[tuple[int, int], Told],
    looped: dict[tuple[int, int], Told],
) -> None:
    """Raises where ours or plain loops say something else than the vectorised way.

    Raises:
        DifferentError: the candidate, and what the two say of it.
    """
    for steps, held in enumerate(holds(ranking, MOST_STEPS)):
        ranks, first = distinct_candidates(held)
        found = matching(ranks, truth, len(first))
        ours = [CRITERIA[name](found) for name in _COMPARED]
        for (q, other_steps), told in vectorised.items():
            if other_steps == steps:
                kind = int(np.searchsorted(first, q, side="right")) - 1
                _require_same(told, [float(one[kind]) for one in ours], f"ours, {q}, {steps}")
    for key, told in looped.items():
        _require_same(vectorised[key], told, f"loops, {key}")


def compare_best(found: Sweep, vectorised: dict[tuple[int, int], Told]) -> None:
    """Raises where the best score of the sweep that was timed is not the best of all holds.

    Raises:
        DifferentError: the candidate, and what the two say of it.
    """
    best: dict[int, float] = {}
    for (q, _), (precision, recall, _) in vectorised.items():
        f1 = 2.0 * precision * recall / (precision + recall) if recall else -np.inf
        best[q] = max(best.get(q, -np.inf), f1)
    for q, score in best.items():
        _require_same([score], [float(found.score[q])], f"best F1 of {q}")


def _require_same(one: Sequence[float], other: Sequence[float], what: str) -> None:
    if not np.allclose(one, other, rtol=_CLOSE, atol=_CLOSE, equal_nan=True):
        raise DifferentError(f"{what}: {one} and {other}")
