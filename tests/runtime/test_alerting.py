"""Alert rules and routes of a compressed platform: those of `compose/`, at another pace."""

import copy
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.installation import shipped
from simulator.runtime import config
from simulator.runtime.alerting import Pace, alertmanager_config, rules_config

COMPOSE = shipped("compose")
SCORING = config.read_yaml(COMPOSE / "prometheus/rules/scoring-alerts.yml")
PIPELINE = config.read_yaml(COMPOSE / "prometheus/rules/pipeline.yml")
DEMO = Pace(600.0, "5s", 300.0)
GRAFANA = "http://127.0.0.1:40004"


def adapted(
    document: dict[str, Any] = SCORING, pace: Pace = DEMO, grafana: str | None = GRAFANA
) -> dict[str, Any]:
    return rules_config(
        document, pace, evaluation_seconds=1.0, grafana=grafana, query="var-window=5s"
    )


def rules(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [rule for group in document["groups"] for rule in group["rules"]]


def test_rules_look_back_over_the_window_of_the_dashboards() -> None:
    ranges = {found for rule in rules(adapted()) for found in re.findall(r"\[.*?\]", rule["expr"])}
    assert ranges == {"[5s]"}


def test_nothing_else_of_a_query_changes() -> None:
    for before, after in zip(rules(SCORING), rules(adapted()), strict=True):
        assert after["expr"].replace("[5s]", "[15m]") == before["expr"]
        assert after["labels"] == before["labels"]


def test_holds_are_as_many_times_shorter_as_the_platform_is_faster() -> None:
    holds = {b["for"]: a["for"] for b, a in zip(rules(SCORING), rules(adapted()), strict=True)}
    assert holds == {"10m": "1s", "5m": "500ms", "3m": "300ms", "2m": "200ms", "1m": "100ms"}


@pytest.mark.parametrize(
    ("compress", "interval"), [(1.0, "30s"), (6.0, "5s"), (30.0, "1s"), (600.0, "1s")]
)
def test_rules_are_evaluated_as_often_as_there_are_scrapes_at_most(
    compress: float, interval: str
) -> None:
    (group,) = adapted(pace=Pace(compress, "5s"))["groups"]
    assert group["interval"] == interval


def test_the_pipeline_is_watched_by_the_clock() -> None:
    assert adapted(PIPELINE) == PIPELINE


def test_at_its_own_pace_only_links_change() -> None:
    found = adapted(pace=Pace())
    for rule in rules(found):
        rule["annotations"].pop("panel")
    assert found == adapted(pace=Pace(), grafana=None)
    assert [r["for"] for r in rules(found)] == [r["for"] for r in rules(SCORING)]
    assert [r["expr"] for r in rules(found)] == [r["expr"] for r in rules(SCORING)]


def test_links_lead_to_the_grafana_that_runs_with_its_window() -> None:
    for before, after in zip(rules(SCORING), rules(adapted()), strict=True):
        path = before["annotations"]["panel"].removeprefix("http://localhost:3000")
        assert after["annotations"]["panel"] == f"{GRAFANA}{path}&var-window=5s"


def test_without_a_grafana_there_is_no_link_that_leads_nowhere() -> None:
    assert not [rule for rule in rules(adapted(grafana=None)) if "panel" in rule["annotations"]]


def test_other_look_backs_are_shortened_but_hold_some_scrapes() -> None:
    rule = {
        "alert": "A",
        "expr": "max_over_time(rate(x[1h])[2d:1m]) + rate(y[30s]) + z > 1",
        "labels": {"signal": "x"},
    }
    found = adapted({"groups": [{"name": "g", "rules": [rule]}]}, Pace(60.0, "5s"))
    assert rules(found)[0]["expr"] == "max_over_time(rate(x[1m])[48m:1m]) + rate(y[5s]) + z > 1"


def test_the_given_rules_are_left_as_they_were() -> None:
    before = copy.deepcopy(SCORING)
    adapted()
    assert before == SCORING


def test_routes_wait_shorter_but_never_not_at_all() -> None:
    given = config.read_yaml(COMPOSE / "alertmanager/alertmanager.yml")
    given["route"]["routes"] = [{"receiver": "nowhere", "group_interval": "1h"}]
    route = alertmanager_config(given, DEMO)["route"]
    waits = [route[name] for name in ("group_wait", "group_interval", "repeat_interval")]
    assert waits == ["1s", "1s", "24s"]
    assert route["routes"] == [{"receiver": "nowhere", "group_interval": "6s"}]


def test_at_its_own_pace_routes_are_as_they_are_written() -> None:
    given = config.read_yaml(COMPOSE / "alertmanager/alertmanager.yml")
    assert alertmanager_config(given, Pace()) == given


Promtool = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def promtool(find_program: Callable[[str], str]) -> Promtool:
    program = find_program("promtool")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        argv = [program, *arguments]
        return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)

    return run


@pytest.mark.e2e
@pytest.mark.parametrize("compress", [1.5, 7.0, 60.0, 600.0, 28800.0])
def test_prometheus_takes_them(promtool: Promtool, tmp_path: Path, compress: float) -> None:
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump(adapted(pace=Pace(compress, "5s"))))
    done = promtool("check", "rules", file)
    assert done.returncode == 0, done.stdout + done.stderr


FIRING = "ALERTS{alertname='ScoringSuccessRateCritical', alertstate='firing'}"
LABELS = FIRING.replace("ALERTS{", "ALERTS{severity='critical', signal='success-rate', ")


def is_firing(promtool: Promtool, document: dict[str, Any], folder: Path, *, at: str) -> bool:
    """Whether the rules have an alert when a tenth of all applications has failed for ten seconds.

    promtool agrees or does not; it tells no value.
    """
    (folder / "rules.yml").write_text(yaml.safe_dump(document))
    series = [
        {"series": "scoring_requests_total", "values": "0+200x60"},
        {"series": "scoring_errors_total", "values": "0x19 0+20x10 200x30"},
    ]
    fires = [{"labels": LABELS, "value": 1}]
    test = {"interval": "1s", "input_series": series} | {
        "promql_expr_test": [{"expr": FIRING, "eval_time": at, "exp_samples": fires}]
    }
    file = folder / "test.yml"
    file.write_text(
        yaml.safe_dump({"rule_files": ["rules.yml"], "evaluation_interval": "1s", "tests": [test]})
    )
    done = promtool("test", "rules", file)
    assert done.returncode == 0 or "expr:" in done.stderr, done.stderr
    return done.returncode == 0


@pytest.mark.e2e
@pytest.mark.parametrize(("at", "expected"), [("18s", False), ("27s", True), ("40s", False)])
def test_an_incident_of_seconds_fires_while_it_is_seen(
    promtool: Promtool,
    tmp_path: Path,
    at: str,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    assert is_firing(promtool, adapted(), tmp_path, at=at) is expected


@pytest.mark.e2e
def test_at_the_platforms_own_pace_it_would_not(promtool: Promtool, tmp_path: Path) -> None:
    assert not is_firing(promtool, SCORING, tmp_path, at="27s")
