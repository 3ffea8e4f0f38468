"""When alarms were on in a recording, as strips under its chart."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.drawing.chart import Band, Strip
from simulator.drawing.quantities import counted, duration_text
from simulator.tuning.judging.holds import held
from simulator.tuning.judging.judgements import Setting, hold_steps
from simulator.tuning.judging.ranking import Ranking, Recording
from simulator.tuning.judging.runs import runs
from simulator.tuning.results import LevelTuning, MonitorTuning
from simulator.tuning.truth.incidents import Incident

__all__ = ["alarm_spans", "alarm_strips", "incident_windows", "shown_settings"]

Floats = NDArray[np.float64]


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


def incident_windows(
    recording: Recording, incidents: Sequence[Incident], level: str
) -> tuple[Band, ...]:
    """The windows of incidents that are in the recording, at least in part."""
    return tuple(
        Band(f"window {level}", one.start, one.until, f"{level}: {one.name}")
        for one in incidents
        if one.start < recording.end and one.until > recording.start
    )


def shown_settings(level: LevelTuning) -> Iterator[tuple[str, Setting]]:
    """Today's setting, and the proposal's where that takes its place."""
    yield "today", level.today
    if level.is_moved and level.proposal is not None:
        yield "proposal", level.proposal.setting


def alarm_strips(recording: Recording, part: MonitorTuning) -> tuple[Strip, ...]:
    """Strips of both levels with the windows that alarms were right in."""
    return tuple(
        _strip(recording, part, level, kind, setting)
        for level in part.levels
        for kind, setting in shown_settings(level)
    )


def _strip(
    recording: Recording, part: MonitorTuning, level: LevelTuning, kind: str, setting: Setting
) -> Strip:
    spans = alarm_spans(recording, setting, is_lower_worse=part.monitor.alarms.is_lower_worse)
    stays = kind == "today" and level.proposal is not None and level.proposal.is_today
    lasted = duration_text(float((spans[:, 1] - spans[:, 0]).sum()))
    name = f"{level.level}, {'stays' if stays else kind}"
    return Strip(
        kind=f"{level.level} {kind}",
        name=name,
        title=f"{name}: {counted(len(spans), 'alarm')}, on for {lasted}",
        spans=spans,
        windows=incident_windows(recording, part.incidents[level.level], level.level),
    )
