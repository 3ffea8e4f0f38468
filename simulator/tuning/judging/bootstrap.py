"""What might have been: days drawn anew with replacement, and the incidents in each of them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simulator.seeding import generator
from simulator.tuning.judging.effective import UNKNOWN, Interval
from simulator.tuning.judging.matching import BY_INCIDENT, TOTALS, Counts, Matching

__all__ = ["percentile_interval", "resamples"]

_TAILS: Final = (2.5, 97.5)
"""Percentiles between which 95 % of the resamples are."""
_NONE: Final = np.zeros(0, dtype=np.int64)


def resamples(
    parts: Sequence[Matching], count: int, weights: Sequence[float] | None = None
) -> Iterator[Matching]:
    """Matchings as they might have been: recordings drawn with replacement, incidents in each too.

    Two stages, since incidents of one day have its noise in common (Davison and Hinkley, Bootstrap
    Methods and their Application, 1997, section 3.8). Days of one weight are drawn among each
    other, so that as many of each kind are in every draw. The same draws each time.
    """
    given = tuple(weights) if weights is not None else (1.0,) * len(parts)
    totals = {name: np.stack([getattr(one, name) for one in parts]) for name in TOTALS}
    rows = _rows(parts)
    for recordings, incidents in _draws(tuple(len(one.detection) for one in parts), given, count):
        yield Matching(
            **{name: array[recordings].sum(axis=0) for name, array in totals.items()},
            **{name: array[incidents] for name, array in rows.items()},
            days=sum(parts[i].days for i in recordings),
        )


def _rows(parts: Sequence[Matching]) -> Mapping[str, NDArray[Any]]:
    """Those of all incidents, incidents first."""
    return {
        name: np.concatenate([getattr(one, name) for one in parts])
        for name in (*BY_INCIDENT, "weights")
    }


@lru_cache(maxsize=16)
def _draws(
    sizes: tuple[int, ...], weights: tuple[float, ...], count: int
) -> tuple[tuple[Counts, Counts], ...]:
    """Recordings and incidents of each draw; incidents are numbered through all recordings.

    Kept, since all thresholds of a tuning ask for the same.
    """
    rng = generator(0, "tuning.resamples")
    first = np.cumsum([0, *sizes])
    alike = [np.flatnonzero(np.array(weights) == one) for one in dict.fromkeys(weights)]
    found = []
    for _ in range(count):
        recordings = np.concatenate([rng.choice(some, size=len(some)) for some in alike])
        rows = [first[i] + rng.integers(sizes[i], size=sizes[i]) for i in recordings if sizes[i]]
        found.append((recordings, np.concatenate([_NONE, *rows])))
    return tuple(found)


def percentile_interval(values: Sequence[float]) -> Interval:
    """The middle 95 % of those that are defined; nan where none is.

    >>> percentile_interval([0.5, float("nan"), 0.5]), percentile_interval([])
    ((0.5, 0.5), (nan, nan))
    """
    known = np.array([v for v in values if not np.isnan(v)])
    if not len(known):
        return UNKNOWN
    low, high = np.percentile(known, _TAILS)
    return (float(low), float(high))
