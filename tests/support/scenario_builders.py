"""Small scenarios, built as a file would be: durations with units, checked by every rule."""

import json
from typing import Any

from simulator.scenario.loading import parse_scenario
from simulator.scenario.model import Scenario

#: Monday, 9 November 2026, midnight in Paris: no pay-day week, no change of clocks near.
MONDAY = 1_794_178_800.0


def scenario(*episodes: dict[str, Any], **changes: Any) -> Scenario:  # noqa: ANN401 - a file's own values
    """A flat day without slow noise, with these episodes."""
    plan: dict[str, Any] = {
        "name": "built",
        "description": "Built by a test.",
        "duration": "24h",
        "episodes": list(episodes),
        **changes,
    }
    plan["traffic"] = {"profile": "flat", "noise_ratio": 0.0, **plan.get("traffic", {})}
    return parse_scenario(json.dumps(plan), "built")  # JSON is YAML


def episode(kind: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a file's own values
    """An episode that lasts the whole day, unless told otherwise."""
    return {"kind": kind, "name": kind, "start": "0s", "duration": "24h", **changes}
