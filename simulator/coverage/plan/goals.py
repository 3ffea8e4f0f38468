"""What a plan has to reach: every threshold step, and data where there is no step."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from simulator.coverage.findings import is_so_whatever_happens
from simulator.coverage.verdicts import (
    Coverage,
    FieldCoverage,
    PanelCoverage,
    Verdict,
)

__all__ = [
    "FieldId",
    "Goal",
    "GoalState",
    "dashboard_key",
    "fields_by_id",
    "goal_states",
    "summary",
]

_LABELS = re.compile(r"\s*\{\{[^}]*\}\}")
"""What a legend leaves to the labels of each series."""
_PROMQL = re.compile(r"\w[({]")
"""A query in place of a legend: nothing to call a field by."""
_UNREADABLE = frozenset({Verdict.ERROR, Verdict.UNSUPPORTED})


@dataclass(frozen=True, slots=True)
class FieldId:
    """What a field is known by from one coverage to the next: not its name, which series decide.

    `dashboard` is a `dashboard_key`.
    """

    dashboard: str
    path: str
    panel: str
    source: str
    steps: tuple[float | None, ...]
    order: int


@dataclass(frozen=True, slots=True)
class Goal:
    """A threshold step of a field, with its band [`low`, `high`); or any data, without `index`."""

    of: FieldId
    name: str = field(compare=False)  # which series there are decides what a field is called
    index: int | None
    color: str
    low: float = -math.inf
    high: float = math.inf

    @property
    def place(self) -> str:
        """The panel and the field in it, such as a report shows them."""
        panel = self.of.panel
        name = _LABELS.sub("", self.name).strip()
        is_named = any(map(str.isalnum, name)) and name != panel and not _PROMQL.search(name)
        return f"{panel}, {name}" if is_named else panel

    @property
    def step(self) -> str:
        """What of the field: a step's colour, or any data."""
        return "data" if self.index is None else self.color

    def __str__(self) -> str:
        return f"{self.place}: {self.step}"

    @property
    def band(self) -> str:
        """The band in words."""
        if self.index is None:
            return "any value"
        if math.isinf(self.low):
            return "all values" if math.isinf(self.high) else f"below {self.high:g}"
        if math.isinf(self.high):
            return f"{self.low:g} or more"
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class GoalState:
    """How a goal fared in one coverage.

    `reason` says why it is not reached where the panel itself is why, `absence` why it had no data.
    """

    goal: Goal
    is_reached: bool
    reason: str = ""
    absence: str = ""
    episodes: tuple[str, ...] = ()


def dashboard_key(uid: str, title: str) -> str:
    """What a dashboard is known by: files may lack a uid, and copies share a title."""
    return f"{uid} {title}"


def summary(goals: Iterable[Goal]) -> str:
    """Some goals in one line, those of a field together.

    >>> of = FieldId("uid", "panels[0]", "Lag", "A", (None, 10.0), 0)
    >>> summary([Goal(of, "archiver", 1, "orange", 5.0), Goal(of, "archiver", 2, "red", 10.0)])
    'Lag, archiver: orange, red'
    """
    steps: dict[str, list[str]] = {}
    for goal in goals:
        steps.setdefault(goal.place, []).append(goal.step)
    return "; ".join(f"{place}: {', '.join(found)}" for place, found in steps.items())


def fields_by_id(coverage: Coverage) -> dict[FieldId, FieldCoverage]:
    """All fields."""
    return {
        key: one
        for board in coverage.dashboards
        for panel in board.panels
        for key, one in _identified(dashboard_key(board.uid, board.title), panel)
    }


def goal_states(coverage: Coverage) -> list[GoalState]:
    """All goals of the dashboards in their order, as this coverage found them."""
    return [
        state
        for board in coverage.dashboards
        for panel in board.panels
        for state in _of_panel(dashboard_key(board.uid, board.title), panel)
    ]


def _identified(board: str, panel: PanelCoverage) -> Iterator[tuple[FieldId, FieldCoverage]]:
    """Fields with their ids; those that share all else are told apart by their order."""
    seen: dict[tuple[object, ...], int] = {}
    for one in panel.fields:
        steps = tuple(step.value for step in one.steps)
        order = seen.setdefault((one.source, steps), 0)
        seen[one.source, steps] += 1
        yield FieldId(board, panel.path, panel.title, one.source, steps, order), one


def _of_panel(board: str, panel: PanelCoverage) -> Iterator[GoalState]:
    if not panel.fields:
        key = FieldId(board, panel.path, panel.title, "", (), 0)
        yield GoalState(Goal(key, "", None, ""), is_reached=False, reason=panel.reason)
    for key, one in _identified(board, panel):
        yield from _of_field(key, one)


def _of_field(key: FieldId, one: FieldCoverage) -> Iterator[GoalState]:
    reason = f"{one.verdict}: {one.reason}" if one.verdict in _UNREADABLE else ""
    absence = one.reason if one.verdict is Verdict.NO_DATA else ""
    if is_so_whatever_happens(absence):
        reason = absence
    if not one.steps:
        goal = Goal(key, one.name, None, "")
        is_reached = one.verdict is Verdict.EXERCISED
        yield GoalState(goal, is_reached=is_reached, reason=reason, absence=absence)
    for step in one.steps:
        yield GoalState(
            Goal(key, one.name, step.index, step.color, step.low, step.high),
            is_reached=step.verdict is Verdict.EXERCISED,
            reason=reason or step.reason,
            absence=absence,
            episodes=step.episodes,
        )
