"""Small dashboards and rules, and the metrics of the mappings that they propose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.adopt.boards.adopting import Adopted, adopted
from simulator.errors import MappingError
from simulator.grafana.parsing import dashboard_from
from simulator.reading.yaml_text import yaml_in
from simulator.rules.reading import groups_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.grafana.model import Dashboard
    from simulator.rules.model import Group

SOURCE = "theirs.json"


def board(
    *queries: str, legend: str = "", unit: str = "", variables: Sequence[object] = ()
) -> Dashboard:
    panels = [
        {
            "id": number,
            "title": f"P{number}",
            "type": "timeseries",
            "targets": [{"refId": "A", "expr": query, "legendFormat": legend}],
            "fieldConfig": {"defaults": {"unit": unit}, "overrides": []},
        }
        for number, query in enumerate(queries)
    ]
    return dashboard_from(
        {"title": "B", "uid": "b", "panels": panels, "templating": {"list": list(variables)}}
    )


def rules(*alerts: str, summary: str = "") -> tuple[Group, ...]:
    written = [
        {"alert": f"A{number}", "expr": expr, "annotations": {"summary": summary}}
        for number, expr in enumerate(alerts)
    ]
    text = json.dumps({"groups": [{"name": "g", "rules": written}]})
    return groups_in(text, Path("rules.json"))


def metrics(found: Adopted) -> dict[str, Any]:
    content: Any = yaml_in(found.text, SOURCE, error=MappingError)
    return dict(content["metrics"] or {})


def of(*queries: str, legend: str = "", variables: Sequence[object] = ()) -> dict[str, Any]:
    return metrics(adopted([board(*queries, legend=legend, variables=variables)], (), SOURCE))


def of_rules(*alerts: str, summary: str = "") -> dict[str, Any]:
    return metrics(adopted([], rules(*alerts, summary=summary), SOURCE))
