"""`simulator demo --dashboards`: somebody's dashboards under Locust's load."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.simulator_process import simulator_process

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(240)]


def test_panels_of_somebody_have_data_and_recorded_names_are_evaluated(tmp_path: Path) -> None:
    queries = {"Rate": "sum(rate(credit_predictions_total[1m]))", "Recorded": "job:errors:rate"}
    panels = [
        {"id": n, "title": title, "type": "timeseries", "targets": [{"refId": "A", "expr": query}]}
        for n, (title, query) in enumerate(queries.items())
    ]
    board, rules = tmp_path / "board.json", tmp_path / "rules.yml"
    board.write_text(json.dumps({"title": "B", "uid": "b", "panels": panels}), encoding="utf-8")
    recording = {
        "record": "job:errors:rate",
        "expr": "sum(rate(credit_prediction_errors_total[1m]))",
    }
    rules.write_text(
        json.dumps({"groups": [{"name": "g", "rules": [recording]}]}), encoding="utf-8"
    )
    ended = simulator_process(
        "demo", "--dashboards", str(board), "--rules", str(rules), "--length", "60s",
        "--users", "20", "--json", seconds=200.0,
    )  # fmt: skip
    assert ended.code == 0, ended.stderr
    assert {one["panel"]: bool(one["fields"]) for one in json.loads(ended.stdout)} == {
        "Rate": True,
        "Recorded": True,
    }
