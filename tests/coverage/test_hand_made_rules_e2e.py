"""Rules of every form over two hours, by hand: when each fires, and whether on a calm day.

Kafka's exporter is not seen from minute 20 to 30, and two brokers are lost from minute 60 to 80.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.support.simulator_process import simulator_process

pytestmark = pytest.mark.e2e

SCENARIO = """
name: by-hand
description: A gap of Kafka's exporter, then brokers that are lost.
duration: 2h
traffic: {profile: flat}
episodes:
  - {name: gap, kind: scrape-gap, start: 20m, duration: 10m, jobs: [kafka-exporter]}
  - {name: brokers, kind: broker-loss, start: 60m, duration: 20m, brokers: 2}
"""
UNDER = "sum(kafka_topic_partition_under_replicated_partition)"
LOW = "sum(kafka_topic_partition_in_sync_replica < bool 2) >= 1"
PROMETHEUS = f"""
groups:
  - name: absence
    interval: 30s
    rules:
      - {{alert: Absent, expr: absent(kafka_topic_partition_in_sync_replica), for: 2m}}
      - alert: AbsentOverTime
        expr: absent_over_time(kafka_topic_partition_in_sync_replica[290s])
        for: 0
      - alert: AbsentTopic
        expr: absent(kafka_topic_partition_in_sync_replica{{topic="none"}})
  - name: holds
    rules:
      - {{alert: Now, expr: {LOW}}}
      - {{alert: Held, expr: {LOW}, for: 1m}}
      - {{alert: Kept, expr: {LOW}, for: 1m, keep_firing_for: 5m}}
  - name: reads what is made below
    interval: 1m
    rules:
      - {{alert: Chained, expr: twice:under >= 2, for: 1m}}
      - {{record: twice:under, expr: 2 * once:under}}
  - name: makes
    rules:
      - {{record: once:under, expr: {UNDER}}}
      - {{alert: OfRecording, expr: once:under > 0}}
      - {{alert: NoMetric, expr: nobody_has_this > 1}}
      - {{alert: Refused, expr: rate(nobody_has_this) > 1}}
---
groups:
  - name: second document
    limit: 1
    rules:
      - {{alert: TooMany, expr: kafka_topic_partition_under_replicated_partition > 0}}
"""
KUBERNETES = f"""
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
spec: {{groups: [{{name: a, rules: [{{alert: OfOperator, expr: {UNDER} > 0}}]}}]}}
---
kind: List
items:
  - kind: PrometheusRule
    spec: {{groups: [{{name: b, rules: [{{alert: OfList, expr: {UNDER} > 0, for: 1m}}]}}]}}
