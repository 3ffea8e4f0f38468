"""`simulator cover --notifications`: who is told of a scenario's alerts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.checkout import CHECKOUT
from tests.support.simulator_process import Ended, simulator_process

pytestmark = pytest.mark.e2e

BOARD = {
    "title": "Kafka",
    "uid": "kafka",
    "panels": [{"id": 3, "type": "timeseries", "title": "P", "targets": [{"expr": "vector(1)"}]}],
}
LINKS = {
    "here": "http://grafana.example/d/kafka?viewPanel=3",
    "nowhere": "http://grafana.example/d/kafka?viewPanel=4",
    "other": "http://grafana.example/d/other",
}
RULES = [
    {
        "alert": "Replicas",
        "expr": "sum(kafka_topic_partition_under_replicated_partition) >= 1",
        "for": "5m",
        "labels": {"severity": "warning", "signal": "kafka"},
        "annotations": {"dashboard": LINKS["here"]},
    },
    {
        "alert": "MinIsr",
        "expr": "sum(kafka_topic_partition_in_sync_replica < bool 2) >= 1",
        "for": "1m",
        "labels": {"severity": "critical", "signal": "kafka"},
        "annotations": {"dashboard": LINKS["here"], "runbook_url": LINKS["other"]},
    },
    {
        "alert": "Topics",
        "expr": "count(sum by (topic) (kafka_topic_partition_in_sync_replica < 3)) > 0",
        "labels": {"severity": "info"},
        "annotations": {"dashboard": LINKS["nowhere"]},
    },
    {"alert": "Never", "expr": "kafka_consumergroup_lag < 0"},
]
ROUTES = {
    "route": {
        "receiver": "team",
        "group_by": ["alertname"],
        "routes": [
            {"receiver": "page", "matchers": ['severity="critical"'], "group_wait": "10s"},
            {"receiver": "null", "matchers": ['severity="info"']},
        ],
    },
    "receivers": [
        {"name": "team", "email_configs": [{"to": "a@b.example"}]},
        {"name": "page", "pagerduty_configs": [{"routing_key": "x"}]},
        {"name": "null"},
    ],
    "inhibit_rules": [
        {
            "source_matchers": ['alertname="MinIsr"'],
            "target_matchers": ['alertname="Replicas"'],
            "equal": ["signal"],
        }
    ],
}
EXPECTED = {
    "alerts": [
        {"alert": "MinIsr", "receivers": ["page"], "group_by": ["alertname"], "within": "2m"},
        {"alert": "Replicas", "receivers": ["team"]},
    ]
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, find_program: Callable[[str], str]) -> Path:
    for name in ("prometheus", "alertmanager"):
        find_program(name)
    found = tmp_path_factory.mktemp("told")
    (found / "board.json").write_text(json.dumps(BOARD))
    (found / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "g", "rules": RULES}]}))
    (found / "routes.yml").write_text(yaml.safe_dump(ROUTES))
    (found / "teams.yml").write_text(yaml.safe_dump({**ROUTES, "inhibit_rules": []}))
    (found / "expected.yml").write_text(yaml.safe_dump(EXPECTED))
    return found


def cover(folder: Path, *more: str) -> Ended:
    return simulator_process(
        *("cover", "broker-loss", "--compress", "4", "--dashboards", str(folder / "board.json")),
        *("--rules", str(folder / "rules.yml"), "--notifications", "--play-time", "5s"),
        *("--alertmanager", str(folder / "routes.yml"), *more),
        seconds=120.0,
    )


@pytest.fixture(scope="module")
def ended(folder: Path) -> Ended:
    return cover(folder, "--expected", str(folder / "expected.yml"), "--json", "-")


@pytest.fixture(scope="module")
def told(ended: Ended) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ended.stdout)["notifications"]
    return found


def of(told: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (one for one in told["alerts"] if one["name"] == name)
    return dict(found)


def test_a_critical_alert_pages_in_time(told: dict[str, Any]) -> None:
    found = of(told, "MinIsr")
    assert (found["verdict"], found["problems"]) == ("TOLD", [])
    assert (found["receivers"], found["group_by"]) == (["page"], ["alertname"])
    assert found["firings"] == found["told"] == found["ends_told"] >= 1
    assert all(wait + told["precision_seconds"] >= 10.0 for wait in found["wait_seconds"])


def test_links_to_panels_and_to_prometheus_open_and_others_are_named(told: dict[str, Any]) -> None:
    links = {one["source"]: (one["opens"], one["reason"]) for one in of(told, "MinIsr")["links"]}
    assert links == {
        "generatorURL": ("opens", ""),
        "dashboard": ("opens", "by the dashboard that is given"),
        "runbook_url": ("not judged", "no dashboard that is given has the uid other"),
    }


def test_an_inhibited_alert_is_not_told_and_says_by_what(told: dict[str, Any]) -> None:
    found = of(told, "Replicas")
    assert found["inhibited_by"] == ["MinIsr"]
    assert found["problems"] == ["nobody told, and team expected"]


def test_what_goes_to_nobody_and_a_broken_link_are_wrong(told: dict[str, Any]) -> None:
    problems = of(told, "Topics")["problems"]
    assert problems[0] == "told to null alone, which tells nobody"
    assert problems[-1].endswith("dashboard kafka has no panel 4")


def test_one_that_never_fires_is_named(told: dict[str, Any]) -> None:
    assert of(told, "Never")["verdict"] == "NEVER_FIRES"


def test_each_notification_is_in_the_report(told: dict[str, Any]) -> None:
    assert set(told["receivers"]) == {"page", "null"}
    assert len(told["came"]) == sum(told["receivers"].values())
    first = next(one for one in told["came"] if one["receiver"] == "page")
    assert first["group"] == {"alertname": "MinIsr"}
    assert first["at"].startswith("2026-01-05T")


def test_something_wrong_fails_and_the_table_says_what(ended: Ended) -> None:
    assert ended.code == 1
    assert "nobody told, and team expected" in " ".join(ended.stderr.split())
    assert "played " in ended.stderr


def test_what_is_allowed_does_not_fail(folder: Path) -> None:
    allowed = ("--allow", "Topics:*", "--allow", "Never:*", "--allow", "Replicas:*")
    found = cover(folder, *allowed, "--junit", str(folder / "told.xml"))
    assert found.code == 0, found.stdout
    assert '<testsuite name="notifications"' in (folder / "told.xml").read_text()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_alert_of_ours_is_told_on_the_tour_and_its_links_open(folder: Path) -> None:
    rules = str(CHECKOUT / "compose" / "prometheus" / "rules")
    allowed = ("--allow", "Pushgateway*:*")  # the history has no Pushgateway
    found = simulator_process(
        *("cover", "tour", "--rules", rules, *allowed, "--json", "-"),
        *("--notifications", "--alertmanager", str(folder / "teams.yml"), "--play-time", "30s"),
        seconds=250.0,
    )
    assert found.code == 0, found.stderr
    told = json.loads(found.stdout)["notifications"]
    fired = [one for one in told["alerts"] if one["firings"]]
    assert [one["verdict"] for one in fired] == ["TOLD"] * 22
    links = {(link["source"], link["opens"]) for one in fired for link in one["links"]}
    assert links == {("generatorURL", "opens"), ("panel", "opens")}
    assert {tuple(one["receivers"]) for one in fired} == {("team",), ("page",)}
