"""The signal over time: a plot per recording with thresholds, incidents and alarms."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.drawing.labels import Badge, Label, time_labels
from simulator.drawing.paths import area_path, envelope, line_path
from simulator.drawing.quantities import clock_text, duration_text, moment_text
from simulator.drawing.scales import Scale, fitting_scale
from simulator.drawing.ticks import value_ticks
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.report.criterion_text import setting_text, value_text
from simulator.tuning.report.html.alarm_strips import AlarmStrip, Shade, alarm_strips, shades
from simulator.tuning.results import MonitorTuning, Tuning
from simulator.tuning.truth.incidents import LEVELS

__all__ = ["IncidentRow", "SignalPlot", "ThresholdLine", "signal_plots", "threshold_lines"]

Floats = NDArray[np.float64]

_MOST_LINES: Final = 5
_SCALE_NOTES: Final = {
    "log": "logarithmic scale",
    "stretched": "scale stretched around the thresholds",
}
_FAR_BELOW: Final = 1000.0
_ZERO_LOG_NOTE: Final = "logarithmic scale with a zero"


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """A threshold across the plots, from the top in percent; `text` for the legend."""

    level: str
    kind: str
    text: str
    top: float


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident in the list under a plot."""

    level: str
    name: str
    when: str


@dataclass(frozen=True, slots=True)
class SignalPlot:
    """A recording; `empty` says why no line is drawn."""

    title: str
    badge: Badge
    description: str
    values: tuple[Label, ...]
    times: tuple[Label, ...]
    thresholds: tuple[ThresholdLine, ...]
    shades: tuple[Shade, ...]
    lines: tuple[str, ...]
    area: str
    strips: tuple[AlarmStrip, ...]
    incidents: tuple[IncidentRow, ...]
    notes: tuple[str, ...]
    empty: str


def signal_plots(tuning: Tuning, part: MonitorTuning) -> tuple[SignalPlot, ...]:
    """A plot for each recording, all on one scale."""
    scale = _scale(part)
    return tuple(
        _plot(number, recording, tuning, part, scale)
        for number, recording in enumerate(part.monitor.recordings, start=1)
    )


def threshold_lines(part: MonitorTuning) -> tuple[ThresholdLine, ...]:
    """The lines of today's and the proposed thresholds, for the plots and their legend."""
    return tuple(_threshold_lines(part, _scale(part)))


def _threshold_lines(part: MonitorTuning, scale: Scale) -> Iterator[ThresholdLine]:
    for level in part.levels:
        settings = [("today", level.today)]
        if level.proposal and level.is_moved:
            settings.append(("proposal", level.proposal.setting))
        for kind, setting in settings:
            text = setting_text(
                setting, part.monitor.unit, is_lower_worse=part.monitor.alarms.is_lower_worse
            )
            yield ThresholdLine(
                level.level, kind, f"{level.level}, {kind}: {text}", _top(scale, setting.threshold)
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


def _plot(
    number: int, recording: Recording, tuning: Tuning, part: MonitorTuning, scale: Scale
) -> SignalPlot:
    start, end = recording.start, recording.end
    drawn = _drawn(recording, is_lower_worse=part.monitor.alarms.is_lower_worse)
    shares = (recording.times - start) / (end - start)
    heights = scale.heights(recording.values)
    is_crowded = len(drawn) < _n_known(recording)
    return SignalPlot(
        title=f"Recording {number}, from {moment_text(start)}",
        badge=_badge(number, tuning),
        description=_description(recording, part.monitor.unit),
        values=_values(part, scale),
        times=time_labels(start, end),
        thresholds=tuple(_threshold_lines(part, scale)),
        shades=tuple(
            shade
            for level in LEVELS
            for shade in shades(recording, part.incidents.get(level, ()), level)
        ),
        lines=tuple(line_path(shares, heights[n]) for n in drawn),
        area=area_path(*envelope([(shares, row) for row in heights])) if is_crowded else "",
        strips=alarm_strips(recording, part),
        incidents=tuple(_incidents(recording, part)),
        notes=tuple(_notes(recording, scale, len(drawn))),
        empty="" if drawn else "No value in this recording.",
    )


def _badge(number: int, tuning: Tuning) -> Badge:
    if number <= tuning.n_chosen_on:
        return Badge("chosen-on", "●", "chosen on")
    return Badge("unseen", "○", "unseen")


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


def _values(part: MonitorTuning, scale: Scale) -> tuple[Label, ...]:
    return tuple(
        Label(
            value_text(value, part.monitor.unit),
            _top(scale, value),
            "threshold" if edge else "round",
        )
        for value, edge in value_ticks(scale, _edges(part))
    )


def _top(scale: Scale, value: float) -> float:
    return round((1.0 - float(scale.heights([value])[0])) * 100.0, 2)


def _description(recording: Recording, unit: str) -> str:
    known = recording.values[~np.isnan(recording.values)]
    if not known.size:
        return "no values"
    low, high = (value_text(float(v), unit) for v in (known.min(), known.max()))
    return f"{_n_known(recording)} series from {low} to {high}"


def _notes(recording: Recording, scale: Scale, n_drawn: int) -> Iterator[str]:
    n_known = _n_known(recording)
    if scale.kind != "linear":
        is_log = scale.kind == "stretched" and scale.center == 0
        yield _ZERO_LOG_NOTE if is_log else _SCALE_NOTES[scale.kind]
    if n_drawn < n_known:
        yield f"the {n_drawn} worst of {n_known} series drawn, the shade spans them all"
    if (recording.values > scale.high).any() or (recording.values < scale.low).any():
        yield "values beyond the axis are drawn at its edge"


def _incidents(recording: Recording, part: MonitorTuning) -> Iterator[IncidentRow]:
    """Each incident once, as the strongest that it is, in time order."""
    strongest = {
        (one.start, one.name): (level, one)
        for level in LEVELS
        for one in part.incidents.get(level, ())
        if one.start < recording.end and one.until > recording.start
    }
    for _, (level, one) in sorted(strongest.items()):
        at = clock_text(one.start, recording.start, recording.end)
        yield IncidentRow(level, one.name, f"{at}, {duration_text(one.end - one.start)}")
