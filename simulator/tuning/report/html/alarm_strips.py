"""When alarms were on in a recording, as strips under its plot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.drawing.paths import WIDTH
from simulator.drawing.quantities import counted, duration_text
from simulator.tuning.judging.holds import held
from simulator.tuning.judging.judgements import Setting, hold_steps
from simulator.tuning.judging.ranking import Ranking, Recording
from simulator.tuning.judging.runs import runs
from simulator.tuning.results import LevelTuning, MonitorTuning
from simulator.tuning.truth.incidents import Incident

__all__ = ["AlarmStrip", "Shade", "alarm_spans", "alarm_strips", "shades"]

Floats = NDArray[np.float64]

_MERGED = 0.5
"""Bars nearer than this, in units of the plot, are drawn as one."""


@dataclass(frozen=True, slots=True)
class Shade:
    """The window of an incident, in percent of the recording."""

    level: str
    left: float
    width: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class AlarmStrip:
    """The alarms of a setting as a path of bars; `shades` are the windows they were right in."""

    level: str
    kind: str
    label: str
    count: int
    title: str
    path: str
    shades: tuple[Shade, ...]


def alarm_spans(recording: Recording, setting: Setting, *, is_lower_worse: bool) -> Floats:
    """From when to when each alarm was on, unix seconds, shape (alarms, 2).

    >>> recording = Recording(np.arange(4.0), np.array([[0.0, 2.0, 2.0, 0.0]]), 1.0)
    >>> alarm_spans(recording, Setting(1.0, 1.0), is_lower_worse=False).tolist()
    [[2.0, 3.0]]
    """
    ranking = Ranking.at([recording], setting.threshold, is_lower_worse=is_lower_worse)
    found = runs(held(ranking, hold_steps(setting.hold, recording.step)))
    is_alarm = (found.lowest <= 1) & (found.highest >= 1)
    times = np.append(recording.times, recording.end)
    starts, ends = found.start[is_alarm], found.end[is_alarm]
    spans: Floats = np.stack([times[starts], times[ends]], axis=1)
    return spans[np.argsort(spans[:, 0])]


def shades(recording: Recording, incidents: Sequence[Incident], level: str) -> tuple[Shade, ...]:
    """The windows of incidents as far as they are in the recording."""
    return tuple(
        Shade(level, *_place(recording, one.start, one.until), f"{level}: {one.name}")
        for one in incidents
        if one.start < recording.end and one.until > recording.start
    )


def alarm_strips(recording: Recording, part: MonitorTuning) -> tuple[AlarmStrip, ...]:
    """Strips of both levels: today's, and the proposal's where that is another setting."""
    return tuple(
        _strip(recording, part, level, kind, setting)
        for level in part.levels
        for kind, setting in _settings(level)
    )


def _settings(level: LevelTuning) -> Iterator[tuple[str, Setting]]:
    yield "today", level.today
    if level.is_moved and level.proposal is not None:
        yield "proposal", level.proposal.setting


def _strip(
    recording: Recording, part: MonitorTuning, level: LevelTuning, kind: str, setting: Setting
) -> AlarmStrip:
    spans = alarm_spans(recording, setting, is_lower_worse=part.monitor.alarms.is_lower_worse)
    stays = kind == "today" and level.proposal is not None and level.proposal.is_today
    lasted = duration_text(float((spans[:, 1] - spans[:, 0]).sum()))
    label = f"{level.level}, {'stays' if stays else kind}"
    return AlarmStrip(
        level=level.level,
        kind=kind,
        label=label,
        count=len(spans),
        title=f"{label}: {counted(len(spans), 'alarm')}, on for {lasted}",
        path=_bars(recording, spans),
        shades=shades(recording, part.incidents[level.level], level.level),
    )


def _bars(recording: Recording, spans: Floats) -> str:
    """Bars as one path; many short ones near each other are one, which bounds its length."""
    if not len(spans):
        return ""
    units = (spans - recording.start) / (recording.end - recording.start) * WIDTH
    is_apart = units[1:, 0] - units[:-1, 1] >= _MERGED
    lefts = units[np.append(True, is_apart), 0]
    rights = units[np.append(is_apart, True), 1]
    return "".join(
        f"M{round(left, 1):g} 0H{round(right, 1):g}V10H{round(left, 1):g}Z"
        for left, right in zip(lefts.tolist(), rights.tolist(), strict=True)
    )


def _place(recording: Recording, start: float, end: float) -> tuple[float, float]:
    span = recording.end - recording.start
    left, right = (min(max((at - recording.start) / span, 0.0), 1.0) * 100.0 for at in (start, end))
    return round(left, 2), round(right - left, 2)
