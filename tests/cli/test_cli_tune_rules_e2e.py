"""`simulator tune --rules` alone: every alert is named, and recordings have data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.dense_day import DENSE_DAY_FILE
from tests.support.simulator_process import simulator_process

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.e2e

RULES = """\
groups:
- name: recordings
  interval: 1m
  rules:
  - {record: "lag:sum", expr: sum(kafka_consumergroup_lag)}
- name: in-another-group
  interval: 1m
  rules:
  - {record: "lag:twice", expr: 2 * lag:sum}
- name: alerts
  rules:
  - {alert: Lag, expr: "1000 < lag:sum", for: 2m, keep_firing_for: 5m, labels: {severity: page}}
  - {alert: Twice, expr: "lag:twice > 4000 and on () vector(1)", for: 0}
  - {alert: Gone, expr: absent(kafka_brokers), labels: {severity: critical}}
  - {alert: Drives, expr: "minio_cluster_health_status == 0", labels: {severity: custom}}
  - {alert: Nobody, expr: "of_nobody > 5"}
  - {alert: Wrong, expr: "sum(("}
"""


@pytest.fixture(scope="module")
def told(
    tmp_path_factory: pytest.TempPathFactory, find_program: Callable[[str], str]
) -> dict[str, Any]:
    find_program("prometheus")
    folder: Path = tmp_path_factory.mktemp("rules")
    (folder / "rules.yml").write_text(RULES)
    ended = simulator_process(
        *("tune", DENSE_DAY_FILE, "--rules", str(folder / "rules.yml"), "--seeds", "2"),
        *("--duration", "4h", "--severity", "custom=red", "--json", str(folder / "told.json")),
        seconds=120,
    )
    assert ended.code == 0, ended.stdout + ended.stderr
    found: dict[str, Any] = json.loads((folder / "told.json").read_text())
    return {**found, "text": ended.stdout}


def test_each_alert_is_named_with_what_became_of_it(told: dict[str, Any]) -> None:
    became = {one["name"]: one["became"] for one in told["alerts"]}
    assert became == {
        "Lag": "tuned",
        "Twice": "tuned",
        "Gone": "judged as it is",
        "Drives": "judged as it is",
        "Nobody": "cannot be judged",
        "Wrong": "cannot be judged",
    }
    details = {one["name"]: one["detail"] for one in told["alerts"]}
    assert details["Nobody"] == "no of_nobody"
    assert "parse error" in details["Wrong"]
    assert all(name in told["text"] for name in became)


def test_the_dashboards_of_the_project_are_not_tuned_beside_rules(told: dict[str, Any]) -> None:
    assert {one["dashboard"] for one in told["thresholds"]} == {None}


def test_alerts_have_the_severity_that_they_are_given(told: dict[str, Any]) -> None:
    levels = {one["name"]: one["levels"] for one in told["alerts"]}
    assert (levels["Lag"], levels["Drives"]) == (["red"], ["red"])
    assert levels["Twice"] == ["orange", "red"]


def test_an_alert_on_a_recording_is_about_what_that_reads(told: dict[str, Any]) -> None:
    signals = {one["alert"]: one["signal"] for one in told["thresholds"]}
    assert signals["Lag"] == signals["Twice"] == "consumer-lag"
    (lag,) = (one for one in told["thresholds"] if one["alert"] == "Lag")
    assert lag["today"]["keep_firing_for"] == 300.0
    assert "> 1000 for 2m, kept 5m" in told["text"]
