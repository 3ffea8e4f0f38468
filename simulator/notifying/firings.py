"""What an Alertmanager is to be told: each alert from when to when it fires."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import numpy as np

from simulator.alerting.alert_history import AlertHistory
from simulator.alerting.label_texts import expanded
from simulator.rules.model import Alert, Place

__all__ = ["Firing", "Labels", "firings_of", "labels_key", "stretches"]

Labels = frozenset[tuple[str, str]]
"""What tells alerts apart."""


@dataclass(frozen=True, slots=True)
class Firing:
    """One alert of a rule that fires from `start` on (unix seconds).

    `end` is None where it still does at the end of what was looked at. `place` is the rule's.
    """

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    start: float
    end: float | None
    place: Place
    generator_url: str = ""

    @property
    def name(self) -> str:
        """Of its rule."""
        return self.labels["alertname"]

    @property
    def key(self) -> Labels:
        """What tells its alert from others."""
        return labels_key(self.labels)


def labels_key(labels: Mapping[str, str]) -> Labels:
    """The labels as a key; an empty one is none.

    >>> labels_key({"a": "1", "b": ""}) == labels_key({"a": "1"})
    True
    """
    return frozenset((name, value) for name, value in labels.items() if value)


def firings_of(alert: Alert, history: AlertHistory, *, prometheus_url: str) -> Iterator[Firing]:
    """Each time that one of a rule's alerts fired, with the link that Prometheus gives it.

    A time that had begun before what was looked at begins there.
    """
    link = f"{prometheus_url}/graph?g0.expr={quote(alert.expr, safe='')}&g0.tab=1"
    for labels, fires in zip(history.labels, history.firing, strict=True):
        turns = np.flatnonzero(np.diff(np.concatenate([[False], fires, [False]]).astype(np.int8)))
        for first, after in turns.reshape(-1, 2).tolist():
            yield Firing(
                labels=labels,
                annotations={n: expanded(text, labels) for n, text in alert.annotations.items()},
                start=float(history.times[first]),
                end=float(history.times[after]) if after < len(history.times) else None,
                place=alert.place,
                generator_url=link,
            )


def stretches(firings: Sequence[Firing], *, gap: float) -> tuple[tuple[Firing, ...], ...]:
    """The firings in order of time, cut where nothing fires for longer than `gap` seconds.

    >>> place = Place(__import__("pathlib").Path("a.yml"))
    >>> times = [(0.0, 60.0), (50.0, 90.0), (500.0, None)]
    >>> alerts = [Firing({"alertname": "A"}, {}, start, end, place) for start, end in times]
    >>> [len(one) for one in stretches(alerts, gap=300.0)]
    [2, 1]
    """
    found: list[list[Firing]] = []
    until = -np.inf
    for one in sorted(firings, key=lambda each: each.start):
        if not found or one.start > until + gap:
            found.append([])
        found[-1].append(one)
        until = max(until, np.inf if one.end is None else one.end)
    return tuple(map(tuple, found))
