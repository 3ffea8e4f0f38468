"""Alerts as thresholds: what they compare, with what, for how long, and who is called."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from simulator.alerting.recordings import recording_layers
from simulator.checking.severities import level_of, severity_of
from simulator.mapping.signals import Signals, signal_of
from simulator.promql.limits import Limit, limit
from simulator.rules.model import Alert, AnyAlert, Group, Place
from simulator.tuning.truth.incidents import LEVELS

__all__ = ["AlertRule", "alert_rules"]


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alert of a rule file, as it is tuned.

    `limit` is the number in it that can move; None where none can, so that it is judged as it is.
    `levels` has "orange" for a warning and "red" for a critical one, both for an alert that says
    neither. `signal` is the rule's label, or what its query reads; `panel` its annotation, a link
    with `viewPanel=ID`. Rules are equal where what is written is.
    """

    alert: AnyAlert
    group: Group = field(compare=False)
    limit: Limit | None
    levels: tuple[str, ...]
    signal: str = field(compare=False)

    @property
    def name(self) -> str:
        """The alert's name."""
        return self.alert.name

    @property
    def place(self) -> Place:
        """Where it is written."""
        return self.alert.place

    @property
    def hold(self) -> float:
        """Its `for` in seconds."""
        return self.alert.hold

    @property
    def keep_firing(self) -> float:
        """Its `keep_firing_for` in seconds."""
        return self.alert.keep_firing

    @property
    def level(self) -> str:
        """The level whose incidents it is for: those of orange have those of red among them."""
        return self.levels[0]

    @property
    def panel(self) -> str:
        """The link to a panel; "" where there is none."""
        return self.alert.annotations.get("panel", "")

    @property
    def is_as_coloured(self) -> bool:
        """Whether it compares as Grafana colours: with `>=` or `<`."""
        one = self.limit
        return one is not None and one.is_inclusive != one.is_lower_worse

    def has_limit(self, value: float | None, *, is_lower_worse: bool) -> bool:
        """Whether its number is this one, and bad values lie on this side of it."""
        one = self.limit
        return one is not None and one.literal == value and one.is_lower_worse == is_lower_worse


def alert_rules(
    groups: Iterable[Group], signals: Signals, severities: Mapping[str, str] | None = None
) -> tuple[AlertRule, ...]:
    """Every alert of the groups; `severities` says more words for "orange" and "red".

    >>> from pathlib import Path
    >>> from simulator.rules.reading import groups_in
    >>> text = "groups: [{name: g, rules: [{alert: A, expr: up == 0, labels: {severity: page}}]}]"
    >>> (found,) = alert_rules(groups_in(text, Path("a.yml")), {})
    >>> found.limit, found.levels
    (None, ('red',))
    """
    groups, given = tuple(groups), severities or {}
    told = _with_recordings(groups, signals)
    return tuple(_rule(alert, group, told, given) for group in groups for alert in group.alerts)


def _with_recordings(groups: Sequence[Group], signals: Signals) -> Signals:
    """What metrics tell of, and what recording rules make of them."""
    found = dict(signals)
    for layer in recording_layers(groups):
        for _, rule in layer:
            signal = signal_of(rule.expr, found)
            if signal is not None:
                found.setdefault(rule.name, signal)
    return found


def _rule(
    alert: AnyAlert, group: Group, signals: Signals, severities: Mapping[str, str]
) -> AlertRule:
    queries = _queries(alert)
    about = (signal_of(query, signals) for query in queries)
    signal = alert.labels.get("signal", "") or next(filter(None, about), "") or alert.name
    level = level_of(severity_of(alert.labels), severities)
    return AlertRule(
        alert=alert,
        group=group,
        limit=limit(alert.expr) if isinstance(alert, Alert) else None,
        levels=(level,) if level else LEVELS,
        signal=signal,
    )


def _queries(alert: AnyAlert) -> Sequence[str]:
    if isinstance(alert, Alert):
        return [alert.expr]
    return [str(node.model.get("expr") or "") for node in alert.nodes]
