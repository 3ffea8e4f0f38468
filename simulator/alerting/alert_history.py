"""What an alert of Prometheus did over a time, asked of the Prometheus that has its data."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.alerting.grids import places_on_grid
from simulator.alerting.label_texts import expanded, shows_value
from simulator.alerting.states import firing, steps_of
from simulator.errors import PrometheusError
from simulator.grafana.frames import Series
from simulator.observation.prometheus import Prometheus
from simulator.rules.model import Alert

__all__ = ["AlertHistory", "Evaluations", "Flags", "alert_history"]

Flags: TypeAlias = NDArray[np.bool_]

_NAME: Final = "__name__"
_LONGEST_LEAD_SECONDS: Final = 7 * 86400.0


@dataclass(frozen=True, slots=True)
class Evaluations:
    """When a group is evaluated: from `start` to `end`, both included, every `interval` seconds.

    Its queries ask for `query_offset` seconds before; more alerts than `limit` are an error.
    `since` is from when on there are data: what was before it, nobody knows.
    """

    start: float
    end: float
    interval: float
    query_offset: float = 0.0
    limit: int = 0
    since: float = -math.inf

    def lead(self, evaluations: int) -> int:
        """How many of so many evaluations before the first one can be known."""
        known = min(self.start - self.since, _LONGEST_LEAD_SECONDS) / self.interval
        return min(evaluations, max(int(known + 1e-6), 0))

    @property
    def times(self) -> NDArray[np.float64]:
        """Their times, unix seconds."""
        count = int((self.end - self.start) / self.interval + 1e-6) + 1
        return np.asarray(self.start + self.interval * np.arange(max(count, 0)), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class AlertHistory:
    """The alerts of a rule: `labels` of each; what was and what fired, (alerts, evaluations).

    An alert that is `active` and does not fire is pending; one that fires and is not active is
    kept.
    """

    times: NDArray[np.float64]
    labels: Sequence[Mapping[str, str]]
    active: Flags
    firing: Flags


def alert_history(alert: Alert, prometheus: Prometheus, when: Evaluations) -> AlertHistory:
    """The alerts of a rule at each evaluation; asked from as long before as holds look back.

    Raises:
        PrometheusError: the query is refused, or has several series for one alert.
    """
    interval = when.interval
    hold, keep = steps_of(alert.hold, interval), steps_of(alert.keep_firing, interval)
    lead = when.lead(hold + keep + 1)
    first = when.start - lead * interval
    series = prometheus.query_range(
        alert.expr,
        start=first - when.query_offset,
        end=when.end - when.query_offset,
        step_seconds=interval,
    )
    count = lead + len(when.times)
    labels, active = _alerts(alert, series, first - when.query_offset, interval, count)
    if when.limit:
        active, fires = _limited(active, hold, keep, when.limit)
    else:
        fires = firing(active, hold, keep)
    return AlertHistory(when.times, labels, active[:, lead:], fires[:, lead:])


def _limited(active: Flags, hold: int, keep: int, limit: int) -> tuple[Flags, Flags]:
    """What is active and what fires where more than a limit, with those kept, are an error."""
    broken = active.sum(axis=0) > limit
    while True:
        fires = firing(active, hold, keep, broken)
        kept = active & ~broken
        too_many = np.flatnonzero((kept | fires).sum(axis=0) > limit)
        if not len(too_many):
            return kept, fires
        broken[too_many[0]] = True


def _alerts(
    alert: Alert, series: Sequence[Series], first: float, interval: float, count: int
) -> tuple[list[dict[str, str]], Flags]:
    """The labels of each alert, and at which evaluations the expression has it."""
    found: dict[tuple[object, ...], Flags] = {}
    labels: dict[tuple[object, ...], dict[str, str]] = {}
    has_value = any(map(shows_value, alert.labels.values()))
    for one in series:
        places, values = places_on_grid(one, first, interval, count)
        for value, at in _by_value(values, places, has_value=has_value):
            own = _labels(alert, one.labels, value)
            is_shown = has_value and any(map(shows_value, own.values()))
            key = (value if is_shown else None, *sorted(own.items()))
            row = found.setdefault(key, np.zeros(count, dtype=np.bool_))
            if row[at].any():
                raise PrometheusError(
                    f"several series are one alert once its labels are put on them: {own}"
                )
            row[at] = True
            labels[key] = own
    rows = np.array(list(found.values()), dtype=np.bool_).reshape(len(found), count)
    return list(labels.values()), rows


def _by_value(
    values: NDArray[np.float64], places: NDArray[np.int64], *, has_value: bool
) -> list[tuple[float | None, NDArray[np.int64]]]:
    """The evaluations of a series; those of each value apart where labels depend on it."""
    if not has_value:
        return [(None, places)]
    known = np.unique(values[~np.isnan(values)]).tolist()
    apart: list[tuple[float | None, NDArray[np.int64]]] = [
        (value, places[values == value]) for value in known
    ]
    without = places[np.isnan(values)]
    return [*apart, (float("nan"), without)] if len(without) else apart


def _labels(alert: Alert, of_series: Mapping[str, str], value: float | None) -> dict[str, str]:
    """Those of an alert: the series' own but its name, and the rule's; an empty one is none."""
    labels = {name: text for name, text in of_series.items() if name != _NAME}
    labels |= {name: expanded(text, of_series, value) for name, text in alert.labels.items()}
    return {name: text for name, text in labels.items() if text} | {"alertname": alert.name}
