"""The smallest parts of a coverage that have a verdict, and those that are not exercised."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from simulator.coverage.findings import Finding
from simulator.coverage.verdicts import (
    Coverage,
    DashboardCoverage,
    FieldCoverage,
    PanelCoverage,
    StepCoverage,
    Verdict,
)

__all__ = ["Place", "places", "uncovered"]


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a field, a field without steps, a panel without known fields, or a finding."""

    dashboard: DashboardCoverage
    panel: PanelCoverage
    field: FieldCoverage | None = None
    step: StepCoverage | None = None
    finding: Finding | None = None

    @property
    def verdict(self) -> Verdict:
        """What is known of it."""
        if self.finding is not None:
            return Verdict.FINDING
        return (self.step or self.field or self.panel).verdict

    @property
    def is_allowed(self) -> bool:
        """Whether it, or what it is part of, may be missing."""
        parts = (self.panel, self.field, self.step, self.finding)
        return any(part.is_allowed for part in parts if part is not None)

    @property
    def reason(self) -> str:
        """The nearest reason given; "" where there is none."""
        if self.finding is not None:
            return self.finding.message
        parts = (self.step, self.field, self.panel)
        return next((part.reason for part in parts if part is not None and part.reason), "")


def places(dashboard: DashboardCoverage) -> Iterator[Place]:
    """The smallest parts that have a verdict, in drawing order.

    A panel or field whose own verdict is graver than those of its parts counts by itself too, so
    that nothing that went wrong is left out.
    """
    for panel in dashboard.panels:
        failing = [one for one in panel.findings if one.is_failure]
        parts = [*(f.verdict for f in panel.fields), *([Verdict.FINDING] if failing else [])]
        if not parts or _is_graver(panel.verdict, parts):
            yield Place(dashboard, panel)
        for finding in failing:
            yield Place(dashboard, panel, finding=finding)
        for field in panel.fields:
            if not field.steps or _is_graver(field.verdict, [s.verdict for s in field.steps]):
                yield Place(dashboard, panel, field)
            for step in field.steps:
                yield Place(dashboard, panel, field, step)


def _is_graver(whole: Verdict, parts: list[Verdict]) -> bool:
    return whole is not Verdict.EXERCISED and whole not in parts


def uncovered(coverage: Coverage) -> tuple[Place, ...]:
    """The places that are not exercised, gravest first; those allowed to be missing come last.

    A field of which no step is known is one place, not one per step.
    """
    order = {verdict: rank for rank, verdict in enumerate(reversed(Verdict))}
    found = dict.fromkeys(
        _as_one(place)
        for board in coverage.dashboards
        for place in places(board)
        if place.verdict is not Verdict.EXERCISED
    )
    return tuple(sorted(found, key=lambda place: (place.is_allowed, order[place.verdict])))


def _as_one(place: Place) -> Place:
    """The field of a step where all its steps are unknown for one reason, else the place itself."""
    field = place.field
    if field is None or place.step is None or place.verdict is Verdict.NOT_REACHED:
        return place
    kinds = {(step.verdict, step.reason, step.is_allowed) for step in field.steps}
    return (
        replace(place, step=None)
        if len(kinds) == 1 == len({field.verdict, place.verdict})
        else place
    )
