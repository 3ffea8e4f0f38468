"""What users send: the scenario's people, reproducible for a seed, also per worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.fake_api import FakeApi
from tests.support.locust_runs import Locust

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(100)]

STATE = {
    "scenario": "calm",
    "elapsed_seconds": 0.0,
    "duration_seconds": 60.0,
    "requests_per_second": 4.0,
    "applicants": [{"share": 1.0, "shifts": {"age": 30.0}}],
}


def sent(folder: Path, *arguments: str, state: dict[str, object] | None = None) -> FakeApi:
    """An API that has served a short run."""
    headless = ("--headless", "-t", "4s", *arguments)
    with FakeApi(state=state) as api, Locust(folder, *headless, "--host", api.url) as locust:
        assert locust.exit_code() == 0, locust.log
    return api


def test_two_runs_with_one_seed_send_the_same_requests(tmp_path: Path) -> None:
    runs = [sent(tmp_path, "-u", "1", "--seed", "9").bodies for _ in range(2)]
    n = min(map(len, runs))
    assert n >= 1
    assert runs[0][:n] == runs[1][:n]


def test_workers_send_different_people_who_are_those_of_the_scenario(tmp_path: Path) -> None:
    api = sent(tmp_path, "-u", "12", "-r", "12", "--processes", "2", "--seed", "9", state=STATE)
    ids = [a["applicant"]["applicant_id"] for a in api.applications]
    assert {i.rpartition("-")[0] for i in ids} == {"worker-0", "worker-1"}
    ages = [a["features"]["age"] for a in api.applications]
    assert ages[-1] == 84, "the platform's applicants are all old"


def test_a_base_path_stands_before_every_path(tmp_path: Path) -> None:
    short = ("--headless", "-t", "1s", "-u", "4", "-r", "4")
    with (
        FakeApi(state=STATE) as api,
        Locust(tmp_path, *short, "--host", f" {api.url}/base/ ") as locust,
    ):
        assert locust.exit_code() == 0, locust.log
    assert api.bodies
    assert all(path.startswith("/base/v1/") for path, _ in api.bodies)
    assert f"{api.url}/base/simulation: makes no sense" in locust.log, "it was looked at too"
