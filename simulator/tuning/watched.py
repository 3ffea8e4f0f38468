"""What panels and rules show of a signal over recorded time: the values that alarms are made of."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simulator.errors import DashboardError, PrometheusError
from simulator.grafana.intervals import relative_milliseconds
from simulator.grafana.model import Dashboard, Panel
from simulator.grafana.variables import Given
from simulator.metrics.signals import signal_of
from simulator.observation.look_back import look_back_seconds
from simulator.observation.observed import ObservedField, ObservedSeries
from simulator.observation.observing import observed
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.observation.questions import (
    AskedPanel,
    Asking,
    asked_panels,
    dashboard_bindings,
    require_prometheus,
    unreadable,
)
from simulator.observation.replay import Moments, Replayed, replayed
from simulator.timeline.durations import format_duration
from simulator.tuning.badness import Recording
from simulator.tuning.levels import AlarmSteps, alarm_steps

__all__ = ["Skipped", "Span", "Watched", "Watching", "watched_panels"]

Floats = NDArray[np.float64]

_FALLBACK_RANGE_SECONDS = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Span:
    """An uninterrupted time that is judged, unix seconds."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Watching:
    """How panels are looked at: over which spans, every so many seconds, with which variables."""

    spans: Sequence[Span]
    step: float
    variables: Given

    @property
    def moments(self) -> Moments:
        """All the moments from the first span's start to the last one's end."""
        return Moments(self.spans[0].start, self.spans[-1].end, self.step)


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """The values that share thresholds written at one place of a panel.

    `place` is that place in the dashboard's JSON; `fields` are the names of what has these
    thresholds, `signal` what its query is about, and `look_back` how many seconds it sees back.
    """

    dashboard: Dashboard
    panel: Panel
    title: str
    fields: tuple[str, ...]
    place: str
    alarms: AlarmSteps
    signal: str
    unit: str
    look_back: float
    recordings: tuple[Recording, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A panel, or part of one, that is not tuned, and why."""

    title: str
    reason: str


def watched_panels(
    dashboards: Iterable[Dashboard], prometheus: Prometheus, watching: Watching
) -> Iterator[Watched | Skipped]:
    """Everything with orange or red thresholds on the dashboards, and what cannot be read.

    Raises:
        PrometheusError: nothing answers, or a variable's query is refused.
    """
    end = watching.moments.last
    for board in dashboards:
        own = (relative_milliseconds(board.time_from) or 0.0) / 1000 or _FALLBACK_RANGE_SECONDS
        asking = Asking(end, own, format_duration(watching.step))
        bindings = dashboard_bindings(
            board, prometheus, watching.variables, asking, since=watching.moments.first
        )
        for asked in asked_panels(board, bindings, asking):
            yield from _watched(board, asked, prometheus, watching)


def _watched(
    board: Dashboard, asked: AskedPanel, prometheus: Prometheus, watching: Watching
) -> Iterator[Watched | Skipped]:
    if reason := unreadable(asked.panel):
        yield Skipped(asked.title, reason)
        return
    try:
        answers = list(_answers(_every_step(asked, watching.step), prometheus, watching.moments))
    except UnreachablePrometheusError:
        raise
    except (PrometheusError, DashboardError) as error:
        yield Skipped(asked.title, str(error))
        return
    seen = observed(asked, answers, watching.moments)
    if seen.unsupported:
        yield Skipped(asked.title, ", ".join(seen.unsupported))
        return
    look_back = look_back_seconds([replace(board, panels=(asked.panel,))], watching.variables)
    by_place: dict[str, list[ObservedField]] = {}
    for field in seen.fields:
        if field.is_painted and field.key.thresholds is not None and not field.is_text:
            by_place.setdefault(field.key.thresholds_at, []).append(field)
    for place, fields in by_place.items():
        alarms = alarm_steps(fields[0].key.thresholds) if fields[0].key.thresholds else None
        if alarms is None:
            continue
        yield Watched(
            dashboard=board,
            panel=asked.panel,
            title=asked.title,
            fields=tuple(dict.fromkeys(one.name for f in fields for one in f.series)),
            place=f"{asked.panel.path}.{place}",
            alarms=alarms,
            signal=_signal(asked, fields),
            unit="percent" if _is_percentage(fields[0]) else fields[0].unit,
            look_back=look_back,
            recordings=tuple(
                _recording(span, [one for f in fields for one in f.series], watching, seen.spacing)
                for span in watching.spans
            ),
        )


def _is_percentage(field: ObservedField) -> bool:
    return field.key.thresholds is not None and field.key.thresholds.is_percentage


def _every_step(asked: AskedPanel, step: float) -> AskedPanel:
    """The panel drawn as finely as it is judged, whatever its width."""
    points = math.ceil(asked.asking.span / step) * 2
    targets = tuple(replace(t, interval="", interval_factor=1.0) for t in asked.panel.targets)
    panel = replace(asked.panel, interval="", max_data_points=points, targets=targets)
    return replace(asked, panel=panel)


def _answers(asked: AskedPanel, prometheus: Prometheus, moments: Moments) -> Iterator[Replayed]:
    for target in asked.panel.queried_targets:
        require_prometheus(asked.panel, target)
        yield from replayed(asked, prometheus, moments, target)


def _signal(asked: AskedPanel, fields: Sequence[ObservedField]) -> str:
    """What the queries of these fields are about; the columns of a table may be of any query."""
    by_letter = {target.ref_id: target.expr for target in asked.panel.targets}
    own = [by_letter[f.key.source] for f in fields if f.key.source in by_letter]
    found = (signal_of(query) for query in own or by_letter.values())
    return next((signal for signal in found if signal), "")


def _recording(
    span: Span, series: Sequence[ObservedSeries], watching: Watching, spacing: float
) -> Recording:
    """The series at the moments of a span; a point stands until the next one is due."""
    times = Moments(span.start, span.end - watching.step, watching.step).times
    lasting = max(spacing, watching.step) - watching.step / 2
    rows = []
    for one in series:
        latest = np.searchsorted(one.times, times + watching.step / 4, side="right") - 1
        is_there = latest >= 0
        age = times - one.times[np.maximum(latest, 0)] if len(one.times) else np.inf
        values = one.levels[np.maximum(latest, 0)] if len(one.times) else np.nan
        rows.append(np.where(is_there & (age < lasting), values, np.nan))
    return Recording(times, np.array(rows).reshape(len(rows), len(times)), watching.step)
