"""How good alarms are: each criterion of every candidate, nan where it is undefined, never 0.

Those of Google's SRE Workbook ("Alerting on SLOs": precision, recall, detection time, reset time),
and what false alarms and flapping cost those on call. All of shape (candidates,).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.judging.matching import Matching
from simulator.tuning.judging.ranking import Floats

__all__ = [
    "CRITERIA",
    "detection_median",
    "detection_p90",
    "f1",
    "false_alarms_per_day",
    "flaps_per_episode",
    "precision",
    "recall",
    "reset_median",
]


def precision(found: Matching) -> Floats:
    """The mean over alarms of the share of each one's time that was in a detection window.

    1 for an alarm that is right throughout, 0 for a false one; nan without any alarm. For an alarm
    that is always on it is the share of time with incidents, the base rate.
    """
    return _ratio(found.true_positives, found.alarms)


def recall(found: Matching) -> Floats:
    """The share of incidents with an alarm; nan without incidents."""
    return _ratio(found.hits, np.asarray(len(found.detection)))


def f1(found: Matching) -> Floats:
    """The harmonic mean of precision and recall, 2 P R / (P + R); nan too where both are 0."""
    p, r = precision(found), recall(found)
    return _ratio(2.0 * p * r, p + r)


def detection_median(found: Matching) -> Floats:
    """Seconds from an incident's start to its alarm, over the incidents that have one, else nan."""
    return _quantile(found.detection, found.hits, 0.5)


def detection_p90(found: Matching) -> Floats:
    """The same, of nine in ten."""
    return _quantile(found.detection, found.hits, 0.9)


def reset_median(found: Matching) -> Floats:
    """Seconds from an incident's end to its alarm's end, over the same incidents."""
    return _quantile(found.reset, found.hits, 0.5)


def false_alarms_per_day(found: Matching) -> Floats:
    """Per day of all judged time."""
    return found.false_alarms / found.days


def flaps_per_episode(found: Matching) -> Floats:
    """How many alarms more than one a found incident has, in the mean; nan where none is found."""
    within = np.where(found.is_hit, found.alarms_within, 0).sum(axis=0)
    return _ratio(within - found.hits, found.hits)


CRITERIA: Final[Mapping[str, Callable[[Matching], Floats]]] = MappingProxyType(
    {
        one.__name__: one
        for one in (
            precision,
            recall,
            f1,
            detection_median,
            detection_p90,
            reset_median,
            false_alarms_per_day,
            flaps_per_episode,
        )
    }
)
"""All of them by name, in the order in which reports give them."""


def _ratio(part: NDArray[np.generic], whole: NDArray[np.generic]) -> Floats:
    """Nan where both are 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Floats = np.true_divide(part, whole)
    return ratio


def _quantile(seconds: Floats, count: NDArray[np.int64], q: float) -> Floats:
    """The quantile of the `count` smallest of each column, between two of them linearly."""
    if not len(seconds):
        return np.full(count.shape, np.nan)
    ascending = np.sort(seconds, axis=0)
    place = q * np.maximum(count - 1, 0)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    columns = np.arange(ascending.shape[1])
    below, above = ascending[low, columns], ascending[high, columns]
    with np.errstate(invalid="ignore"):
        value = below + (above - below) * (place - low)
    return np.where(count > 0, value, np.nan)
