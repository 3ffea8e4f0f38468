"""What alert rules compare over recorded time, where no panel has their thresholds."""

from collections.abc import Iterable, Sequence

import numpy as np

from simulator.errors import PrometheusError
from simulator.grafana.alarm_steps import AlarmSteps
from simulator.grafana.frames import Series
from simulator.observation.look_back import query_look_back_seconds
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.observation.replay import Moments
from simulator.progress import Progress, Report
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.monitors.alert_rules import AlertRule
from simulator.tuning.monitors.monitor import Monitor, Sampling, Skipped, Span

__all__ = ["rule_monitors"]


def rule_monitors(
    rules: Sequence[AlertRule],
    prometheus: Prometheus,
    sampling: Sampling,
    *,
    report: Report,
) -> tuple[Monitor | Skipped, ...]:
    """What these rules compare; a warning and a critical one with the same query go together.

    Raises:
        PrometheusError: nothing answers.
    """
    groups = _by_comparison(rules)
    found: list[Monitor | Skipped] = []
    for done, group in enumerate(groups, start=1):
        name = " / ".join(rule.name for rule in group.values())
        try:
            found.append(_monitor(name, group, prometheus, sampling))
        except UnreachablePrometheusError:
            raise
        except PrometheusError as error:
            found.append(Skipped(name, str(error)))
        report(Progress("rules", done, len(groups), name))
    return tuple(found)


def _by_comparison(rules: Iterable[AlertRule]) -> list[dict[str, AlertRule]]:
    """The rules by what they compare and how; one of each level in a group."""
    groups: dict[object, list[dict[str, AlertRule]]] = {}
    for rule in rules:
        key = (" ".join(rule.query.split()), rule.is_lower_worse, rule.is_inclusive)
        same = groups.setdefault(key, [{}])
        if rule.level in same[-1]:
            same.append({})
        same[-1][rule.level] = rule
    return [group for same in groups.values() for group in same]


def _monitor(
    name: str, group: dict[str, AlertRule], prometheus: Prometheus, sampling: Sampling
) -> Monitor | Skipped:
    rule = next(iter(group.values()))
    series = prometheus.query_range(
        rule.query,
        start=sampling.moments.first,
        end=sampling.moments.last,
        step_seconds=sampling.step,
    )
    if not series:
        return Skipped(name, "no data")
    values = {level: one.threshold for level, one in group.items()}
    about = {name, *(one.name for one in group.values()), *(one.signal for one in group.values())}
    return Monitor(
        name=name,
        names=frozenset(about),
        place=None,
        rules=group,
        alarms=AlarmSteps({}, values, rule.is_lower_worse),
        signal=rule.signal,
        unit="",
        look_back=query_look_back_seconds(rule.query),
        recordings=tuple(
            _recording(span, series, sampling, is_as_coloured=rule.is_as_coloured)
            for span in sampling.spans
        ),
    )


def _recording(
    span: Span, series: Sequence[Series], sampling: Sampling, *, is_as_coloured: bool
) -> Recording:
    """The values in a span; a shade smaller where a rule compares with `>` or `<=`.

    Then it is the same as what all else is judged by: the next smaller number of a value reaches a
    threshold (`>=`) just where the value exceeds it (`>`), and is below one (`<`) where it is not.
    """
    times = Moments(span.start, span.end - sampling.step, sampling.step).times
    values = np.full((len(series), len(times)), np.nan)
    for row, one in zip(values, series, strict=True):
        place = np.rint((one.times - times[0]) / sampling.step).astype(np.int64)
        is_inside = (place >= 0) & (place < len(times))
        row[place[is_inside]] = one.values[is_inside]
    return Recording(
        times, values if is_as_coloured else np.nextafter(values, -np.inf), sampling.step
    )
