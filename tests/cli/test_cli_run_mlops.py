"""A load test of the MLOps scoring platform runs against `simulator run`, and all of it counts."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.support.mlops_contract import PLANNED, Sent, one_of_each, problems
from tests.support.simulator_process import SimulatorRun, simulator_run
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow  # a process for each test, and seconds of load

N_USERS, N_ROUNDS = 8, 5
RUN = ("--pushgateway", "none", "--no-synthetic", "--push-interval", "200ms")
FAULTS = ("unauthorized", "rate_limited", "internal", "unavailable", "timeout")


def mapping(folder: Path, share: float) -> tuple[str, ...]:
    """The platform's mapping, on which so many requests fail in each way in health."""
    file = folder / "faults.yaml"
    api = {"healthy_faults": dict.fromkeys(FAULTS, share)}
    file.write_text(yaml.dump({"version": 1, "name": "faults", "platform": {"api": api}}))
    return ("--mapping", "mlops-scoring", "--mapping", str(file))


def sent_by_users(run: SimulatorRun) -> list[tuple[Sent, int, Any]]:
    """What some users at once sent, and how it was answered."""

    def user(number: int) -> list[tuple[Sent, int, Any]]:
        rng, found = Random(number), []  # noqa: S311 - a load test
        with requests.Session() as session:
            for _ in range(N_ROUNDS):
                for sent in one_of_each(rng):
                    method, path, body, _ = sent
                    answer = session.request(method, f"{run.url}{path}", json=body, timeout=20)
                    found.append((sent, answer.status_code, answer.json()))
        return found

    with ThreadPoolExecutor(N_USERS) as users:
        return [one for of_user in users.map(user, range(N_USERS)) for one in of_user]


def totals(run: SimulatorRun, name: str, label: str) -> Counter[str]:
    """A counter at /metrics, by a label."""
    found: Counter[str] = Counter()
    for family in text_string_to_metric_families(
        requests.get(f"{run.url}/metrics", timeout=20).text
    ):
        for sample in family.samples:
            if sample.name == name:
                found[sample.labels[label]] += int(sample.value)
    return found


def ticks(run: SimulatorRun) -> int:
    return int(requests.get(f"{run.url}/simulation", timeout=20).json()["ticks"])


def test_every_request_is_answered_as_documented_or_planned_and_counted(tmp_path: Path) -> None:
    with simulator_run(tmp_path, *RUN, *mapping(tmp_path, 0.02)) as run:
        answers = sent_by_users(run)
        statuses = Counter(str(status) for _, status, _ in answers)
        wait_until(
            lambda: totals(run, "http_requests_total", "status").total() >= len(answers),
            "all requests are counted",
        )
        later = ticks(run) + 2  # nothing is counted that was not sent
        wait_until(lambda: ticks(run) >= later, "two more ticks")
        assert +totals(run, "http_requests_total", "status") == statuses
        applications = sum(n for (*_, n), _, _ in answers)
        assert totals(run, "scoring_requests_total", "status").total() == applications
        unknown = requests.get(f"{run.url}/simulation/unknown-requests", timeout=20).json()

    assert unknown["requests"] == 0
    wrong = [
        p
        for sent, status, body in answers
        if status not in PLANNED
        for p in problems(sent, status, body)
    ]
    assert wrong == []
    assert any(status in PLANNED for _, status, _ in answers)


def test_nothing_fails_where_nothing_is_planned_to(tmp_path: Path) -> None:
    with simulator_run(tmp_path, *RUN, *mapping(tmp_path, 0.0)) as run:
        answers = sent_by_users(run)
        nobody = {"features": {"age": 30}}
        refused = [
            requests.post(f"{run.url}{path}", json=body, timeout=20)
            for path, body in (("/score", nobody), ("/score/batch", {"customers": [nobody]}))
        ]

    assert [p for sent, status, body in answers for p in problems(sent, status, body)] == []
    assert [answer.status_code for answer in refused] == [422, 422]
    fields = [answer.json()["detail"][0]["field"] for answer in refused]
    assert fields == ["customer_id", "customers.0.customer_id"]
