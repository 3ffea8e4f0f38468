"""Whatever moves in the project's own alerts away from their panels is found."""

import re
from pathlib import Path

import pytest

from simulator.checking.check import CHECKS
from simulator.checking.material import Material
from simulator.checking.problems import Weight
from simulator.grafana.dashboard_files import read_dashboards
from simulator.rules.reading import groups_in
from tests.support.checkout import CHECKOUT

RULES = (CHECKOUT / "compose" / "prometheus" / "rules" / "scoring-alerts.yml").read_text()
BOARDS = read_dashboards([CHECKOUT / "dashboards"])


def findings(text: str, *ids: str) -> list[str]:
    material = Material(BOARDS, groups_in(text, Path("rules.yml")))
    return [
        check.id
        for check in CHECKS
        if not ids or check.id in ids
        for one in check.look(material)
        if one.weight is Weight.FINDING
    ]


@pytest.mark.parametrize(
    ("pattern", "change", "check"),
    [
        (r"\) (>=|<) ([\d.]+)\n", r") \1 7\2\n", "threshold-differs"),
        (r"\) >= ([\d.]+)\n", r") < \1\n", "threshold-differs"),
        (r"\[15m\]", "[5m]", "query-differs"),
        (r"\bmin by \(version\)", "avg by (version)", "query-differs"),
        (r"ml_model_drift_score", "ml_model_drift_index", "query-differs"),
        (r"by \(le\)", "by (le, version)", "query-differs"),
        (r'stage="retired"', 'stage="canary"', "query-differs"),
        (r"viewPanel=(\d)", r"viewPanel=9\1", "panel-link"),
    ],
)
def test_each_change_of_an_alert_is_found(pattern: str, change: str, check: str) -> None:
    places = list(re.finditer(pattern, RULES))
    assert places
    for place in places:
        text = RULES[: place.start()] + place.expand(change) + RULES[place.end() :]
        assert findings(text, check), place


def test_unchanged_there_is_nothing_to_find() -> None:
    assert findings(RULES) == []
