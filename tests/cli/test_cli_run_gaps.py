"""`simulator run` in a gap of the scrapes: a Prometheus behind a Pushgateway sees series end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.support.scenario_builders import episode
from tests.support.simulator_process import simulator_run
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.gateway_double import GatewayDouble

PLAN = {
    "name": "unseen",
    "description": "One job is not scraped for a while.",
    "duration": "1h",
    "episodes": [
        episode("scrape-gap", jobs=["minio"], start="1s", duration="2s"),
        episode(
            "scrape-gap",
            name="slow",
            jobs=["minio"],
            start="30m",
            duration="1m",
            mode="late",
            late_seconds=5,
        ),
    ],
}


@pytest.mark.e2e
def test_a_job_in_a_gap_has_no_group_and_gets_it_back(
    gateway: GatewayDouble, tmp_path: Path
) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(json.dumps(PLAN))
    arguments = ("--scenario", str(file), "--pushgateway", gateway.url, "--push-interval", "200ms")

    def is_there() -> bool:
        return gateway.body_of("minio", "simulator") is not None

    with simulator_run(tmp_path, *arguments) as run:
        wait_until(is_there, "the group is pushed")
        wait_until(lambda: not is_there(), "the group is deleted")
        assert gateway.body_of("kafka-exporter", "simulator") is not None
        exposed = httpx.get(f"{run.url}/metrics").text
        wait_until(is_there, "the group is back")

    assert "minio_cluster_drive_total" not in exposed
    assert "kafka_brokers" in exposed
    assert "Note: 'slow' is late in histories and at /metrics only" in run.stderr
