"""One uid, title or panel id for two things, of which one takes the other's place."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Final, TypeVar

from simulator.checking.material import Material
from simulator.checking.painted import panel_place, panel_subject
from simulator.checking.problems import Check, Problem, Weight
from simulator.grafana.model import Dashboard
from simulator.quoting import quoted
from simulator.rules.model import Alert

__all__ = ["SAME_IDENTITY"]

_T = TypeVar("_T")


def _look(material: Material) -> Iterator[Problem]:
    boards = [one for one in material.dashboards if one.file is not None]
    for uid, same in _twice((one.uid, one) for one in boards if one.uid):
        yield from _of_boards(same, f"the uid {quoted(uid)}")
    by_title = ((f"{_folder(one)} {one.title}", one) for one in boards if one.title)
    for _, same in _twice(by_title):
        if len({one.uid for one in same}) == len(same):  # else it is told already
            yield from _of_boards(same, f"the title {quoted(same[0].title)}")
    for board in boards:
        yield from _of_panels(board)
    yield from _of_alerts(material)


def _folder(board: Dashboard) -> str:
    """Where a title has to be the only one of its kind."""
    return str(board.file.parent) if board.file else ""


def _twice(pairs: Iterable[tuple[Hashable, _T]]) -> Iterator[tuple[Hashable, list[_T]]]:
    found: dict[Hashable, list[_T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    yield from ((key, same) for key, same in found.items() if len(same) > 1)


def _of_boards(same: list[Dashboard], what: str) -> Iterator[Problem]:
    first = same[0]
    for one in same[1:]:
        said = f"{what} is that of {first.file}, too: Grafana keeps one of them"
        yield Problem(f"dashboard {one.title or one.uid}", said, panel_place(one, ""))


def _of_panels(board: Dashboard) -> Iterator[Problem]:
    numbered = ((one.id, one) for one in board.panels if one.id)
    for number, same in _twice(numbered):
        for one in same[1:]:
            titles = f"{quoted(same[0].title)} has the same id, {number}"
            said = f"{titles}: a link with viewPanel={number} opens one of them"
            yield Problem(panel_subject(board, one), said, panel_place(board, one.path))


def _of_alerts(material: Material) -> Iterator[Problem]:
    alerts = [
        ((one.name, " ".join(one.expr.split()), frozenset(one.labels.items())), one)
        for group in material.groups
        for one in group.rules
        if isinstance(one, Alert)
    ]
    for _, same in _twice(alerts):
        for one in same[1:]:
            said = f"the same alert with the same labels is at {same[0].place}, too"
            # the same rules in two forms are for two ways of deploying them
            is_in_one = one.place.file == same[0].place.file
            weight = Weight.FINDING if is_in_one else Weight.NOTE
            yield Problem(f"alert {one.name}", said, one.place, weight)


SAME_IDENTITY: Final = Check("same-identity", "one uid, title, id or alert twice", _look)