"""


def grafana_rule(title: str, state: str, expr: str = UNDER, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as files have them
    query = {
        "refId": "A",
        "relativeTimeRange": {"from": 600, "to": 0},
        "datasourceUid": "prom",
        "model": {"expr": expr, "instant": True},
    }
    above = [{"evaluator": {"type": "gt", "params": [0]}}]
    threshold = {"type": "threshold", "expression": "A", "conditions": above}
    return {
        "title": title,
        "uid": title,
        "condition": "C",
        "data": [query, {"refId": "C", "datasourceUid": "__expr__", "model": threshold}],
        "noDataState": state,
        "for": "1m",
        **more,
    }


GRAFANA = [
    grafana_rule("GrafanaOk", "OK"),
    grafana_rule("GrafanaNoData", "NoData"),
    grafana_rule("GrafanaAlerting", "Alerting"),
    grafana_rule("GrafanaKeepLast", "KeepLast"),
    grafana_rule("GrafanaKept", "OK", keepFiringFor="5m"),
    grafana_rule("GrafanaPaused", "OK", isPaused=True),
    grafana_rule("GrafanaFiltered", "NoData", f"{UNDER} > 0"),
    grafana_rule("GrafanaNoMetric", "NoData", "nobody_has_this"),
]
BOARD = {"title": "B", "panels": [{"type": "stat", "title": "P", "targets": [{"expr": "1"}]}]}


@pytest.fixture(scope="module")
def found(
    tmp_path_factory: pytest.TempPathFactory, find_program: Callable[[str], str]
) -> dict[str, dict[str, Any]]:
    find_program("prometheus")
    folder = tmp_path_factory.mktemp("by-hand")
    (folder / "rules").mkdir()
    groups = [{"name": "g", "folder": "f", "interval": "1m", "rules": GRAFANA}]
    for name, text in {
        "scenario.yaml": SCENARIO,
        "board.json": json.dumps(BOARD),
        "rules/prometheus.yml": PROMETHEUS,
        "rules/kubernetes.yaml": KUBERNETES,
        "rules/grafana.yaml": yaml.safe_dump({"apiVersion": 1, "groups": groups}),
    }.items():
        (folder / name).write_text(text)
    ended = simulator_process(
        *("cover", str(folder / "scenario.yaml"), "--dashboards", str(folder / "board.json")),
        *("--rules", str(folder / "rules"), "--json", "-"),
        seconds=120.0,
    )
    return {one["name"]: one for one in json.loads(ended.stdout)["alerts"]}


def fired(found: dict[str, dict[str, Any]], name: str) -> tuple[str, float, int]:
    """When first, for how many seconds, and how often."""
    one = found[name]
    return one["first_seen"].removeprefix("2026-01-05T"), one["seconds"], one["firings"]


def seconds(found: dict[str, dict[str, Any]], name: str) -> float:
    return float(found[name]["seconds"])


def test_none_of_the_rules_is_left_out(found: dict[str, dict[str, Any]]) -> None:
    assert len(found) == 11 + 2 + len(GRAFANA)


def test_absence_fires_in_the_gap_alone(found: dict[str, dict[str, Any]]) -> None:
    """The last samples are those of 20:00; evaluations are at whole half minutes."""
    assert fired(found, "Absent") == ("00:22:30Z", 480.0, 1)
    assert fired(found, "AbsentOverTime") == ("00:25:00Z", 330.0, 1)
    assert found["Absent"]["episodes"] == ["gap"]


def test_what_is_never_there_fires_on_a_calm_day(found: dict[str, dict[str, Any]]) -> None:
    assert (found["AbsentTopic"]["verdict"], found["AbsentTopic"]["silent_on_calm"]) == (
        "FINDING",
        False,
    )


def test_holds_are_counted_at_both_ends(found: dict[str, dict[str, Any]]) -> None:
    assert seconds(found, "Held") == seconds(found, "Now") - 60.0
    assert seconds(found, "Kept") == seconds(found, "Held") + 300.0
    assert found["Kept"]["first_seen"] == found["Held"]["first_seen"]


def test_recordings_are_made_before_they_are_read(found: dict[str, dict[str, Any]]) -> None:
    assert fired(found, "OfRecording") == fired(found, "OfOperator")
    assert found["Chained"]["verdict"] == "EXERCISED"
    assert abs(seconds(found, "Chained") - (seconds(found, "OfRecording") - 60.0)) <= 60.0


def test_every_document_and_kind_is_read(found: dict[str, dict[str, Any]]) -> None:
    assert found["OfOperator"]["episodes"] == ["brokers"]
    assert seconds(found, "OfList") == seconds(found, "OfOperator") - 60.0
    assert seconds(found, "TooMany") < seconds(found, "OfOperator")  # an error beyond one of them


def test_what_cannot_be_judged_says_why(found: dict[str, dict[str, Any]]) -> None:
    reasons = {name: (found[name]["verdict"], found[name]["reason"]) for name in found}
    assert reasons["NoMetric"] == ("NO_DATA", "there is no metric nobody_has_this")
    assert reasons["GrafanaNoMetric"] == ("NO_DATA", "there is no metric nobody_has_this")
    assert reasons["GrafanaPaused"] == ("NOT_REACHED", "it is paused")
    assert reasons["Refused"][0] == "ERROR"
    assert "expected type range vector" in reasons["Refused"][1]


def test_grafanas_rules_do_without_data_what_they_say(found: dict[str, dict[str, Any]]) -> None:
    """Without data at the minutes 21 to 30, and so firing from the 22nd on."""
    of_brokers = seconds(found, "GrafanaOk")
    assert fired(found, "GrafanaNoData") == ("00:22:00Z", of_brokers + 540.0, 2)
    assert fired(found, "GrafanaAlerting") == ("00:22:00Z", of_brokers + 540.0, 2)
    assert fired(found, "GrafanaKeepLast") == fired(found, "GrafanaOk")
    assert seconds(found, "GrafanaKept") == of_brokers + 300.0
    silent = [found[f"Grafana{state}"]["silent_on_calm"] for state in ("Ok", "NoData", "Alerting")]
    assert silent == [True, True, True]


def test_one_that_has_no_data_in_health_fires_then(found: dict[str, dict[str, Any]]) -> None:
    assert found["GrafanaFiltered"]["verdict"] == "FINDING"
    assert found["GrafanaFiltered"]["silent_on_calm"] is False
