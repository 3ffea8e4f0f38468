"""How sure a criterion is: bootstrap intervals over recordings and over the incidents in them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from simulator.seeding import generator
from simulator.tuning.judging.criteria import CRITERIA, criteria
from simulator.tuning.judging.matching import Matching

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


def joined(parts: Sequence[Matching]) -> Matching:
    """The matchings of recordings taken together."""
    return Matching(
        alarms=np.sum([one.alarms for one in parts], axis=0),
        true_positives=np.sum([one.true_positives for one in parts], axis=0),
        false_alarms=np.sum([one.false_alarms for one in parts], axis=0),
        detection=np.concatenate([one.detection for one in parts]),
        reset=np.concatenate([one.reset for one in parts]),
        alarms_within=np.concatenate([one.alarms_within for one in parts]),
        days=sum(one.days for one in parts),
    )


def resamples(parts: Sequence[Matching], count: int = _RESAMPLES) -> Iterator[Matching]:
    """Matchings as they might have been: recordings drawn with replacement, incidents in each too.

    Two stages, since incidents of one day have its noise in common (Davison and Hinkley, Bootstrap
    Methods and their Application, 1997, section 3.8). The same draws each time.
    """
    rng = generator(0, "tuning.resamples")
    whole = joined(parts)
    alarms, true_positives, false_alarms = (
        np.array([getattr(one, name) for one in parts])
        for name in ("alarms", "true_positives", "false_alarms")
    )
    counts = [len(one.detection) for one in parts]
    firsts = np.cumsum([0, *counts])
    for _ in range(count):
        drawn = rng.integers(len(parts), size=len(parts))
        picked = np.concatenate(
            [firsts[i] + rng.integers(counts[i], size=counts[i]) for i in drawn if counts[i]]
            or [np.empty(0, dtype=np.int64)]
        )
        yield Matching(
            alarms=alarms[drawn].sum(axis=0),
            true_positives=true_positives[drawn].sum(axis=0),
            false_alarms=false_alarms[drawn].sum(axis=0),
            detection=whole.detection[picked],
            reset=whole.reset[picked],
            alarms_within=whole.alarms_within[picked],
            days=sum(parts[i].days for i in drawn),
        )


def measured_intervals(parts: Sequence[Matching]) -> Mapping[str, Interval]:
    """The interval of each criterion of a single candidate, by name."""
    alike: dict[tuple[int, float], list[Matching]] = {}
    for one in resamples(parts):
        alike.setdefault((len(one.detection), one.days), []).append(one)
    drawn = [criteria(_as_candidates(some)) for some in alike.values()]
    return {
        name: percentile_interval(np.concatenate([getattr(one, name) for one in drawn]).tolist())
        for name in CRITERIA
    }


def _as_candidates(alike: Sequence[Matching]) -> Matching:
    """Those of as many incidents and days side by side: measured at once."""
    return Matching(
        alarms=np.concatenate([one.alarms for one in alike]),
        true_positives=np.concatenate([one.true_positives for one in alike]),
        false_alarms=np.concatenate([one.false_alarms for one in alike]),
        detection=np.concatenate([one.detection for one in alike], axis=1),
        reset=np.concatenate([one.reset for one in alike], axis=1),
        alarms_within=np.concatenate([one.alarms_within for one in alike], axis=1),
        days=alike[0].days,
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


def optimum_interval(
    parts: Sequence[Matching], optimum: Callable[[Matching], float], count: int = 200
) -> Interval:
    """The interval of what is found best, when it is looked for in each resample anew."""
    return percentile_interval([optimum(one) for one in resamples(parts, count)])
