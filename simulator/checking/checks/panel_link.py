"""Links of alerts to panels that are not there."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.problems import Check, Problem, Weight

__all__ = ["PANEL_LINK"]


def _look(material: Material) -> Iterator[Problem]:
    boards = {one.uid: one for one in material.dashboards if one.uid}
    for alarm in material.alarms:
        for link in dict.fromkeys(alarm.links):
            board = boards.get(link.dashboard)
            if board is None:
                if boards:
                    said = f"links to dashboard {link.dashboard}, which is not among the files"
                    yield Problem(alarm.subject, said, alarm.place, Weight.NOTE)
            elif link.panel and link.panel not in {str(one.id) for one in board.panels}:
                said = f"links to panel {link.panel} of {board.title}, which has none of this id"
                yield Problem(alarm.subject, said, alarm.place)


PANEL_LINK: Final = Check("panel-link", "links of alerts to panels that are not there", _look)
