"""The MLOps platform's load test as its documents describe it: users, pauses and weights.

At the end it writes what was sent and answered into the file that MLOPS_COUNTS names.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from locust import HttpUser, between, events, task

from tests.support.mlops_contract import BATCHES, PLANNED, SCORING, one_of_each, problems

COUNTS: Counter[str] = Counter()
WRONG: list[str] = []
BESIDE = 4


class Customer(HttpUser):
    """Somebody who waits for each answer, and then a while."""

    wait_time = between(1, 5)

    def on_start(self) -> None:
        self.rng = Random(id(self))  # noqa: S311 - a load test

    @task(5)
    def score(self) -> None:
        self.send(self.rng.choice(SCORING))

    @task(2)
    def batch(self) -> None:
        self.send(self.rng.choice(BATCHES))

    @task(3)
    def health(self) -> None:
        self.send("/health")

    @task(2)
    def look_up(self) -> None:
        self.send("/features/CUST")

    @task(1)
    def push(self) -> None:
        self.send("/features/update")

    @task(BESIDE)
    def beside(self) -> None:
        """What else is on the same host."""
        others = ("/auth", "/api/2.0", "/api/v1/online", "/kafka")
        self.send(self.rng.choice(others))

    def send(self, path: str) -> None:
        """One of the requests whose path begins so, judged by its contract."""
        fitting = [one for one in one_of_each(self.rng) if one[1].startswith(path)]
        exact = [one for one in fitting if one[1] == path]
        method, path, body, n_applications = sent = self.rng.choice(exact or fitting)
        form: dict[str, Any] = {"data": body} if path.startswith("/auth") else {"json": body}
        with self.client.request(
            method, path, name=method + path.split("?")[0], catch_response=True, **form
        ) as answer:
            COUNTS[str(answer.status_code)] += 1
            COUNTS["applications"] += n_applications
            wrong: list[str] = []
            if answer.status_code not in PLANNED:
                wrong = problems(sent, answer.status_code, answer.json())
                WRONG.extend(wrong)
            if wrong or answer.status_code in PLANNED:
                answer.failure("; ".join(wrong) or f"status {answer.status_code}")
            else:
                answer.success()


def write_counts(**_: object) -> None:
    """Says what happened."""
    said = json.dumps({"counts": COUNTS, "wrong": WRONG[:20]})
    Path(os.environ["MLOPS_COUNTS"]).write_text(said, encoding="utf-8")


events.quit.add_listener(write_counts)  # type: ignore[no-untyped-call]  # of Locust
