"""How sure a criterion is: bootstrap intervals over recordings and over the incidents in them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simulator.seeding import generator
from simulator.tuning.judging.criteria import CRITERIA
from simulator.tuning.judging.matching import BY_INCIDENT, TOTALS, Counts, Matching

__all__ = ["Interval", "criteria_intervals", "percentile_interval", "resamples"]

Interval = tuple[float, float]
Arrays = Mapping[str, NDArray[Any]]
Draw = tuple[float, Counts, Counts]

_RESAMPLES: Final = 400
_TAILS: Final = (2.5, 97.5)
"""Percentiles between which 95 % of the resamples are."""
_NONE: Final = np.zeros(0, dtype=np.int64)


def resamples(parts: Sequence[Matching], count: int = _RESAMPLES) -> Iterator[Matching]:
    """Matchings as they might have been: recordings drawn with replacement, incidents in each too.

    Two stages, since incidents of one day have its noise in common (Davison and Hinkley, Bootstrap
    Methods and their Application, 1997, section 3.8). The same draws each time.
    """
    totals, rows = _stacked(parts)
    for of_days, recordings, incidents in _draws(*_sizes(parts), count):
        yield _drawn(totals, rows, recordings, incidents, of_days)


def criteria_intervals(parts: Sequence[Matching]) -> Mapping[str, Interval]:
    """The interval of each criterion of a single candidate, by name."""
    totals, rows = ({name: a[:, 0] for name, a in one.items()} for one in _stacked(parts))
    drawn = [
        _drawn(totals, rows, recordings, incidents, of_days)
        for of_days, recordings, incidents in _alike(*_sizes(parts), _RESAMPLES)
    ]
    return {
        name: percentile_interval(np.concatenate([criterion(one) for one in drawn]).tolist())
        for name, criterion in CRITERIA.items()
    }


def _sizes(parts: Sequence[Matching]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Incidents and days of each recording: all that a draw depends on."""
    return tuple(len(one.detection) for one in parts), tuple(one.days for one in parts)


def _stacked(parts: Sequence[Matching]) -> tuple[Arrays, Arrays]:
    """Totals, (recordings, candidates), and rows of all incidents, (incidents, candidates)."""
    totals = {name: np.stack([getattr(one, name) for one in parts]) for name in TOTALS}
    rows = {name: np.concatenate([getattr(one, name) for one in parts]) for name in BY_INCIDENT}
    return totals, rows


def _drawn(
    totals: Arrays, rows: Arrays, recordings: Counts, incidents: Counts, days: float
) -> Matching:
    """The matching of what was drawn, or of several draws side by side: the drawn come first."""
    return Matching(
        **{name: array[recordings].sum(axis=0) for name, array in totals.items()},
        **{name: array[incidents] for name, array in rows.items()},
        days=days,
    )


@lru_cache(maxsize=16)
def _draws(sizes: tuple[int, ...], days: tuple[float, ...], count: int) -> tuple[Draw, ...]:
    """Days, recordings and incidents of each draw; incidents are numbered through all recordings.

    Kept, since all thresholds of a tuning ask for the same.
    """
    rng = generator(0, "tuning.resamples")
    first = np.cumsum([0, *sizes])
    found = []
    for _ in range(count):
        recordings = rng.integers(len(sizes), size=len(sizes))
        rows = [first[i] + rng.integers(sizes[i], size=sizes[i]) for i in recordings if sizes[i]]
        incidents = np.concatenate([_NONE, *rows])
        found.append((sum(days[i] for i in recordings), recordings, incidents))
    return tuple(found)


@lru_cache(maxsize=16)
def _alike(sizes: tuple[int, ...], days: tuple[float, ...], count: int) -> tuple[Draw, ...]:
    """The same, those with as many days and incidents side by side, so that arrays are few.

    Recordings are of shape (recordings, draws), incidents of shape (incidents, draws).
    """
    alike: dict[tuple[float, int], list[Draw]] = {}
    for draw in _draws(sizes, days, count):
        alike.setdefault((draw[0], len(draw[2])), []).append(draw)
    return tuple(
        (of_days, np.stack([one[1] for one in some], axis=1), np.stack([one[2] for one in some], 1))
        for (of_days, _), some in alike.items()
    )


def percentile_interval(values: Sequence[float]) -> Interval:
    """The middle 95 % of those that are defined; nan where none is.

    >>> percentile_interval([0.5, float("nan"), 0.5]), percentile_interval([])
    ((0.5, 0.5), (nan, nan))
    """
    known = np.array([v for v in values if not np.isnan(v)])
    if not len(known):
        return (np.nan, np.nan)
    low, high = np.percentile(known, _TAILS)
    return (float(low), float(high))
