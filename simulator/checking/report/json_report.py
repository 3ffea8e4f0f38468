"""What a check found as JSON."""

from typing import Any

from simulator.checking.check import CHECKS
from simulator.checking.pairs import Pair
from simulator.checking.results import Result, Results
from simulator.json_output import writable

__all__ = ["check_json"]


def check_json(found: Results) -> dict[str, Any]:
    """All of it: what was read, the pairs, findings and notes, and the checks that were made."""
    material = found.material
    return writable(
        {
            "version": 1,
            "clean": found.is_clean,
            "dashboards": [
                {"uid": one.uid, "title": one.title, "file": str(one.file or "")}
                for one in material.dashboards
            ],
            "alerts": [
                {"name": one.name, "severity": one.severity, "file": str(one.place.file)}
                for one in material.alarms
            ],
            "pairs": [_pair(one) for one in material.pairs],
            "findings": [_result(one) for one in found.findings],
            "notes": [_result(one) for one in found.notes],
            "gone": [
                {"check": one.check, "file": one.file, "message": one.message} for one in found.gone
            ],
            "checks": [{"id": one.id, "help": one.help} for one in CHECKS],
        }
    )


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "alert": pair.alarm.name,
        "dashboard": pair.painted.dashboard.uid,
        "panel": pair.painted.panel.title,
        "query": pair.painted.target.ref_id if pair.painted.target else "",
        "by": pair.by,
        "differences": None
        if pair.differences is None
        else [{"what": one.what, "panel": one.one, "alert": one.other} for one in pair.differences],
    }


def _result(result: Result) -> dict[str, Any]:
    problem = result.problem
    return {
        "check": result.found.check.id,
        "subject": problem.subject,
        "message": problem.message,
        "proposal": problem.proposal,
        "file": str(problem.place.file),
        "line": result.line,
        "path": list(problem.place.path),
        "known": result.is_known,
    }
