"""How sure each criterion of a setting is, from the days that it was judged on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from simulator.tuning.judging.criteria import CRITERIA
from simulator.tuning.judging.effective import (
    UNKNOWN,
    Interval,
    Spread,
    mean_interval,
    rate_interval,
    share_interval,
)
from simulator.tuning.judging.matching import Matching, joined
from simulator.tuning.judging.ranking import Floats

__all__ = ["criteria_intervals"]

_FEWEST_BEYOND: Final = 3.0  # incidents that take longer, or less long, than a quantile


@dataclass(frozen=True, slots=True, eq=False)
class _Days:
    """Of a single candidate, what there was on each day, all of shape (days,)."""

    parts: Sequence[Matching]
    weights: Floats

    def of(self, name: str) -> Floats:
        """A total by day, as it is weighed."""
        return np.array([float(getattr(one, name)[0]) for one in self.parts])

    @property
    def days(self) -> Floats:
        return np.array([one.days for one in self.parts])

    @property
    def incidents(self) -> Floats:
        return np.array([len(one.detection) for one in self.parts], dtype=np.float64)

    @property
    def hits(self) -> Floats:
        return np.array([float(one.hits[0]) for one in self.parts])

    def values(self, name: str) -> list[Floats]:
        """Those of the incidents that were found, by day."""
        return [getattr(one, name)[one.is_hit[:, 0], 0] for one in self.parts]

    def spread(self, apart: Floats) -> Spread:
        """That of an estimate which each day moves by so much."""
        return Spread.of(apart, self.weights)

    @property
    def alarms_seen(self) -> float:
        """As many alarms as tell so much: weighed ones tell less (Kish)."""
        alarms = self.of("alarms")
        squares = float((alarms * self.weights).sum())
        return float(alarms.sum()) ** 2 / squares if squares else 0.0


def criteria_intervals(
    parts: Sequence[Matching], weights: Sequence[float] | None = None
) -> Mapping[str, Interval]:
    """The 95 % interval of each criterion of a single candidate, by name; nan where unknown.

    Args:
        parts: what it did on each day.
        weights: how much each day counts, as it does in the parts; without, all alike.

    Days are what is independent: incidents of one have its noise in common. Shares have Wilson's
    interval for the effective number of cases, times that of the share of incidents below them,
    read off in seconds (R. S. Woodruff, 1952). Below five days nothing is known.
    """
    given = np.ones(len(parts)) if weights is None else np.asarray(weights)
    days = _Days(parts, given)
    whole = joined(parts)
    found = {name: float(criterion(whole)[0]) for name, criterion in CRITERIA.items()}
    return {name: _INTERVALS[name](days, found) for name in CRITERIA}


def _ratio_apart(part: Floats, whole: Floats) -> Floats:
    """By how much each day moves sum(part) / sum(whole); of days that have something of it."""
    ratio = part.sum() / whole.sum()
    return np.asarray((part - ratio * whole) / whole.sum())


def _recall(days: _Days, found: Mapping[str, float]) -> Interval:
    is_there = days.incidents > 0
    n, hits = days.incidents[is_there], days.hits[is_there]
    if not len(n):
        return UNKNOWN
    return share_interval(found["recall"], Spread.of(_ratio_apart(hits, n)), float(n.sum()))


def _precision(days: _Days, found: Mapping[str, float]) -> Interval:
    alarms = days.of("alarms")
    if not alarms.sum():
        return UNKNOWN
    apart = _ratio_apart(days.of("true_positives"), alarms)
    return share_interval(found["precision"], days.spread(apart), days.alarms_seen)


def _f1(days: _Days, found: Mapping[str, float]) -> Interval:
    p, r = found["precision"], found["recall"]
    alarms, n = days.of("alarms"), days.incidents
    if not alarms.sum() or not n.sum() or not p + r > 0.0:
        return UNKNOWN
    of_p = 2.0 * r**2 / (p + r) ** 2 * _ratio_apart(days.of("true_positives"), alarms)
    of_r = 2.0 * p**2 / (p + r) ** 2 * _ratio_apart(days.hits, n)
    cases = 4.0 / (1.0 / days.alarms_seen + 1.0 / float(n.sum()))
    return share_interval(found["f1"], days.spread(of_p + of_r), cases)


def _false_alarms_per_day(days: _Days, found: Mapping[str, float]) -> Interval:
    length, false = days.days, days.of("false_alarms")
    total = float(length.sum())
    seen = false if false.sum() else length
    weight = float((seen * days.weights).sum() / seen.sum())
    apart = _ratio_apart(false, length)
    return rate_interval(
        found["false_alarms_per_day"], days.spread(apart), days=total, weight=weight
    )


def _flaps(days: _Days, found: Mapping[str, float]) -> Interval:
    values = [one - 1.0 for one in days.values("alarms_within") if len(one)]
    if not values:
        return UNKNOWN
    n = np.array([float(len(one)) for one in values])
    apart = _ratio_apart(np.array([float(one.sum()) for one in values]), n)
    return mean_interval(found["flaps_per_episode"], Spread.of(apart), float(n.sum()))


def _quantile(name: str, q: float) -> Callable[[_Days, Mapping[str, float]], Interval]:
    def interval(days: _Days, _found: Mapping[str, float]) -> Interval:
        by_day = [np.sort(one) for one in days.values(name) if len(one)]
        if not by_day:
            return UNKNOWN
        together = np.sort(np.concatenate(by_day))
        if len(together) * min(q, 1.0 - q) < _FEWEST_BEYOND:
            return UNKNOWN
        value = np.quantile(together, q)
        below = np.array([_share_below(one, value) for one in by_day])
        n = np.array([float(len(one)) for one in by_day])
        share = share_interval(q, Spread.of(_ratio_apart(below * n, n)), float(len(together)))
        return UNKNOWN if np.isnan(share[0]) else _read_off(together, share)

    return interval


def _share_below(ascending: Floats, value: float) -> float:
    """Those that are equal count half."""
    left, right = (np.searchsorted(ascending, value, side=side) for side in ("left", "right"))
    return float(left + right) / 2.0 / len(ascending)


def _read_off(ascending: Floats, share: Interval) -> Interval:
    """The values at shares: the next that were seen, outwards."""
    low = np.quantile(ascending, share[0], method="lower")
    high = np.quantile(ascending, share[1], method="higher")
    return float(low), float(high)


_INTERVALS: Final[Mapping[str, Callable[[_Days, Mapping[str, float]], Interval]]] = (
    MappingProxyType(
        {
            "precision": _precision,
            "recall": _recall,
            "f1": _f1,
            "detection_median": _quantile("detection", 0.5),
            "detection_p90": _quantile("detection", 0.9),
            "reset_median": _quantile("reset", 0.5),
            "false_alarms_per_day": _false_alarms_per_day,
            "flaps_per_episode": _flaps,
        }
    )
)
