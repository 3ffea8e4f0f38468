"""How sure a criterion is: bootstrap intervals over recordings and over the incidents in them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from simulator.seeding import generator
from simulator.tuning.judging.criteria import CRITERIA
from simulator.tuning.judging.matching import Matching, joined, side_by_side

__all__ = ["Interval", "criteria_intervals", "percentile_interval", "resamples"]

Interval = tuple[float, float]

_RESAMPLES: Final = 400
_TAILS: Final = (2.5, 97.5)
"""Percentiles between which 95 % of the resamples are."""


def resamples(parts: Sequence[Matching], count: int = _RESAMPLES) -> Iterator[Matching]:
    """Matchings as they might have been: recordings drawn with replacement, incidents in each too.

    Two stages, since incidents of one day have its noise in common (Davison and Hinkley, Bootstrap
    Methods and their Application, 1997, section 3.8). The same draws each time.
    """
    rng = generator(0, "tuning.resamples")
    for _ in range(count):
        drawn = rng.integers(len(parts), size=len(parts))
        yield joined([_resampled(parts[i], rng) for i in drawn])


def _resampled(part: Matching, rng: np.random.Generator) -> Matching:
    count = len(part.detection)
    return part.of_incidents(rng.integers(count, size=count)) if count else part


def criteria_intervals(parts: Sequence[Matching]) -> Mapping[str, Interval]:
    """The interval of each criterion of a single candidate, by name."""
    by_size: dict[tuple[int, float], list[Matching]] = {}
    for one in resamples(parts):
        by_size.setdefault((len(one.detection), one.days), []).append(one)
    drawn = [side_by_side(some) for some in by_size.values()]  # so that few arrays are computed
    return {
        name: percentile_interval(np.concatenate([criterion(one) for one in drawn]).tolist())
        for name, criterion in CRITERIA.items()
    }


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
