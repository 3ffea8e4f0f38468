"""What alert rules compare over recorded time, and the alerts that are judged as they are."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np

from simulator.alerting.alert_history import AlertHistory, Evaluations, alert_history
from simulator.alerting.grafana_history import grafana_history
from simulator.alerting.grids import grid_values
from simulator.alerting.label_texts import shows_value
from simulator.alerting.needed_metrics import needed_metrics
from simulator.errors import PrometheusError, RuleError
from simulator.grafana.alarm_steps import AlarmSteps
from simulator.observation.look_back import query_look_back_seconds
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.progress import Progress, Report
from simulator.promql.limits import Limit
from simulator.rules.model import Alert, AnyAlert
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.monitors.alert_rules import AlertRule
from simulator.tuning.monitors.monitor import Monitor, Sampling, Skipped, Span
from simulator.tuning.truth.incidents import LEVELS

__all__ = ["rule_monitors"]

_FIRES = 1.0
"""The value of an alert that is judged as it is while it fires."""


def rule_monitors(
    rules: Sequence[AlertRule],
    prometheus: Prometheus,
    sampling: Sampling,
    *,
    longest_hold: float,
    report: Report,
) -> tuple[Monitor | Skipped, ...]:
    """What these rules compare; a warning and a critical one with the same query go together.

    `longest_hold` is how long before a span holds are looked back, in seconds.

    Raises:
        PrometheusError: nothing answers.
    """
    groups = _by_comparison(rules)
    asking = _Asking(prometheus, sampling, longest_hold)
    found: list[Monitor | Skipped] = []
    for done, group in enumerate(groups, start=1):
        name = " / ".join(rule.name for rule in group.values())
        try:
            found.append(asking.monitor(name, group))
        except UnreachablePrometheusError:
            raise
        except (PrometheusError, RuleError) as error:
            found.append(Skipped(name, str(error), tuple(group.values()), is_refused=True))
        report(Progress("rules", done, len(groups), name))
    return tuple(found)


def _by_comparison(rules: Iterable[AlertRule]) -> list[dict[str, AlertRule]]:
    """The rules by what they compare, how and when; one of each level in a group."""
    groups: dict[object, list[dict[str, AlertRule]]] = {}
    for rule in rules:
        same = groups.setdefault(_comparison(rule), [{}])
        if rule.level in same[-1] or not _is_in_order(rule, same[-1]):
            same.append({})
        same[-1][rule.level] = rule
    return [group for same in groups.values() for group in same]


def _comparison(rule: AlertRule) -> object:
    if rule.limit is None:
        return rule.place
    one, group = rule.limit, rule.group
    return (" ".join(one.query.split()), one.sign, group.interval, group.query_offset, group.limit)


def _is_in_order(rule: AlertRule, others: Mapping[str, AlertRule]) -> bool:
    """Whether red is harder to reach than orange with it."""
    by_level = {**others, rule.level: rule}
    values = [by_level[level].limit for level in LEVELS if level in by_level]
    known = [one.literal * (-1.0 if one.is_lower_worse else 1.0) for one in values if one]
    return known == sorted(set(known))


class _Asking:
    """Asks for what rules compare, as often as their group is evaluated."""

    def __init__(self, prometheus: Prometheus, sampling: Sampling, longest_hold: float) -> None:
        self._prometheus = prometheus
        self._sampling = sampling
        self._longest_hold = longest_hold
        self._is_known: dict[str, bool] = {}

    def monitor(self, name: str, group: Mapping[str, AlertRule]) -> Monitor | Skipped:
        """What is watched of rules with the same comparison."""
        rule = next(iter(group.values()))
        interval = max(rule.group.interval or 0.0, self._sampling.step)
        if rule.limit is None or not _moves(rule):
            recordings = tuple(
                self._as_it_is(rule, span, interval) for span in self._sampling.spans
            )
            alarms = AlarmSteps({}, dict.fromkeys(group, _FIRES), is_lower_worse=False)
        else:
            recordings = tuple(
                self._compared(rule, rule.limit, span, interval) for span in self._sampling.spans
            )
            values = {level: one.limit.literal for level, one in group.items() if one.limit}
            alarms = AlarmSteps({}, values, rule.limit.is_lower_worse)
        if missing := self._missing(rule, recordings):
            return Skipped(name, missing, tuple(group.values()))
        rules = list(group.values())
        return Monitor(
            name=name,
            names=frozenset({name, *(r.name for r in rules), *(r.signal for r in rules)}),
            place=None,
            rules=group,
            alarms=alarms,
            signal=rule.signal,
            unit="",
            look_back=query_look_back_seconds(*_queries(rule.alert)),
            recordings=recordings,
            is_as_it_is=not _moves(rule),
            queries=(rule.limit.query,) if rule.limit else (),
        )

    def _as_it_is(self, rule: AlertRule, span: Span, interval: float) -> Recording:
        """Whether each of its alerts fires at the evaluations of a span."""
        last = span.start + (int((span.end - span.start) / interval + 1e-6) - 1) * interval
        when = Evaluations(
            span.start, last, interval, rule.group.query_offset, rule.group.limit, span.since
        )
        found = self._history(rule.alert, when)
        values = np.where(found.firing, _FIRES, np.nan)
        return Recording(found.times, values, interval, weight=span.weight)

    def _history(self, alert: AnyAlert, when: Evaluations) -> AlertHistory:
        if isinstance(alert, Alert):
            return alert_history(alert, self._prometheus, when)
        return grafana_history(alert, self._prometheus, when)

    def _compared(self, rule: AlertRule, limit: Limit, span: Span, interval: float) -> Recording:
        """What it compares at the evaluations of a span, and at those that holds look back on."""
        back = max(self._longest_hold, rule.hold + rule.keep_firing)
        lead = Evaluations(span.start, span.end, interval, since=span.since).lead(
            int(back / interval) + 1
        )
        count = int((span.end - span.start) / interval + 1e-6)
        first, offset = span.start - lead * interval, rule.group.query_offset
        series = self._prometheus.query_range(
            limit.query,
            start=first - offset,
            end=span.start + (count - 1) * interval - offset,
            step_seconds=interval,
        )
        rows = [grid_values(one, first - offset, interval, lead + count) for one in series]
        values = np.array(rows).reshape(len(rows), lead + count)
        if not rule.is_as_coloured:
            values = np.nextafter(values, -np.inf)
        times = np.asarray(span.start + interval * np.arange(count), dtype=np.float64)
        return Recording(times, values[:, lead:], interval, values[:, :lead], span.weight)

    def _missing(self, rule: AlertRule, recordings: Sequence[Recording]) -> str:
        """Which metric nobody has, where nothing came of a rule; "" where there is none."""
        if any(len(one.values) for one in recordings):
            return ""
        absent: set[str] = set()
        for query in _queries(rule.alert):
            needed = needed_metrics(query)
            if all(any(not self._has(metric) for metric in one) for one in needed):
                absent |= {m for m in chain.from_iterable(needed) if not self._has(m)}
        if not absent:
            return ""
        return f"no {', '.join(sorted(absent))}"

    def _has(self, metric: str) -> bool:
        if metric not in self._is_known:
            moments = self._sampling.moments
            selector = f'{{__name__="{metric}"}}'
            found = self._prometheus.series(selector, start=moments.first, end=moments.last)
            self._is_known[metric] = bool(found)
        return self._is_known[metric]


def _moves(rule: AlertRule) -> bool:
    """Whether a number of the rule can move."""
    return rule.limit is not None and not rule.group.limit and not _has_value(rule.alert)


def _has_value(alert: AnyAlert) -> bool:
    """Whether its labels depend on its value, so that it is not one alert throughout."""
    return any(map(shows_value, alert.labels.values()))


def _queries(alert: AnyAlert) -> Sequence[str]:
    if isinstance(alert, Alert):
        return [alert.expr]
    return [str(one.model["expr"]) for one in alert.nodes if one.model.get("expr")]
