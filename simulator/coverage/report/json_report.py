"""The coverage as plain JSON values: for programs, so numbers are numbers and times RFC 3339."""

from typing import Any

from simulator.coverage.findings import Finding
from simulator.coverage.report.notice_json import notices_json
from simulator.coverage.verdicts import (
    AlertCoverage,
    Coverage,
    DashboardCoverage,
    FieldCoverage,
    Nearest,
    PanelCoverage,
    StepCoverage,
)
from simulator.json_output import writable
from simulator.scenario.timed_run import timestamp

__all__ = ["coverage_json"]


def coverage_json(coverage: Coverage) -> dict[str, Any]:
    """The coverage without its series; a number that JSON cannot write is null.

    >>> list(coverage_json(Coverage(0.0, 60.0, 1.0, ()))["summary"].values())
    [0, 0, 0, 0, 0, False]
    """
    found = {
        "scenario": coverage.scenario,
        "start": timestamp(coverage.start),
        "end": timestamp(coverage.end),
        "resolution": coverage.resolution,
        "summary": {
            "panels": len(coverage.panels),
            "panels_with_data": coverage.n_panels_with_data,
            "panels_excluded": len(coverage.excluded),
            "steps": len(coverage.steps),
            "steps_exercised": coverage.n_steps_exercised,
            "is_complete": coverage.is_complete,
            **_alerts_summary(coverage),
        },
        "episodes": [
            {
                "name": span.name,
                "kind": span.kind,
                "start": timestamp(span.start),
                "end": timestamp(span.end),
            }
            for span in coverage.episodes
        ],
        "notes": list(coverage.notes),
        "dashboards": [_dashboard(dashboard) for dashboard in coverage.dashboards],
        "alerts": [_alert(alert) for alert in coverage.alerts],
    }
    if coverage.notifications is not None:
        found["notifications"] = notices_json(coverage.notifications)
    return writable(found)


def _dashboard(dashboard: DashboardCoverage) -> dict[str, Any]:
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "panels": [_panel(panel) for panel in dashboard.panels],
        "excluded": [
            {"title": one.title, "type": one.type, "path": one.path, "reason": one.reason}
            for one in dashboard.excluded
        ],
    }


def _alerts_summary(coverage: Coverage) -> dict[str, int]:
    """How many alerts there are and did all that they should, where any are looked at."""
    if not coverage.alerts:
        return {}
    return {"alerts": len(coverage.alerts), "alerts_exercised": coverage.n_alerts_exercised}


def _alert(alert: AlertCoverage) -> dict[str, Any]:
    return {
        "name": alert.name,
        "severity": alert.severity,
        "place": alert.place,
        "panels": list(alert.panels),
        "verdict": alert.verdict.value,
        "reason": alert.reason,
        "allowed": alert.is_allowed,
        "fires": alert.fires,
        "resolves": alert.resolves,
        "silent_on_calm": None if alert.seconds_on_calm is None else not alert.seconds_on_calm,
        "first_seen": _time(alert.first_seen),
        "seconds": alert.seconds,
        "firings": alert.firings,
        "pending": alert.is_pending,
        "episodes": list(alert.episodes),
    }


def _panel(panel: PanelCoverage) -> dict[str, Any]:
    return {
        "id": panel.id,
        "title": panel.title,
        "type": panel.type,
        "path": panel.path,
        "row": panel.row,
        "verdict": panel.verdict.value,
        "reason": panel.reason,
        "allowed": panel.is_allowed,
        "findings": [_finding(finding) for finding in panel.findings],
        "fields": [_field(field) for field in panel.fields],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code.value,
        "message": finding.message,
        "query": finding.source,
        "failure": finding.is_failure,
        "allowed": finding.is_allowed,
    }


def _field(field: FieldCoverage) -> dict[str, Any]:
    return {
        "name": field.name,
        "verdict": field.verdict.value,
        "unit": field.unit,
        "percentage": field.is_percentage,
        "series": len(field.tracks),
        "reason": field.reason,
        "allowed": field.is_allowed,
        "steps": [_step(step) for step in field.steps],
    }


def _step(step: StepCoverage) -> dict[str, Any]:
    return {
        "index": step.index,
        "color": step.color,
        "value": step.value,
        "low": step.low,
        "high": step.high,
        "verdict": step.verdict.value,
        "first_seen": _time(step.first_seen),
        "last_seen": _time(step.last_seen),
        "seconds": step.seconds,
        "seen_in": step.seen_in,
        "episodes": list(step.episodes),
        "nearest": None if step.nearest is None else _nearest(step.nearest),
        "reason": step.reason,
        "allowed": step.is_allowed,
    }


def _nearest(nearest: Nearest) -> dict[str, Any]:
    return {
        "value": nearest.value,
        "at": timestamp(nearest.at),
        "distance": nearest.distance,
    }


def _time(at: float | None) -> str | None:
    return None if at is None else timestamp(at)
