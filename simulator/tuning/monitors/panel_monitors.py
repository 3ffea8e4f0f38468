"""What panels show of their signals over recorded time: the values that are coloured."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from simulator.grafana.alarm_steps import AlarmSteps, alarm_steps, severity
from simulator.grafana.model import Dashboard, Panel
from simulator.mapping.signals import Signals, signal_of
from simulator.observation.every_panel import Observation, Opened, Unreadable, every_panel
from simulator.observation.look_back import query_look_back_seconds
from simulator.observation.panel_values import FieldValues, PanelValues
from simulator.observation.prometheus import Prometheus
from simulator.progress import Report
from simulator.timeline.durations import format_duration
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.monitors.every_step import every_step, recorded
from simulator.tuning.monitors.monitor import Monitor, Sampling, Skipped, ThresholdPlace
from simulator.tuning.monitors.paired_rules import PairedRules

__all__ = ["panel_monitors"]


def panel_monitors(
    dashboards: Iterable[Dashboard],
    prometheus: Prometheus,
    sampling: Sampling,
    rules: PairedRules,
    *,
    report: Report,
) -> tuple[Monitor | Skipped, ...]:
    """Everything with orange or red thresholds on the dashboards, and what cannot be read.

    Raises:
        PrometheusError: nothing answers, or a variable's query is refused.
    """
    moments = sampling.moments
    opened = Opened(
        moments.last,
        since=moments.first,
        variables=sampling.variables,
        scrape_interval=format_duration(sampling.step),
    )
    panels = every_panel(
        dashboards,
        prometheus,
        opened,
        every_step(sampling),
        is_wanted=_has_thresholds,
        report=report,
    )
    found = (one for panel in panels for one in _monitors(panel, sampling, rules))
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


def _has_thresholds(panel: Panel) -> bool:
    """Whether thresholds are written in it: only those can be tuned."""
    config = panel.field_config
    return "thresholds" in config.defaults or any(
        name == "thresholds" for override in config.overrides for name, _ in override.properties
    )


def _monitors(
    panel: Observation[PanelValues] | Unreadable, sampling: Sampling, rules: PairedRules
) -> Iterator[Monitor | Skipped]:
    title = panel.panel.title
    if isinstance(panel, Unreadable):
        yield Skipped(title, panel.reason)
    elif reason := _why_not(panel, sampling.step):
        yield Skipped(title, reason)
    else:
        for path, fields in _by_place(panel.seen.fields).items():
            thresholds = fields[0].key.thresholds
            if thresholds is None:
                continue
            if alarms := alarm_steps(thresholds):
                place = ThresholdPlace(panel.dashboard, panel.panel, path)
                recordings = _recordings(panel.seen.spacing, fields, sampling)
                signal = _signal(panel.panel, fields, sampling.signals)
                yield _monitor(place, fields, alarms, signal, rules, recordings)
            elif any(severity(step.color) for step in thresholds.steps):
                yield Skipped(title, "its colours do not go from good to bad in one direction")


def _why_not(panel: Observation[PanelValues], step: float) -> str:
    """Why no threshold of the panel can be judged; "" where it can."""
    seen = panel.seen
    if panel.error or seen.unsupported:
        return panel.error or ", ".join(seen.unsupported)
    if not panel.panel.config_at:
        return (
            "its thresholds are those of an old panel type: save the dashboard with a new Grafana"
        )
    if not seen.fields:
        return "no data"
    if seen.spacing > step:
        return f"it can be looked at every {format_duration(seen.spacing)} only: take that --step"
    return ""


def _by_place(fields: Iterable[FieldValues]) -> dict[str, list[FieldValues]]:
    """The coloured fields by where their thresholds are written."""
    found: dict[str, list[FieldValues]] = {}
    for field in fields:
        if field.key.is_painted and field.key.thresholds_at and not field.is_text:
            found.setdefault(field.key.thresholds_at, []).append(field)
    return found


def _recordings(
    spacing: float, fields: Sequence[FieldValues], sampling: Sampling
) -> tuple[Recording, ...]:
    series = [one for field in fields for one in field.series]
    return tuple(recorded(span, series, sampling, spacing) for span in sampling.spans)


def _monitor(  # noqa: PLR0913, PLR0917 - all that a monitor is made of
    place: ThresholdPlace,
    fields: Sequence[FieldValues],
    alarms: AlarmSteps,
    signal: str,
    rules: PairedRules,
    recordings: tuple[Recording, ...],
) -> Monitor:
    panel = place.panel
    names = tuple(dict.fromkeys(one.name for field in fields for one in field.series))
    thresholds = fields[0].key.thresholds
    is_percentage = thresholds is not None and thresholds.is_percentage
    found = {} if is_percentage else rules.of(place, alarms, signal)
    name = _name(panel.title, place, names)
    about = {name, panel.title, signal, *names, *(rule.name for rule in found.values())}
    return Monitor(
        name=name,
        names=frozenset(one for one in about if one),
        place=place,
        rules=found,
        alarms=alarms,
        signal=signal,
        unit="percent" if is_percentage else fields[0].unit,
        look_back=query_look_back_seconds(*(target.expr for target in panel.targets)),
        recordings=recordings,
        queries=tuple(_queries(panel, fields)),
    )


def _name(title: str, place: ThresholdPlace, fields: Sequence[str]) -> str:
    """The panel's title, and the field where the thresholds are for a single one."""
    is_of_one = ".overrides[" in place.path and len(fields) == 1
    field = fields[0] if is_of_one else ""
    is_said = field.casefold() in title.casefold()
    return title if not field or is_said else f"{title} · {field}"


def _signal(panel: Panel, fields: Sequence[FieldValues], signals: Signals) -> str:
    """What the queries of these fields are about; the columns of a table may be of any query."""
    found = (signal_of(query, signals) for query in _queries(panel, fields))
    return next((signal for signal in found if signal), "")


def _queries(panel: Panel, fields: Sequence[FieldValues]) -> Sequence[str]:
    """The queries that fields come from, all of the panel's where that is not known."""
    by_letter = {target.ref_id: target.expr for target in panel.targets}
    own = [by_letter[f.key.source] for f in fields if f.key.source in by_letter]
    return list(dict.fromkeys(own or by_letter.values()))
