"""How good alarms are, from what they did; nan where a criterion is undefined, never 0.

The criteria of Google's SRE Workbook ("Alerting on SLOs": precision, recall, detection time, reset
time), and what false alarms and flapping cost those on call.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from simulator.tuning.judging.matching import Matching

__all__ = ["CRITERIA", "Criteria", "criteria"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Criteria:
    """One value per candidate, shape (candidates,).

    - `precision`: mean over alarms of the share of each one's time that was in a detection window:
      1 for an alarm that is right throughout, 0 for a false one; nan without any alarm. For an
      alarm that is always on it is the share of time with incidents, the base rate.
    - `recall`: share of incidents with an alarm; nan without incidents.
    - `f1`: their harmonic mean, 2 P R / (P + R); nan where one is, or both are 0.
    - `detection_median`, `detection_p90`: seconds from an incident's start to its alarm, over the
      incidents that have one; nan where none has.
    - `reset_median`: seconds from an incident's end to its alarm's end, over the same.
    - `false_alarms_per_day`: per day of all judged time.
    - `flaps_per_episode`: how many more alarms than one a found incident has, in the mean.
    """

    precision: Floats
    recall: Floats
    f1: Floats
    detection_median: Floats
    detection_p90: Floats
    reset_median: Floats
    false_alarms_per_day: Floats
    flaps_per_episode: Floats

    def at(self, q: int) -> dict[str, float]:
        """The criteria of one candidate by name."""
        return {name: float(getattr(self, name)[q]) for name in CRITERIA}


CRITERIA = tuple(one.name for one in fields(Criteria))
"""Their names, in the order in which reports give them."""


def criteria(found: Matching) -> Criteria:
    """The criteria of every candidate."""
    is_hit = np.isfinite(found.detection)
    hits = is_hit.sum(axis=0)
    n_incidents = len(found.detection)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = found.true_positives / found.alarms
        recall = hits / n_incidents if n_incidents else np.full(hits.shape, np.nan)
        f1 = 2.0 * precision * recall / (precision + recall)
        flaps = (np.where(is_hit, found.alarms_within, 0).sum(axis=0) - hits) / hits
    detection = np.sort(found.detection, axis=0)
    return Criteria(
        precision=precision,
        recall=recall,
        f1=f1,
        detection_median=_quantile(detection, hits, 0.5),
        detection_p90=_quantile(detection, hits, 0.9),
        reset_median=_quantile(np.sort(found.reset, axis=0), hits, 0.5),
        false_alarms_per_day=found.false_alarms / found.days,
        flaps_per_episode=flaps,
    )


def _quantile(ascending: Floats, count: NDArray[np.int64], q: float) -> Floats:
    """The quantile of the first `count` rows of each column, between two of them linearly."""
    if not len(ascending):
        return np.full(count.shape, np.nan)
    place = q * np.maximum(count - 1, 0)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    columns = np.arange(ascending.shape[1])
    below, above = ascending[low, columns], ascending[high, columns]
    with np.errstate(invalid="ignore"):
        value = below + (above - below) * (place - low)
    return np.where(count > 0, value, np.nan)
