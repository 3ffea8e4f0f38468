"""What panels show of their signals over recorded time: the values that are coloured."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simulator.errors import DashboardError, PrometheusError
from simulator.grafana.intervals import relative_milliseconds
from simulator.grafana.model import Dashboard, Panel
from simulator.metrics.signals import signal_of
from simulator.observation.at_once import at_once
from simulator.observation.look_back import look_back_seconds
from simulator.observation.over_time import values_over_time
from simulator.observation.panel_values import FieldValues, PanelValues
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.observation.queries import (
    BoundPanel,
    QueryOptions,
    bound_panels,
    dashboard_bindings,
    unreadable,
)
from simulator.progress import Progress, Report
from simulator.timeline.durations import format_duration
from simulator.tuning.monitors.alarm_steps import AlarmSteps, alarm_steps, severity
from simulator.tuning.monitors.every_step import answers, recorded
from simulator.tuning.monitors.monitor import Monitor, Place, Sampling, Skipped
from simulator.tuning.monitors.rules import AlertRule

__all__ = ["panel_monitors"]

_AT_ONCE: Final = 2
"""Panels asked at the same time."""

_FALLBACK_RANGE_SECONDS: Final = 6 * 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class _Looking:
    """What it takes to look at panels."""

    prometheus: Prometheus
    sampling: Sampling
    rules: Sequence[AlertRule]


def panel_monitors(
    dashboards: Iterable[Dashboard],
    prometheus: Prometheus,
    sampling: Sampling,
    rules: Sequence[AlertRule],
    *,
    report: Report,
) -> tuple[Monitor | Skipped, ...]:
    """Everything with orange or red thresholds on the dashboards, and what cannot be read.

    Raises:
        PrometheusError: nothing answers, or a variable's query is refused.
    """
    every = [
        (board, bound)
        for board in dashboards
        for bound in _bound(board, prometheus, sampling)
        if _has_thresholds(bound.panel)
    ]
    looking = _Looking(prometheus, sampling, rules)
    found: list[Monitor | Skipped] = []
    reading = at_once(lambda one: _monitors(*one, looking=looking), every, most=_AT_ONCE)
    for done, ((_, bound), parts) in enumerate(zip(every, reading, strict=True), start=1):
        found += parts
        report(Progress("panels", done, len(every), bound.title))
    return tuple(_once_per_place(found))


def _once_per_place(found: Iterable[Monitor | Skipped]) -> Iterator[Monitor | Skipped]:
    """What a repeated panel draws several times has its thresholds written once: it is one."""
    by_place: dict[object, list[Monitor]] = {}
    for one in found:
        if isinstance(one, Monitor) and one.place is not None:
            by_place.setdefault((id(one.place.dashboard), one.place.path), []).append(one)
        else:
            yield one
    for same in by_place.values():
        together = zip(*(one.recordings for one in same), strict=True)
        yield replace(
            same[0],
            names=frozenset().union(*(one.names for one in same)),
            recordings=tuple(
                replace(parts[0], values=np.concatenate([part.values for part in parts]))
                for parts in together
            ),
        )


def _bound(board: Dashboard, prometheus: Prometheus, sampling: Sampling) -> Iterator[BoundPanel]:
    own = (relative_milliseconds(board.time_from) or 0.0) / 1000 or _FALLBACK_RANGE_SECONDS
    options = QueryOptions(sampling.moments.last, own, format_duration(sampling.step))
    bindings = dashboard_bindings(
        board, prometheus, sampling.variables, options, since=sampling.moments.first
    )
    yield from bound_panels(board, bindings, options)


def _has_thresholds(panel: Panel) -> bool:
    """Whether thresholds are written in it: only those can be tuned."""
    config = panel.field_config
    return "thresholds" in config.defaults or any(
        name == "thresholds" for override in config.overrides for name, _ in override.properties
    )


def _monitors(board: Dashboard, bound: BoundPanel, looking: _Looking) -> list[Monitor | Skipped]:
    sampling = looking.sampling
    if reason := unreadable(bound.panel):
        return [Skipped(bound.title, reason)]
    try:
        answered = list(answers(bound, looking.prometheus, sampling))
    except UnreachablePrometheusError:
        raise
    except (PrometheusError, DashboardError) as error:
        return [Skipped(bound.title, str(error))]
    seen = values_over_time(bound, answered, sampling.moments)
    if seen.unsupported:
        return [Skipped(bound.title, ", ".join(seen.unsupported))]
    if not seen.fields:
        return [Skipped(bound.title, "no data")]
    if seen.spacing > sampling.step:
        every = format_duration(seen.spacing)
        return [Skipped(bound.title, f"it can be looked at every {every} only: take that --step")]
    return list(_parts(board, bound, seen, looking))


def _parts(
    board: Dashboard, bound: BoundPanel, seen: PanelValues, looking: _Looking
) -> Iterator[Monitor | Skipped]:
    for path, fields in _by_place(seen.fields).items():
        thresholds = fields[0].key.thresholds
        alarms = alarm_steps(thresholds) if thresholds else None
        if alarms is not None:
            place = Place(board, bound.panel, f"{bound.panel.path}.{path}")
            yield _of_fields(place, bound, fields, alarms, looking, seen.spacing)
        elif thresholds and any(severity(step.color) for step in thresholds.steps):
            yield Skipped(bound.title, "its colours do not go from good to bad in one direction")


def _by_place(fields: Iterable[FieldValues]) -> dict[str, list[FieldValues]]:
    """The coloured fields by where their thresholds are written."""
    found: dict[str, list[FieldValues]] = {}
    for field in fields:
        if field.is_painted and field.key.thresholds_at and not field.is_text:
            found.setdefault(field.key.thresholds_at, []).append(field)
    return found


def _of_fields(  # noqa: PLR0913, PLR0917 - one caller, which has just found each of them
    place: Place,
    bound: BoundPanel,
    fields: Sequence[FieldValues],
    alarms: AlarmSteps,
    looking: _Looking,
    spacing: float,
) -> Monitor:
    sampling = looking.sampling
    signal = _signal(bound, fields)
    series = [one for field in fields for one in field.series]
    names = tuple(dict.fromkeys(one.name for one in series))
    thresholds = fields[0].key.thresholds
    is_percentage = thresholds is not None and thresholds.is_percentage
    rules = {} if is_percentage else _rules_of(place, signal, alarms, looking.rules)
    name = _name(bound.title, place, names)
    about = {name, bound.title, signal, *names, *(rule.name for rule in rules.values())}
    return Monitor(
        name=name,
        names=frozenset(one for one in about if one),
        place=place,
        rules=rules,
        alarms=alarms,
        signal=signal,
        unit="percent" if is_percentage else fields[0].unit,
        look_back=look_back_seconds(
            [replace(place.dashboard, panels=(bound.panel,))], sampling.variables
        ),
        recordings=tuple(recorded(span, series, sampling, spacing) for span in sampling.spans),
    )


def _name(title: str, place: Place, fields: Sequence[str]) -> str:
    """The panel's title, and the field where the thresholds are for a single one."""
    is_of_one = ".overrides[" in place.path and len(fields) == 1
    field = fields[0] if is_of_one else ""
    is_said = field.casefold() in title.casefold()
    return title if not field or is_said else f"{title} · {field}"


def _rules_of(
    place: Place, signal: str, alarms: AlarmSteps, rules: Sequence[AlertRule]
) -> Mapping[str, AlertRule]:
    """By level the alert that has the panel's threshold and is about its signal, or links to it."""
    return {
        rule.level: rule
        for rule in reversed(rules)
        if alarms.values.get(rule.level) == rule.threshold
        and alarms.is_lower_worse == rule.is_lower_worse
        and rule.is_as_coloured
        and (rule.signal == signal if signal else place.is_at(rule.panel))
    }


def _signal(bound: BoundPanel, fields: Sequence[FieldValues]) -> str:
    """What the queries of these fields are about; the columns of a table may be of any query."""
    by_letter = {target.ref_id: target.expr for target in bound.panel.targets}
    own = [by_letter[f.key.source] for f in fields if f.key.source in by_letter]
    found = (signal_of(query) for query in own or by_letter.values())
    return next((signal for signal in found if signal), "")
