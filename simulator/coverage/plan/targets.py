"""What a plan has to reach: every threshold step, and data where there is no step."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulator.coverage.verdicts import (
    Coverage,
    FieldCoverage,
    PanelCoverage,
    StepCoverage,
    Verdict,
)

__all__ = ["FieldId", "Target", "TargetState", "fields_by_id", "target_states"]

_LABELS = re.compile(r"\s*\{\{[^}]*\}\}")
"""What a legend leaves to the labels of each series."""
_UNREADABLE = frozenset({Verdict.ERROR, Verdict.UNSUPPORTED})


@dataclass(frozen=True, slots=True)
class FieldId:
    """What a field is known by from one coverage to the next: not its name, which series decide."""

    dashboard: str
    path: str
    panel: str
    source: str
    steps: tuple[float | None, ...]
    order: int


@dataclass(frozen=True, slots=True)
class Target:
    """A threshold step of a field, with its band [`low`, `high`); or any data, without `index`."""

    of: FieldId
    name: str = field(compare=False)  # which series there are decides what a field is called
    index: int | None
    color: str
    low: float = -math.inf
    high: float = math.inf

    def __str__(self) -> str:
        """The panel, the field and what of it, such as a report shows it."""
        panel = self.of.panel
        name = _LABELS.sub("", self.name).strip()
        is_named = any(map(str.isalnum, name)) and name != panel
        named = f"{panel}, {name}" if is_named else panel
        return f"{named}: {self.color if self.index is not None else 'data'}"

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
class TargetState:
    """How a target fared in one coverage: reached, and why not where the panel itself is why."""

    target: Target
    is_reached: bool
    reason: str = ""
    episodes: tuple[str, ...] = ()


def fields_by_id(coverage: Coverage) -> dict[FieldId, FieldCoverage]:
    """All fields."""
    return {
        key: one
        for board in coverage.dashboards
        for panel in board.panels
        for key, one in _identified(board.uid, panel)
    }


def target_states(coverage: Coverage) -> list[TargetState]:
    """All targets of the dashboards in their order, as this coverage found them."""
    return [
        state
        for board in coverage.dashboards
        for panel in board.panels
        for state in _of_panel(board.uid, panel)
    ]


def _identified(uid: str, panel: PanelCoverage) -> Iterator[tuple[FieldId, FieldCoverage]]:
    """Fields with their ids; those that share all else are told apart by their order."""
    seen: dict[tuple[object, ...], int] = {}
    for one in panel.fields:
        steps = tuple(step.value for step in one.steps)
        order = seen.setdefault((one.source, steps), 0)
        seen[one.source, steps] += 1
        yield FieldId(uid, panel.path, panel.title, one.source, steps, order), one


def _of_panel(uid: str, panel: PanelCoverage) -> Iterator[TargetState]:
    if not panel.fields:
        key = FieldId(uid, panel.path, panel.title, "", (), 0)
        yield TargetState(Target(key, "", None, ""), is_reached=False, reason=panel.reason)
    for key, one in _identified(uid, panel):
        reason = f"{one.verdict}: {one.reason}" if one.verdict in _UNREADABLE else ""
        if not one.steps:
            reached = one.verdict is Verdict.EXERCISED
            yield TargetState(Target(key, one.name, None, ""), is_reached=reached, reason=reason)
        for step in one.steps:
            yield _of_step(key, one, step, reason)


def _of_step(key: FieldId, one: FieldCoverage, step: StepCoverage, reason: str) -> TargetState:
    return TargetState(
        Target(key, one.name, step.index, step.color, step.low, step.high),
        is_reached=step.verdict is Verdict.EXERCISED,
        reason=reason or step.reason,
        episodes=step.episodes,
    )
