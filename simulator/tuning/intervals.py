"""How sure a measure is: bootstrap intervals over recordings and over the incidents in them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from simulator.seeding import generator
from simulator.tuning.measures import MEASURES, measures
from simulator.tuning.outcomes import Outcomes

__all__ = [
    "Interval",
    "joined",
    "measured_intervals",
    "optimum_interval",
    "percentile_interval",
    "resamples",
]

Interval = tuple[float, float]

_RESAMPLES: Final = 400
_TAILS: Final = (2.5, 97.5)
"""Percentiles between which 95 % of the resamples are."""


def joined(parts: Sequence[Outcomes]) -> Outcomes:
    """The outcomes of recordings taken together."""
    return Outcomes(
        alarms=np.sum([one.alarms for one in parts], axis=0),
        worth=np.sum([one.worth for one in parts], axis=0),
        false_alarms=np.sum([one.false_alarms for one in parts], axis=0),
        detection=np.concatenate([one.detection for one in parts]),
        reset=np.concatenate([one.reset for one in parts]),
        alarms_within=np.concatenate([one.alarms_within for one in parts]),
        days=sum(one.days for one in parts),
    )


def resamples(parts: Sequence[Outcomes], count: int = _RESAMPLES) -> Iterator[Outcomes]:
    """Outcomes as they might have been: recordings drawn with replacement, incidents in each too.

    Two stages, since incidents of one day have its noise in common (Davison and Hinkley, Bootstrap
    Methods and their Application, 1997, section 3.8). The same draws each time.
    """
    rng = generator(0, "tuning.resamples")
    for _ in range(count):
        drawn = [parts[i] for i in rng.integers(len(parts), size=len(parts))]
        yield joined([_with_incidents(one, rng) for one in drawn])


def _with_incidents(one: Outcomes, rng: np.random.Generator) -> Outcomes:
    count = len(one.detection)
    picked = rng.integers(count, size=count) if count else np.empty(0, dtype=np.int64)
    return Outcomes(
        alarms=one.alarms,
        worth=one.worth,
        false_alarms=one.false_alarms,
        detection=one.detection[picked],
        reset=one.reset[picked],
        alarms_within=one.alarms_within[picked],
        days=one.days,
    )


def measured_intervals(parts: Sequence[Outcomes]) -> Mapping[str, Interval]:
    """The interval of each measure of a single candidate, by name."""
    drawn = [measures(one) for one in resamples(parts)]
    return {
        name: percentile_interval([float(getattr(one, name)[0]) for one in drawn])
        for name in MEASURES
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


def optimum_interval(
    parts: Sequence[Outcomes], optimum: Callable[[Outcomes], float], count: int = 200
) -> Interval:
    """The interval of what is found best, when it is looked for in each resample anew."""
    return percentile_interval([optimum(one) for one in resamples(parts, count)])
