"""Dashboards and alert rules in the style of the platforms that ready mappings speak for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

__all__ = ["BOARDS", "Alert", "Board", "board"]

_FOLDER: Final = Path(__file__).parents[1] / "mapping" / "boards"
BOARDS: Final = sorted(file.stem for file in _FOLDER.glob("*.json"))


@dataclass(frozen=True)
class Alert:
    """An alert: what has to be so, for how long (PromQL's duration, "0s" for at once)."""

    name: str
    expr: str
    hold: str


@dataclass(frozen=True)
class Board:
    """The dashboard of a mapping as JSON, and its alerts."""

    content: dict[str, Any]
    alerts: tuple[Alert, ...]

    @property
    def queries(self) -> tuple[str, ...]:
        """All that its panels and alerts ask."""
        targets = (t["expr"] for panel in self.content["panels"] for t in panel["targets"])
        return (*targets, *(alert.expr for alert in self.alerts))


def board(mapping: str) -> Board:
    """The dashboard and the alerts in the style of a mapping."""
    content = json.loads((_FOLDER / f"{mapping}.json").read_text(encoding="utf-8"))
    file = yaml.safe_load((_FOLDER / f"{mapping}.rules.yml").read_text(encoding="utf-8"))
    rules = [rule for group in file["groups"] for rule in group["rules"]]
    alerts = tuple(Alert(r["alert"], r["expr"], r.get("for", "0s")) for r in rules)
    return Board(content, alerts)
