"""Alerts without a panel, and panels with alarm colours without an alert."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.problems import Check, Problem, Weight
from simulator.grafana.alarm_steps import alarm_steps

__all__ = ["UNPAIRED"]


def _look(material: Material) -> Iterator[Problem]:
    if not material.dashboards or not material.alarms:
        return
    with_panel = {id(pair.alarm) for pair in material.pairs}
    with_alert = {id(pair.painted.panel) for pair in material.pairs}
    for alarm in material.alarms:
        if id(alarm) not in with_panel:
            said = "no panel colours what it compares"
            yield Problem(alarm.subject, said, alarm.place, Weight.NOTE)
    told: set[int] = set()
    for one in material.painted:
        is_told = id(one.panel) in with_alert | told
        if is_told or not one.is_seen or one.is_default or alarm_steps(one.thresholds) is None:
            continue
        told.add(id(one.panel))
        yield Problem(one.subject, "no alert compares what it colours", one.place, Weight.NOTE)


UNPAIRED: Final = Check("unpaired", "alerts without a panel, and the other way round", _look)
