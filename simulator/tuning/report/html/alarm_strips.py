"""When alarms were on in a recording, as strips under its chart."""

from collections.abc import Iterator, Sequence

from simulator.drawing.chart import Band, Strip
from simulator.drawing.quantities import counted, duration_text
from simulator.tuning.judging.judgements import Setting
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.results import LevelTuning, MonitorTuning
from simulator.tuning.truth.incidents import Incident

__all__ = ["alarm_strips", "incident_windows", "shown_settings"]


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
    """Today's setting, and the one that takes its place."""
    yield "today", level.today
    if level.moved_to is not None:
        yield "proposal", level.moved_to


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
    spans = part.alarm_spans(recording, setting)
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
