"""Recording rules over recorded time, in the order in which they need each other."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from simulator.alerting.alert_history import Evaluations
from simulator.alerting.grids import places_on_grid
from simulator.observation.prometheus import Prometheus
from simulator.promql.selectors import selectors
from simulator.rules.model import Group, Recording
from simulator.tsdb.blocks import STALE, Samples

__all__ = ["RecordingRule", "joined_samples", "recorded_samples", "recording_layers"]

_NAME: Final = "__name__"

RecordingRule = tuple[Group, Recording]


def recording_layers(groups: Sequence[Group]) -> tuple[tuple[RecordingRule, ...], ...]:
    """The recording rules of Prometheus's groups, those first that read none of the others.

    Rules that read each other in a circle, or themselves, count as if they read what is there.

    >>> from pathlib import Path
    >>> from simulator.rules.reading import groups_in
    >>> rules = "[{record: c, expr: b + 1}, {record: b, expr: a}, {record: d, expr: a}]"
    >>> groups = groups_in(f"groups: [{{name: g, rules: {rules}}}]", Path("a.yml"))
    >>> [[rule.name for _, rule in layer] for layer in recording_layers(groups)]
    [['b', 'd'], ['c']]
    """
    left = [(group, r) for group in groups for r in group.rules if isinstance(r, Recording)]
    reads = {rule.place: {one.metric for one in selectors(rule.expr)} for _, rule in left}
    layers = []
    while left:
        names = {rule.name for _, rule in left}
        ready = [(g, r) for g, r in left if not reads[r.place] & (names - {r.name})] or left
        layers.append(tuple(ready))
        left = [one for one in left if one not in ready]
    return tuple(layers)


def recorded_samples(rule: Recording, prometheus: Prometheus, when: Evaluations) -> Samples:
    """What a rule writes at its evaluations, and at the one after the last.

    A series that is gone is marked so. One evaluation with more series than the limit writes none.

    Raises:
        PrometheusError: the query is refused.
    """
    times = when.times - when.query_offset
    series = prometheus.query_range(
        rule.expr, start=float(times[0]), end=float(times[-1]), step_seconds=when.interval
    )
    values = np.full((len(series), len(times) + 1), np.nan)
    is_there = np.zeros(values.shape, dtype=np.bool_)
    for row, present, one in zip(values, is_there, series, strict=True):
        places, found = places_on_grid(one, float(times[0]), when.interval, len(times))
        row[places], present[places] = found, True
    if when.limit:
        is_there &= is_there.sum(axis=0) <= when.limit
    is_gone = np.zeros_like(is_there)
    is_gone[:, 1:] = is_there[:, :-1] & ~is_there[:, 1:]
    values[is_gone] = STALE
    all_times = np.append(times, times[-1] + when.interval)
    return Samples(
        labels=[_labels(rule, one.labels) for one in series],
        times_ms=np.rint(all_times * 1000.0).astype(np.int64),
        values=values,
        is_present=is_there | is_gone,
    )


def joined_samples(parts: Sequence[Samples]) -> Samples:
    """All series of parts with the same times; of series with the same labels the first one.

    Prometheus, too, refuses what comes second.
    """
    rows: dict[tuple[tuple[str, str], ...], tuple[int, int]] = {}
    for number, part in enumerate(parts):
        for row, labels in enumerate(part.labels):
            rows.setdefault(tuple(sorted(labels.items())), (number, row))
    return Samples(
        labels=[dict(labels) for labels in rows],
        times_ms=parts[0].times_ms,
        values=np.array([parts[n].values[row] for n, row in rows.values()]),
        is_present=np.array([parts[n].is_present[row] for n, row in rows.values()]),
    )


def _labels(rule: Recording, of_series: Mapping[str, str]) -> dict[str, str]:
    labels = {**of_series, **rule.labels, _NAME: rule.name}
    return {name: value for name, value in labels.items() if value}
