"""The signal over time: a chart per recording with thresholds, incidents and alarms."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from simulator.drawing.axes import time_axis, value_axis
from simulator.drawing.chart import Chart, Curve, Key, Limit
from simulator.drawing.page_templates import Badge
from simulator.drawing.quantities import clock_text, duration_text, moment_text
from simulator.drawing.scales import Scale, fitting_scale
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.report.criterion_text import setting_text, value_text
from simulator.tuning.report.html.alarm_strips import (
    alarm_strips,
    incident_windows,
    shown_settings,
)
from simulator.tuning.results import MonitorTuning, Tuning
from simulator.tuning.truth.incidents import LEVELS

__all__ = ["limits", "recording_badge", "signal_charts"]

_MOST_LINES: Final = 5
_FAR_BELOW: Final = 1000.0


def signal_charts(part: MonitorTuning) -> tuple[Chart, ...]:
    """A chart for each recording, all on one scale."""
    scale = _scale(part)
    return tuple(
        _chart(number, recording, part, scale)
        for number, recording in enumerate(part.monitor.recordings, start=1)
    )


def recording_badge(number: int, tuning: Tuning) -> Badge:
    """Whether the recording of this number, from 1, was chosen on."""
    if number <= tuning.n_chosen_on:
        return Badge("chosen-on", "●", "chosen on")
    return Badge("unseen", "○", "unseen")


def limits(part: MonitorTuning) -> tuple[Limit, ...]:
    """The lines of today's and the proposed thresholds."""
    return tuple(
        Limit(
            f"limit {level.level} {kind}",
            setting.threshold,
            f"{level.level}, {kind}: {setting_text(setting, part.monitor)}",
        )
        for level in part.levels
        for kind, setting in shown_settings(level)
    )


def _scale(part: MonitorTuning) -> Scale:
    """One for all recordings; what is far below every threshold does not stretch it."""
    seen = np.concatenate([np.empty(0), *(one.values.ravel() for one in part.monitor.recordings)])
    edges = np.array(_edges(part))
    least = edges.min() / _FAR_BELOW if len(edges) and edges.min() > 0 else -np.inf
    is_tiny = (seen > 0) & (seen < least)
    return fitting_scale(np.where(is_tiny, least, seen), edges)


def _edges(part: MonitorTuning) -> list[float]:
    """Thresholds, those that are proposed first."""
    proposed = [one.proposal.setting.threshold for one in part.levels if one.proposal]
    return list(dict.fromkeys([*proposed, *(one.today.threshold for one in part.levels)]))


def _chart(number: int, recording: Recording, part: MonitorTuning, scale: Scale) -> Chart:
    unit, times, values = part.monitor.unit, recording.times, recording.values
    drawn = _drawn(recording, is_lower_worse=part.monitor.alarms.is_lower_worse)
    keys = tuple(_incident_keys(recording, part))
    notes = [] if keys else ["No incident asks for an alarm here."]
    return Chart(
        title=f"Recording {number}, from {moment_text(recording.start)}",
        x=time_axis(recording.start, recording.end),
        y=value_axis(scale, _edges(part), lambda value: value_text(value, unit)),
        description=_description(recording, unit),
        windows=tuple(
            window
            for level in LEVELS
            for window in incident_windows(recording, part.incidents.get(level, ()), level)
        ),
        limits=limits(part),
        area=tuple((times, row) for row in values) if len(drawn) < _n_known(recording) else (),
        curves=tuple(Curve("line l0", times, values[n]) for n in drawn),
        strips=alarm_strips(recording, part),
        keys=keys,
        notes=(*notes, *_notes(recording, scale, len(drawn))),
        empty="" if drawn else "No value in this recording.",
    )


def _n_known(recording: Recording) -> int:
    return int((~np.isnan(recording.values)).any(axis=1).sum()) if len(recording.values) else 0


def _drawn(recording: Recording, *, is_lower_worse: bool) -> list[int]:
    """The series that reach the worst values, in their order."""
    filler = np.inf if is_lower_worse else -np.inf
    filled = np.where(np.isnan(recording.values), filler, recording.values)
    if not filled.size:
        return []
    worst = -filled.min(axis=1) if is_lower_worse else filled.max(axis=1)
    known = [
        n for n in np.argsort(-worst, kind="stable") if not np.isnan(recording.values[n]).all()
    ]
    return sorted(int(n) for n in known[:_MOST_LINES])


def _description(recording: Recording, unit: str) -> str:
    known = recording.values[~np.isnan(recording.values)]
    if not known.size:
        return "no values"
    low, high = (value_text(float(v), unit) for v in (known.min(), known.max()))
    return f"{_n_known(recording)} series from {low} to {high}"


def _notes(recording: Recording, scale: Scale, n_drawn: int) -> Iterator[str]:
    if scale.note:
        yield scale.note
    if n_drawn < (n_known := _n_known(recording)):
        yield f"the {n_drawn} worst of {n_known} series drawn, the shade spans them all"
    if (recording.values > scale.high).any() or (recording.values < scale.low).any():
        yield "values beyond the axis are drawn at its edge"


def _incident_keys(recording: Recording, part: MonitorTuning) -> Iterator[Key]:
    """Each incident once, as the strongest that it is, in time order."""
    strongest = {
        (one.start, one.name): (level, one)
        for level in LEVELS
        for one in part.incidents.get(level, ())
        if one.start < recording.end and one.until > recording.start
    }
    for _, (level, one) in sorted(strongest.items()):
        at = clock_text(one.start, recording.start, recording.end)
        yield Key(
            f"swatch {level}", one.name, f"{level}, {at}, {duration_text(one.end - one.start)}"
        )
