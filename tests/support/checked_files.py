"""Dashboards and rule files for checks, made of what a test is about."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from simulator.checking.check import found_in
from simulator.checking.material import Facts, Material
from simulator.checking.problems import Problem, Weight
from simulator.grafana.dashboard_files import read_dashboards
from simulator.rules.reading import read_rule_files

SHARE = 'sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))'
LAG = "max(queue_depth)"


def steps(*pairs: tuple[str, float | None]) -> dict[str, Any]:
    return {"mode": "absolute", "steps": [{"color": c, "value": v} for c, v in pairs]}


RISING = steps(("green", None), ("orange", 0.4), ("red", 0.8))


def panel(
    expr: str = LAG,
    *,
    thresholds: dict[str, Any] | None = None,
    kind: str = "stat",
    defaults: dict[str, Any] | None = None,
    **more: Any,  # noqa: ANN401 - JSON of Grafana's
) -> dict[str, Any]:
    return {
        "id": 1,
        "title": "P",
        "type": kind,
        "targets": [{"refId": "A", "expr": expr, "legendFormat": "value"}],
        "fieldConfig": {
            "defaults": {"thresholds": thresholds or RISING, **(defaults or {})},
            "overrides": [],
        },
        **more,
    }


def board(*panels: dict[str, Any], uid: str = "u", title: str = "T", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - the same
    return {"uid": uid, "title": title, "schemaVersion": 39, "panels": list(panels), **more}


def alert(expr: str, *, name: str = "A", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - the same
    labels = {"severity": more.pop("severity", "critical")}
    return {"alert": name, "expr": expr, "for": "5m", "labels": labels, **more}


def linked(dashboard: str = "u", panel_id: int = 1) -> dict[str, str]:
    return {"panel": f"http://localhost:3000/d/{dashboard}?viewPanel={panel_id}"}


def material(
    folder: Path,
    boards: Sequence[dict[str, Any]] = (),
    rules: Sequence[dict[str, Any]] = (),
    facts: Facts | None = None,
) -> Material:
    files = []
    for index, one in enumerate(boards):
        files.append(folder / f"board-{index}.json")
        files[-1].write_text(json.dumps(one, indent=1))
    file = folder / "rules.yml"
    if rules:
        file.write_text(yaml.safe_dump({"groups": [{"name": "g", "rules": list(rules)}]}))
    groups = read_rule_files([file] if rules else [])
    return Material(read_dashboards(files) if files else (), groups, facts or Facts())


def problems(
    folder: Path,
    check: str,
    boards: Sequence[dict[str, Any]] = (),
    rules: Sequence[dict[str, Any]] = (),
    facts: Facts | None = None,
) -> list[Problem]:
    """The findings of a check."""
    found = found_in(material(folder, boards, rules, facts))
    return [
        one.problem
        for one in found
        if one.check.id == check and one.problem.weight is Weight.FINDING
    ]


def says(
    folder: Path,
    check: str,
    boards: Sequence[dict[str, Any]] = (),
    rules: Sequence[dict[str, Any]] = (),
    facts: Facts | None = None,
) -> list[str]:
    """What the findings of a check say."""
    return [one.message for one in problems(folder, check, boards, rules, facts)]
