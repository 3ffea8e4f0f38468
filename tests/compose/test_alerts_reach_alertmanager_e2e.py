"""An alert of the rules goes all the way: pushed, scraped, evaluated, received by Alertmanager."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from simulator.installation import shipped
from simulator.runtime import config
from simulator.runtime.stack import Stack
from tests.support.absence import give_up
from tests.support.waiting import wait_until

RULES = shipped("compose") / "prometheus" / "rules" / "scoring-alerts.yml"
ALERT = "MinioWriteQuorumCritical"
PROGRAMS = ("pushgateway", "prometheus", "alertmanager")


@pytest.fixture
def impatient_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack reads a copy of the rules in which nothing waits."""
    document = config.read_yaml(RULES)
    (group,) = document["groups"]
    group["interval"] = "1s"
    for rule in group["rules"]:
        rule["for"] = "0s"
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump(document))
    given = config.prometheus_config

    def with_the_copy(*args: Any, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - passed on
        return {**given(*args, **options), "rule_files": [str(file)]}

    monkeypatch.setattr(config, "prometheus_config", with_the_copy)


def received(alertmanager_url: str) -> list[dict[str, Any]]:
    url = f"{alertmanager_url}/api/v2/alerts"
    found = requests.get(url, params={"filter": f"alertname={ALERT}"}, timeout=5).json()
    assert isinstance(found, list)
    return found


@pytest.mark.e2e
@pytest.mark.usefixtures("impatient_rules")
def test_an_alert_that_fires_is_received_by_the_alertmanager(
    find_program: Callable[[str], str],
) -> None:
    for name in PROGRAMS:
        find_program(name)
    with Stack(scrape_interval_seconds=0.5, with_grafana=False) as running:
        if "alertmanager" not in running.urls:
            give_up("; ".join(running.notes))
        group = f"{running.pushgateway_url}/metrics/job/minio/instance/demo"
        body = "minio_cluster_health_status 0\n"
        requests.put(group, data=body, timeout=5).raise_for_status()
        alerts = wait_until(lambda: received(running.urls["alertmanager"]), ALERT)
    labels = {"alertname": ALERT, "severity": "critical", "signal": "write-quorum"}
    assert [alert["labels"] for alert in alerts] == [labels]
    # by the machine's name they would lead nowhere from here, or elsewhere
    assert alerts[0]["generatorURL"].startswith(f"{running.prometheus_url}/graph?")
