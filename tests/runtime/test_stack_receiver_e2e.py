"""`simulator stack --receiver`: what the Alertmanager tells is shown, kept, and judged."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from tests.support.checkout import CHECKOUT
from tests.support.simulator_process import environment, simulator_process
from tests.support.waiting import wait_until

pytestmark = pytest.mark.e2e

ROUTES = {
    "route": {"receiver": "page", "group_by": ["alertname"], "group_wait": "200ms"},
    "receivers": [{"name": "page", "pagerduty_configs": [{"routing_key": "x"}]}],
}
LINE = "page firing [alertname=Ours]: Ours"


@dataclass
class Running:
    process: subprocess.Popen[str]
    said: Path
    urls: dict[str, str] = field(default_factory=dict)

    def url(self, name: str) -> str:
        def found() -> str:
            lines = [one.split() for one in self.said.read_text().splitlines()]
            return next((one[-1] for one in lines if one[:1] == [name]), "")

        return wait_until(found, f"the address of {name}")


@pytest.fixture
def running(tmp_path: Path, find_program: Callable[[str], str]) -> Iterator[Running]:
    for name in ("prometheus", "pushgateway", "alertmanager"):
        find_program(name)
    routes = tmp_path / "routes.yml"
    routes.write_text(yaml.safe_dump(ROUTES))
    said = tmp_path / "said"
    command = (sys.executable, "-m", "simulator", "stack", "--scrape-interval", "1s")
    with said.open("w") as output:
        process = subprocess.Popen(
            (*command, "--receiver", "--alertmanager", str(routes)),
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(COLUMNS="200", PYTHONUNBUFFERED="1"),
            text=True,
        )
        try:
            yield Running(process, said)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0


def came(url: str) -> list[dict[str, Any]]:
    answer = requests.get(f"{url}/notifications", timeout=5)
    return [one["sent"] for one in answer.json()["notifications"]]


def test_what_the_alertmanager_tells_is_shown_and_kept(running: Running) -> None:
    now = datetime.now(UTC).isoformat()
    alert: dict[str, Any] = {"labels": {"alertname": "Ours", "job": "j"}, "startsAt": now}
    url = f"{running.url('alertmanager')}/api/v2/alerts"
    requests.post(url, json=[alert], timeout=5).raise_for_status()
    receiver = running.url("receiver")
    wait_until(lambda: LINE in running.said.read_text(), "the line of the notification")
    (found,) = came(receiver)
    assert found["groupLabels"] == {"alertname": "Ours"}
    assert found["alerts"][0]["labels"] == {"alertname": "Ours", "job": "j"}


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_live_platform_has_its_alerts_told_and_judged(running: Running, tmp_path: Path) -> None:
    """Brokers are lost within minutes; the rule fires after one, and the page comes at once."""
    start = time.time()
    gateway, prometheus = running.url("pushgateway"), running.url("prometheus")
    run = ("run", "--scenario", "broker-loss", "--compress", "60", "--duration", "200s")
    ended = simulator_process(*run, "--pushgateway", gateway, seconds=300.0)
    assert ended.code == 0, ended.stderr
    report = tmp_path / "found.json"
    judged = ("--rules", str(CHECKOUT / "compose" / "prometheus" / "rules"), "--notifications")
    routes = ("--alertmanager", str(tmp_path / "routes.yml"), "--step", "5s")
    where = ("--prometheus", prometheus, "--start", f"{start:.0f}")
    simulator_process(
        *("cover", *where, *judged, "--receiver", running.url("receiver"), *routes),
        *("--json", str(report)),
        seconds=120.0,
    )
    told = json.loads(report.read_text())["notifications"]
    (found,) = (one for one in told["alerts"] if one["name"] == "KafkaMinIsrCritical")
    assert (found["verdict"], found["receivers"]) == ("TOLD", ["page"]), found
    assert max(found["wait_seconds"]) <= 31.0
    (link,) = found["links"]
    assert (link["source"], link["opens"]) == ("generatorURL", "opens")
    assert prometheus in link["url"]
