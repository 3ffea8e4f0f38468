"""The two dashboards as the tests read them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "dashboards"
ML = FOLDER / "scoring-ml-dashboard.json"
BUSINESS = FOLDER / "scoring-business-dashboard.json"
BOTH = (ML, BUSINESS)

Json = dict[str, Any]


def dashboard(path: Path) -> Json:
    board: Json = json.loads(path.read_text(encoding="utf-8"))
    return board


def panels(path: Path) -> dict[str, Json]:
    """The panels that show something, by title."""
    return {p["title"]: p for p in dashboard(path)["panels"] if p["type"] != "row"}


def every_panel() -> list[tuple[Path, str]]:
    return [(path, title) for path in BOTH for title in panels(path)]


def expressions(path: Path) -> Iterator[tuple[str, str]]:
    """Each query of a dashboard with the place it is at, annotations included."""
    board = dashboard(path)
    for annotation in board["annotations"]["list"]:
        yield f"annotation {annotation['name']}", annotation["expr"]
        yield f"annotation target {annotation['name']}", annotation["target"]["expr"]
    for title, panel in panels(path).items():
        for target in panel["targets"]:
            yield f"{title} {target['refId']}", target["expr"]


def expression(path: Path, title: str, ref_id: str) -> str:
    return dict(expressions(path))[f"{title} {ref_id}"]


def interpolated(promql: str, *, window: str = "5m") -> str:
    """A query as Grafana sends it with one window and all instances."""
    for name, value in (("$window", window), ("$instance", ".*"), ("$__interval", "15s")):
        promql = promql.replace(name, value)
    return promql


def metric_names(promql: str) -> set[str]:
    return set(re.findall(r"([a-zA-Z_:][\w:]*)\{", promql))
