"""The tuning as plain JSON values: for programs, so what is undefined is null."""

from typing import Any

from simulator.json_output import writable
from simulator.scenario.timed_run import timestamp
from simulator.tuning.choosing.proposing import Proposal
from simulator.tuning.judging.criteria import CRITERIA
from simulator.tuning.judging.judgements import Judgement, Setting
from simulator.tuning.monitors.monitor import Monitor
from simulator.tuning.results import LevelTuning, MonitorTuning, Tuning

__all__ = ["tuning_json"]


def tuning_json(tuning: Tuning) -> dict[str, Any]:
    """All settings and criteria; times in seconds, moments in RFC 3339.

    >>> from simulator.tuning.judging.objectives import F1Objective
    >>> tuning_json(Tuning((), (), (), F1Objective(), 5, 3, "tour"))["chosen_on"]
    3
    """
    found = {
        "subject": tuning.subject,
        "objective": tuning.objective.name,
        "recordings": tuning.n_recordings,
        "chosen_on": tuning.n_chosen_on,
        "thresholds": [
            {**_where(part), **_level(level, part)}
            for part in tuning.parts
            for level in part.levels
        ],
        "skipped": [{"name": one.name, "reason": one.reason} for one in tuning.skipped],
        "unknown_signals": list(tuning.unknown),
        "alerts": [
            {
                "name": one.rule.name,
                "place": str(one.rule.place),
                "became": one.became,
                "reason": one.reason or None,
                "detail": one.detail or None,
                "levels": list(one.rule.levels),
            }
            for one in tuning.alerts
        ],
    }
    return writable(found)


def _where(part: MonitorTuning) -> dict[str, Any]:
    monitor = part.monitor
    return {
        "name": monitor.name,
        "signal": monitor.signal or None,
        "unit": monitor.unit or None,
        "follows": part.follows or None,
        "dashboard": _dashboard(monitor),
        "is_lower_worse": monitor.alarms.is_lower_worse,
    }


def _dashboard(monitor: Monitor) -> dict[str, Any] | None:
    if monitor.place is None:
        return None
    board, panel = monitor.place.dashboard, monitor.place.panel
    return {"uid": board.uid, "title": board.title, "panel": panel.id, "path": monitor.place.path}


def _level(level: LevelTuning, part: MonitorTuning) -> dict[str, Any]:
    return {
        "level": level.level,
        "alert": level.rule.name if level.rule else None,
        "difference": level.difference or None,
        "incidents": [
            {
                "name": one.name,
                "start": timestamp(one.start),
                "end": timestamp(one.end),
                "until": timestamp(one.until),
            }
            for one in part.incidents[level.level]
        ],
        "today": {**_setting(level.today), "overall": _judgement(level.overall)}
        | _judgements(level, "today"),
        "proposal": _proposal(level.proposal) | _judgements(level, "proposal")
        if level.proposal
        else None,
        "by_chance": _setting(level.by_chance) | _judgements(level, "chance")
        if level.by_chance
        else None,
        "gap": level.gap,
        "is_moved": level.is_moved,
        "not_written_unless_forced": level.why_not_written or None,
        "note": level.note or None,
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        **_setting(proposal.setting),
        "is_today": proposal.is_today,
        "exact_threshold": proposal.exact,
        "exact_threshold_interval": proposal.interval,
        "as_good": proposal.plateau,
        "rounding_cost": proposal.rounding_cost,
    }


def _judgements(level: LevelTuning, name: str) -> dict[str, Any]:
    found = {"chosen_on": level.chosen_on.get(name), "unseen": level.unseen.get(name)}
    return {where: _judgement(one) if one else None for where, one in found.items()}


def _setting(setting: Setting) -> dict[str, Any]:
    return {
        "threshold": setting.threshold,
        "for": setting.hold,
        "keep_firing_for": setting.keep_firing,
    }


def _judgement(judged: Judgement) -> dict[str, Any]:
    measured = {
        name: {
            "value": judged.criteria[name],
            "interval": judged.intervals[name],
        }
        for name in CRITERIA
    }
    return {
        **measured,
        "score": judged.score,
        "incidents": judged.n_incidents,
        "found": judged.n_found,
        "distinct_incidents": judged.n_distinct,
        "days": judged.days,
    }
