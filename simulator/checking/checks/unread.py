"""What of the files is not checked, and why."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.painted import panel_place, panel_subject
from simulator.checking.problems import Check, Problem, Weight
from simulator.quoting import shortened

__all__ = ["UNREAD"]


def _look(material: Material) -> Iterator[Problem]:
    for board in material.dashboards:
        for panel in board.panels:
            if panel.unresolved:
                said = f"not checked: {panel.unresolved}"
                subject = panel_subject(board, panel)
                yield Problem(subject, said, panel_place(board, panel.path), Weight.NOTE)
    for one in material.queries:
        if one.query is None:
            place = panel_place(one.dashboard, f"{one.panel.path}.targets[{one.index}].expr")
            said = f"not checked: its query {one.target.ref_id} is not read: "
            said += shortened(one.target.expr)
            yield Problem(panel_subject(one.dashboard, one.panel), said, place, Weight.NOTE)
    for alarm in material.alarms:
        if alarm.unread:
            said = f"not held against panels: {alarm.unread}"
            yield Problem(alarm.subject, said, alarm.place, Weight.NOTE)
    for group in material.groups:
        if group.ignored:
            said = f"nothing here reads: {', '.join(group.ignored)}"
            yield Problem(f"group {group.name}", said, group.place, Weight.NOTE)


UNREAD: Final = Check("unread", "panels, queries and alerts that are not checked", _look)
