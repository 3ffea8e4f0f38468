"""A panel as the page shows it: its charts, and per field the steps with their witnesses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from simulator.coverage.findings import Finding
from simulator.coverage.places import Place
from simulator.coverage.report.html.drawn_series import chart_groups
from simulator.coverage.report.html.field_chart import field_chart
from simulator.coverage.report.verdict_text import (
    GLYPHS,
    WORDS,
    band_text,
    clock_text,
    duration_text,
    uncovered_text,
    value_text,
)
from simulator.coverage.verdicts import (
    Coverage,
    DashboardCoverage,
    FieldCoverage,
    PanelCoverage,
    StepCoverage,
    Verdict,
)
from simulator.drawing.chart import Chart, gutter
from simulator.drawing.lanes import Lanes
from simulator.drawing.page_templates import Badge
from simulator.grafana.colors import css_color

__all__ = ["FieldRow", "FindingRow", "PanelView", "StepRow", "badge", "panel_view"]

_MOST_EPISODES: Final = 3
_NEARLY_ALL: Final = 0.6
_MOST_CHARTS: Final = 6
_FIELDS_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class StepRow:
    """One threshold step; `facts` are its witness, or what is missing; episodes by number."""

    color: str
    color_name: str
    band: str
    badge: Badge
    facts: tuple[str, ...]
    episodes: tuple[tuple[int, str], ...] = ()
    n_more_episodes: int = 0


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of a panel and its steps."""

    name: str
    badge: Badge
    reason: str
    steps: tuple[StepRow, ...]
    n_series: int


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something that a query asks for and that is not there; a note has no badge."""

    code: str
    query: str
    message: str
    badge: Badge | None


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel; `more_fields` are folded away, and `empty` says why there is nothing to draw."""

    anchor: str
    title: str
    type: str
    row: str
    badge: Badge
    reason: str
    charts: tuple[Chart, ...]
    n_more_charts: int
    fields: tuple[FieldRow, ...]
    more_fields: tuple[FieldRow, ...]
    has_steps: bool
    empty: str
    findings: tuple[FindingRow, ...] = ()

    @property
    def gutter(self) -> int:
        """How many characters the labels of all its charts need, so that they are aligned."""
        return gutter(self.charts)

    @property
    def steps(self) -> tuple[StepRow, ...]:
        """The steps of all its fields."""
        return tuple(step for row in (*self.fields, *self.more_fields) for step in row.steps)


def badge(verdict: Verdict, *, is_allowed: bool = False) -> Badge:
    """How a verdict looks.

    >>> badge(Verdict.NOT_REACHED, is_allowed=True)
    Badge(kind='allowed', glyph='○', word='allowed')
    """
    if is_allowed and verdict is not Verdict.EXERCISED:
        return Badge("allowed", GLYPHS[verdict], "allowed")
    return Badge(verdict.value.lower().replace("_", "-"), GLYPHS[verdict], WORDS[verdict])


def panel_view(
    dashboard: DashboardCoverage,
    panel: PanelCoverage,
    coverage: Coverage,
    episodes: Lanes,
    *,
    anchor: str,
) -> PanelView:
    """The panel as shown, with the episodes as they are numbered on the page."""
    groups = chart_groups(panel.fields)
    numbers = {bar.name: bar.number for bar in episodes.bars}
    rows = [
        _field_row(Place(dashboard, panel, field), field, coverage, numbers)
        for field in sorted(panel.fields, key=lambda field: field.verdict is Verdict.EXERCISED)
    ]
    return PanelView(
        anchor=anchor,
        title=panel.title or panel.path,
        type=panel.type,
        row=panel.row,
        badge=badge(panel.verdict, is_allowed=panel.is_allowed),
        reason=panel.reason,
        charts=tuple(field_chart(group, coverage, episodes) for group in groups[:_MOST_CHARTS]),
        n_more_charts=max(len(groups) - _MOST_CHARTS, 0),
        fields=tuple(rows[:_FIELDS_SHOWN]),
        more_fields=tuple(rows[_FIELDS_SHOWN:]),
        has_steps=any(field.steps for field in panel.fields),
        empty="" if groups else _why_empty(dashboard, panel, coverage),
        findings=tuple(map(_finding_row, _untold(panel))),
    )


def _untold(panel: PanelCoverage) -> list[Finding]:
    """The findings that no field gives as the reason why it has no data."""
    reasons = {field.reason for field in panel.fields}
    return [one for one in panel.findings if f"{one.code}: {one.message}" not in reasons]


def _finding_row(finding: Finding) -> FindingRow:
    mark = badge(Verdict.FINDING, is_allowed=finding.is_allowed) if finding.is_failure else None
    return FindingRow(finding.code.value, finding.source, finding.message, mark)


def _why_empty(dashboard: DashboardCoverage, panel: PanelCoverage, coverage: Coverage) -> str:
    """Why nothing is drawn, in words; the reasons of the fields where the panel has none."""
    reasons = dict.fromkeys(field.reason for field in panel.fields if field.reason)
    said = panel.reason or "; ".join(reasons)
    return said or uncovered_text(Place(dashboard, panel), coverage) or "nothing to draw"


def _field_row(
    place: Place, field: FieldCoverage, coverage: Coverage, numbers: Mapping[str, int]
) -> FieldRow:
    return FieldRow(
        name=field.name,
        badge=badge(field.verdict, is_allowed=place.is_allowed),
        reason=field.reason,
        steps=tuple(
            _step_row(step, field, coverage, numbers, is_allowed=place.is_allowed)
            for step in field.steps
        ),
        n_series=len(field.tracks),
    )


def _step_row(
    step: StepCoverage,
    field: FieldCoverage,
    coverage: Coverage,
    numbers: Mapping[str, int],
    *,
    is_allowed: bool,
) -> StepRow:
    known = [(numbers[name], name) for name in step.episodes if name in numbers]
    facts = _facts(step, field, coverage)
    if len(known) > max(_MOST_EPISODES, _NEARLY_ALL * len(numbers)):  # then no name tells anything
        facts, known = (*facts, f"during {len(known)} episodes"), []
    return StepRow(
        color=css_color(step.color),
        color_name=step.color,
        band=band_text(step, field),
        badge=badge(step.verdict, is_allowed=is_allowed or step.is_allowed),
        facts=facts,
        episodes=tuple(known[:_MOST_EPISODES]),
        n_more_episodes=max(len(known) - _MOST_EPISODES, 0),
    )


def _facts(step: StepCoverage, field: FieldCoverage, coverage: Coverage) -> tuple[str, ...]:
    """The witness: for how long, since when; or how near the values came."""
    if step.verdict is Verdict.EXERCISED:
        seen = step.first_seen
        facts = [duration_text(step.seconds)]
        facts += [] if seen is None else [f"from {clock_text(seen, coverage)}"]
        return (*facts, *([step.reason] if step.reason else ()))
    facts = []
    if step.nearest is not None:
        facts.append(f"{value_text(step.nearest.distance, field)} away")
        moment = clock_text(step.nearest.at, coverage)
        facts.append(f"nearest {value_text(step.nearest.value, field)} at {moment}")
    return (*facts, *([step.reason] if step.reason else ()))
