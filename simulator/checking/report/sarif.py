"""What a check found as SARIF 2.1.0 (OASIS, 2020), which code hosts show beside the lines."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from simulator.checking.check import CHECKS
from simulator.checking.problems import Weight
from simulator.checking.results import Result, Results

__all__ = ["sarif_log"]

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Weight.FINDING: "error", Weight.NOTE: "note"}
_INDEX: Final = {check.id: index for index, check in enumerate(CHECKS)}


def sarif_log(found: Results, *, version: str, folder: Path) -> dict[str, Any]:
    """The log of one run; files in `folder` are told relative to it, as a checkout's are."""
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "simulator check",
                        "semanticVersion": version,
                        "rules": [
                            {"id": one.id, "shortDescription": {"text": _sentence(one.help)}}
                            for one in CHECKS
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, folder) for one in found.every],
            }
        ],
    }


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _result(result: Result, folder: Path) -> dict[str, Any]:
    problem, check = result.problem, result.found.check
    proposal = f" Proposed: {problem.proposal}." if problem.proposal else ""
    found: dict[str, Any] = {
        "ruleId": check.id,
        "ruleIndex": _INDEX[check.id],
        "level": _LEVELS[problem.weight],
        "message": {"text": f"{problem.subject}: {problem.message}.{proposal}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(problem.place.file, folder),
                    "region": {"startLine": max(result.line, 1)},
                }
            }
        ],
    }
    if result.is_known:
        found["suppressions"] = [{"kind": "external", "justification": "in the baseline"}]
    return found


def _artifact(file: Path, folder: Path) -> dict[str, str]:
    try:
        inside = file.resolve().relative_to(folder.resolve())
    except ValueError:
        return {"uri": file.resolve().as_uri()}
    return {"uri": quote(inside.as_posix()), "uriBaseId": "%SRCROOT%"}
