"""Known exceptions: panels or steps that are not expected to be exercised."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from simulator.coverage.findings import Finding
from simulator.coverage.verdicts import (
    AlertCoverage,
    Coverage,
    FieldCoverage,
    PanelCoverage,
    StepCoverage,
    Verdict,
)
from simulator.errors import AllowanceError
from simulator.notifying.results import NoticeVerdict, NotificationCoverage
from simulator.quoting import printable, quoted, shortened
from simulator.spelling import did_you_mean

__all__ = ["Allowance", "parse_allowance", "with_allowances"]


@dataclass(frozen=True, slots=True)
class Allowance:
    """One exception: a panel by its title, and a step by colour or index, or a finding by its code.

    `*` is for all of the panel. An alert is named instead of a panel, with `*` as the step. Both
    may hold the wildcards of a shell.
    """

    panel: str
    step: str

    def is_for(self, panel: PanelCoverage) -> bool:
        """Whether the panel is meant."""
        return fnmatchcase(panel.title, self.panel)

    def is_for_alert(self, alert: AlertCoverage) -> bool:
        """Whether the alert is meant."""
        return self.is_for_name(alert.name)

    def is_for_name(self, name: str) -> bool:
        """Whether an alert of this name is meant."""
        return self.step == "*" and fnmatchcase(name, self.panel)

    def is_for_step(self, step: StepCoverage) -> bool:
        """Whether the step is meant, on a panel that is."""
        return fnmatchcase(step.color, self.step) or self.step == str(step.index)

    def is_for_finding(self, finding: Finding) -> bool:
        """Whether the finding is meant, by its code, on a panel that is."""
        return finding.is_failure and fnmatchcase(finding.code, self.step)

    def __str__(self) -> str:
        return f"{self.panel}:{self.step}"


def parse_allowance(text: str) -> Allowance:
    """The exception written PANEL:STEP; a title may hold colons itself.

    Raises:
        AllowanceError: there is no colon, or nothing on one side of it.

    >>> parse_allowance("Lag: worst group:red")
    Allowance(panel='Lag: worst group', step='red')
    """
    panel, _, step = text.rpartition(":")
    if not panel.strip() or not step.strip():
        raise AllowanceError(
            f"{quoted(text)} is no exception: write PANEL:STEP, such as 'Consumer Lag:red', "
            "with a step's colour or index, or * for all of the panel"
        )
    return Allowance(panel.strip(), step.strip())


def with_allowances(coverage: Coverage, allowances: Sequence[Allowance]) -> Coverage:
    """The coverage with what is allowed marked, and a note for every exception not needed.

    Raises:
        AllowanceError: an exception is for no panel or step that there is.
    """
    for one in allowances:
        if not any(map(one.is_for_alert, coverage.alerts)):
            _require_known(one, coverage.panels)
    dashboards = tuple(
        replace(board, panels=tuple(_panel(panel, allowances) for panel in board.panels))
        for board in coverage.dashboards
    )
    alerts = tuple(_alert(one, allowances) for one in coverage.alerts)
    notices = _notices(coverage.notifications, allowances)
    marked = replace(coverage, dashboards=dashboards, alerts=alerts, notifications=notices)
    notes = [
        f"--allow {one} is not needed"
        for one in allowances
        if not any(_has_gap(one, panel) for panel in marked.panels if one.is_for(panel))
        and not any(alert.is_allowed for alert in alerts if one.is_for_alert(alert))
        and not (notices and any(n.is_allowed for n in notices.alerts if one.is_for_name(n.name)))
    ]
    return replace(marked, notes=(*coverage.notes, *notes))


def _alert(alert: AlertCoverage, allowances: Sequence[Allowance]) -> AlertCoverage:
    is_exercised = alert.verdict is Verdict.EXERCISED
    is_allowed = not is_exercised and any(one.is_for_alert(alert) for one in allowances)
    return replace(alert, is_allowed=is_allowed)


def _notices(
    found: NotificationCoverage | None, allowances: Sequence[Allowance]
) -> NotificationCoverage | None:
    if found is None:
        return None
    alerts = (
        replace(
            alert,
            is_allowed=alert.verdict is NoticeVerdict.WRONG
            and any(one.is_for_name(alert.name) for one in allowances),
        )
        for alert in found.alerts
    )
    return replace(found, alerts=tuple(alerts))


def _require_known(one: Allowance, panels: Sequence[PanelCoverage]) -> None:
    meant = [panel for panel in panels if one.is_for(panel)]
    if not meant:
        titles = sorted({printable(panel.title) for panel in panels})
        raise AllowanceError(
            f"--allow {shortened(str(one))}: no panel has this title; there are: "
            f"{', '.join(titles) or 'none'}{did_you_mean(one.panel, titles)}"
        )
    steps = [step for panel in meant for field in panel.fields for step in field.steps]
    found = [finding for panel in meant for finding in panel.findings]
    is_known = any(map(one.is_for_step, steps)) or any(map(one.is_for_finding, found))
    if one.step != "*" and not is_known:
        codes = [finding.code for finding in found if finding.is_failure]
        colors = list(dict.fromkeys([*(printable(step.color) for step in steps), *codes]))
        raise AllowanceError(
            f"--allow {shortened(str(one))}: the panel has no such step; its steps: "
            f"{', '.join(colors) or 'none'}{did_you_mean(one.step, colors)}"
        )


def _has_gap(one: Allowance, panel: PanelCoverage) -> bool:
    if one.step == "*":
        return panel.verdict is not Verdict.EXERCISED
    if any(map(one.is_for_finding, panel.findings)):
        return True
    steps = [step for field in panel.fields for step in field.steps if one.is_for_step(step)]
    return any(step.verdict is not Verdict.EXERCISED for step in steps)


def _panel(panel: PanelCoverage, allowances: Sequence[Allowance]) -> PanelCoverage:
    mine = [one for one in allowances if one.is_for(panel)]
    if not mine or panel.verdict is Verdict.EXERCISED:
        return panel
    is_whole = any(one.step == "*" for one in mine)
    fields = tuple(_field(field, mine, is_whole=is_whole) for field in panel.fields)
    findings = tuple(_finding(one, mine, is_whole=is_whole) for one in panel.findings)
    gaps = [
        *(field.is_allowed for field in fields if field.verdict is not Verdict.EXERCISED),
        *(finding.is_allowed for finding in findings if finding.is_failure),
    ]
    is_allowed = is_whole or (bool(gaps) and all(gaps))
    return replace(panel, fields=fields, findings=findings, is_allowed=is_allowed)


def _finding(finding: Finding, allowances: Sequence[Allowance], *, is_whole: bool) -> Finding:
    is_allowed = is_whole or any(one.is_for_finding(finding) for one in allowances)
    return replace(finding, is_allowed=finding.is_failure and is_allowed)


def _field(
    field: FieldCoverage, allowances: Sequence[Allowance], *, is_whole: bool
) -> FieldCoverage:
    if field.verdict is Verdict.EXERCISED:
        return field
    steps = tuple(_step(step, allowances) for step in field.steps)
    gaps = [step for step in steps if step.verdict is not Verdict.EXERCISED]
    # steps decide only where they are why: a field without data may not be excused by one of them
    by_steps = field.verdict is Verdict.NOT_REACHED and all(step.is_allowed for step in gaps)
    return replace(field, steps=steps, is_allowed=is_whole or by_steps)


def _step(step: StepCoverage, allowances: Sequence[Allowance]) -> StepCoverage:
    is_allowed = step.verdict is not Verdict.EXERCISED and any(
        one.is_for_step(step) for one in allowances
    )
    return replace(step, is_allowed=is_allowed)
