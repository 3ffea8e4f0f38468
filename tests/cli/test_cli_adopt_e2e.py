"""`simulator adopt` as a user runs it: the proof with a real Prometheus."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.simulator_process import simulator_process

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_it_ends_with_what_panels_and_alerts_show(tmp_path: Path) -> None:
    queries = {
        "Latency": "histogram_quantile(0.95, sum by (le) (rate(api_latency_seconds_bucket[5m])))",
        "CPU": "api_cpu_percent",
        "Mails": "rate(emails_sent_total[5m])",
    }
    panels = [
        {"id": n, "title": title, "type": "timeseries", "targets": [{"refId": "A", "expr": query}]}
        for n, (title, query) in enumerate(queries.items())
    ]
    board, alerts = tmp_path / "board.json", tmp_path / "alerts.yml"
    board.write_text(json.dumps({"title": "B", "uid": "b", "panels": panels}), encoding="utf-8")
    rules = [
        {"alert": "Slow", "expr": f"{queries['Latency']} > 1"},
        {"alert": "Never", "expr": "api_cpu_percent > 1000"},
    ]
    alerts.write_text(json.dumps({"groups": [{"name": "g", "rules": rules}]}), encoding="utf-8")
    ended = simulator_process(
        "adopt", "--dashboards", str(board), "--rules", str(alerts),
        "-o", str(tmp_path / "m.yaml"), seconds=200.0,
    )  # fmt: skip
    assert ended.code == 0, ended.stderr
    rows = {line[:38].strip(): line[38:].split() for line in ended.stderr.splitlines()}
    assert rows["panels with data"][-3:] == ["2", "of", "3"]
    assert rows["fed by measures"][-1] == "1"
    assert rows["fed by extra signals alone"][-1] == "1"
    assert rows["alerts that fire for a part of the day"[:38]][-1] == "1"
    assert "never on in the tour: Never" in ended.stderr
