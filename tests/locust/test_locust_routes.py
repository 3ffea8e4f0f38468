"""Users of a platform with routes of its own: they ask where it answers, and nothing fails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.support.locust_runs import Locust

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.locust_runs import ScenarioFile

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(100)]

ROUTES: Final = {
    "score": "PUT /score",
    "batch": "POST /scorings",
    "decision": "GET /results/{key}",
    "explanation": "POST /results/{key}/why",
    "review": "PATCH /results/{key}",
    "erasure": "POST /people/{key}/forget",
    "models": "GET /models",
}
FAULTS: Final = ("unauthorized", "rate_limited", "internal", "unavailable", "timeout")


def test_nothing_fails_at_a_platform_s_own_routes(
    scenario_file: ScenarioFile, tmp_path: Path
) -> None:
    api = {"routes": ROUTES, "healthy_faults": dict.fromkeys(FAULTS, 0)}
    traffic = {"profile": "flat", "endpoints": dict.fromkeys(ROUTES, 1)}
    path = scenario_file("own-routes", platform={"api": api}, traffic=traffic)
    arguments = ("-u", "30", "-r", "30", "--headless", "-t", "6s")
    with Locust(tmp_path, *arguments, env={"SIMULATOR_SCENARIO": path}) as locust:
        assert locust.exit_code() == 0, locust.log

    sent = {f"{method} {route}" for method, route in locust.counted().requests}
    assert sent == set(ROUTES.values())
    assert re.search(r"Aggregated +\d+ +0\(0\.00%\)", locust.log), locust.log
