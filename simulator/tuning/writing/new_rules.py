"""Alerts for thresholds of panels that have none, so that a proposed hold is somebody's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

from simulator.grafana.alarm_steps import LEVELS
from simulator.tuning.judging.judgements import Setting
from simulator.tuning.monitors.alert_query import alert_query
from simulator.tuning.monitors.monitor import Monitor
from simulator.tuning.results import Tuning
from simulator.tuning.writing.plain_numbers import plain_duration, plain_number

__all__ = ["NewRules", "new_rules"]

_SEVERITIES: Final = dict(zip(LEVELS, ("warning", "critical"), strict=True))
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class NewRules:
    """A rule file, "" where no alert is needed; and of which thresholds it has none, and why."""

    text: str
    refused: tuple[str, ...]


def new_rules(tuning: Tuning, *, is_forced: bool = False) -> NewRules:
    """An alert for each threshold of a panel that moves and that no alert has.

    What was chosen from too little gets none unless that `is_forced`.
    """
    rules, refused = [], []
    for monitor, level, setting in _without_alert(tuning, is_forced=is_forced):
        found = alert_query(monitor.place)
        if found.query:
            rules.append(_rule(monitor, level, setting, found.query))
        else:
            refused.append(f"{monitor.name} {level}: {found.why_not}")
    groups = [{"name": "panels", "rules": rules}]
    text = yaml.safe_dump({"groups": groups}, sort_keys=False, width=100, allow_unicode=True)
    return NewRules(text if rules else "", tuple(refused))


def _without_alert(tuning: Tuning, *, is_forced: bool) -> Iterator[tuple[Monitor, str, Setting]]:
    for part in tuning.parts:
        for level in part.levels:
            setting = level.moved_to
            is_written = is_forced or not level.why_not_written
            if part.monitor.place and level.rule is None and setting and is_written:
                yield part.monitor, level.level, setting


def _rule(monitor: Monitor, level: str, setting: Setting, query: str) -> dict[str, object]:
    words = _WORD.findall(monitor.name)
    sign = "<" if monitor.alarms.is_lower_worse else ">="
    hold = {"for": plain_duration(setting.hold)} if setting.hold else {}
    return {
        "alert": "".join(one[0].upper() + one[1:] for one in [*words, _SEVERITIES[level]]),
        "expr": f"({query}) {sign} {plain_number(setting.threshold)}",
        **hold,
        "labels": {"severity": _SEVERITIES[level]},
        "annotations": {"summary": f"{monitor.name} is {level}", **_link(monitor)},
    }


def _link(monitor: Monitor) -> dict[str, str]:
    place = monitor.place
    if place is None or place.panel.id is None or not place.dashboard.uid:
        return {}
    return {"panel": f"/d/{place.dashboard.uid}?viewPanel={place.panel.id}"}
