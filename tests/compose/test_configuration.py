"""What Prometheus, Alertmanager and Grafana read is what they accept."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.runtime import binaries, config
from tests.support.absence import give_up

COMPOSE = Path(__file__).resolve().parents[2] / "compose"
SERVICES = yaml.safe_load((COMPOSE / "docker-compose.yml").read_text())["services"]
RULE_FILES = sorted((COMPOSE / "prometheus" / "rules").glob("*.yml"))


def run(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = binaries.locate(name)
    if program is None:
        give_up(f"{name} not installed; run: make setup")
    argv = [program, *arguments]
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)


def load(path: str) -> dict[str, Any]:
    return config.read_yaml(COMPOSE / path)


@pytest.mark.e2e
def test_prometheus_accepts_its_configuration_and_rules() -> None:
    done = run("promtool", "check", "config", COMPOSE / "prometheus" / "prometheus.yml")
    assert done.returncode == 0, done.stderr
    assert f"{len(RULE_FILES)} rule files found" in done.stdout + done.stderr


@pytest.mark.e2e
def test_prometheus_accepts_the_configuration_of_the_native_stack(tmp_path: Path) -> None:
    local = config.prometheus_config(
        load("prometheus/prometheus.yml"),
        scrape_interval_seconds=0.5,
        addresses={"pushgateway": "127.0.0.1:40001"},
        folder=COMPOSE / "prometheus",
    )
    file = tmp_path / "prometheus.yml"
    file.write_text(yaml.safe_dump(local))
    done = run("promtool", "check", "config", file)
    assert done.returncode == 0, done.stderr
    assert f"{len(RULE_FILES)} rule files found" in done.stdout + done.stderr


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["pipeline_rules.yml", "scoring_rules.yml"])
def test_the_alerts_fire_when_they_should_and_only_then(name: str) -> None:
    done = run("promtool", "test", "rules", Path(__file__).with_name(name))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.e2e
def test_the_alertmanager_accepts_its_configuration() -> None:
    done = run("amtool", "check-config", COMPOSE / "alertmanager" / "alertmanager.yml")
    assert done.returncode == 0, done.stderr


def test_alerts_are_sent_nowhere() -> None:
    document = load("alertmanager/alertmanager.yml")
    assert document["receivers"] == [{"name": "nowhere"}]
    assert document["route"]["receiver"] == "nowhere"
    assert "routes" not in document["route"]


def test_prometheus_scrapes_services_of_the_compose_file() -> None:
    document = load("prometheus/prometheus.yml")
    users = [*document["scrape_configs"], *document["alerting"]["alertmanagers"]]
    for user in users:
        for target in user["static_configs"][0]["targets"]:
            service, _, port = target.partition(":")
            inside = {published.split(":")[2] for published in SERVICES[service]["ports"]}
            assert port in inside


def test_grafanas_interval_is_the_scrape_interval() -> None:
    (source,) = load("grafana/provisioning/datasources/prometheus.yml")["datasources"]
    interval = load("prometheus/prometheus.yml")["global"]["scrape_interval"]
    assert source["jsonData"]["timeInterval"] == interval


def test_grafanas_data_source_is_the_prometheus_of_the_compose_file() -> None:
    (source,) = load("grafana/provisioning/datasources/prometheus.yml")["datasources"]
    assert source["uid"] == "prometheus"
    assert source["isDefault"] is True
    assert source["url"] == "http://prometheus:9090"


def test_the_dashboards_go_into_the_platforms_folder() -> None:
    (provider,) = load("grafana/provisioning/dashboards/scoring-platform.yml")["providers"]
    assert provider["folder"] == "MLOps Scoring Platform"
    assert provider["allowUiUpdates"] is True


def test_every_alert_says_what_to_do() -> None:
    for file in RULE_FILES:
        for group in config.read_yaml(file)["groups"]:
            for rule in group["rules"]:
                assert set(rule["annotations"]) >= {"summary", "description"}, rule["alert"]
                assert re.fullmatch(r"info|warning|critical", rule["labels"]["severity"])
