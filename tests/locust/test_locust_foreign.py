"""Users of an API that is not ours: what they send is taken, and what is wrong has its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import CHECKOUT
from tests.support.foreign_lender import CLIENT, ForeignLender, foreign_app, serving
from tests.support.locust_runs import Locust

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.locust_runs import ScenarioFile

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

MAPPING = ("--mapping", str(CHECKOUT / "tests/support/foreign_mapping.yaml"))
BUSY = ("--headless", "-u", "15", "-r", "15", "-t", "3s", "--pacing", "100ms")
FAULTS = ("unauthorized", "rate_limited", "internal", "unavailable", "timeout")


def test_nothing_fails_at_a_foreign_api_and_tokens_that_end_early_are_renewed(
    tmp_path: Path,
) -> None:
    lender = ForeignLender(lasts_seconds=300.0, good_seconds=1.2)
    with (
        serving(foreign_app(lender)) as url,
        Locust(tmp_path, "--host", url, *MAPPING, *BUSY, env=CLIENT) as locust,
    ):
        assert locust.exit_code() == 0, locust.log

    assert re.search(r"Aggregated +\d+ +0\(0\.00%\)", locust.log), locust.log
    assert locust.applications_sent() >= len(lender.proposals) > 100
    assert 1 < lender.logins < 6, "all users share a token"
    looks = [said for said in lender.refused if said == "GET /simulation: 404"]
    assert len(looks) == 1, "errors of somebody's API are counted by somebody"
    assert "no route for review, erasure, models: left out" in locust.log
    assert not [secret for secret in CLIENT.values() if secret in locust.log]
    assert not [token for token in lender.tokens if token in locust.log]


def test_a_field_that_is_renamed_in_answers_fails_with_its_name(tmp_path: Path) -> None:
    lender = ForeignLender(renamed={"riskBand": "risk"})
    with (
        serving(foreign_app(lender)) as url,
        Locust(tmp_path, "--host", url, *MAPPING, *BUSY, env=CLIENT) as locust,
    ):
        assert locust.exit_code() == 1, locust.log

    route = "/v3/proposals/assess"
    assert f"POST {route}: unexpected answer: no result.riskBand" in locust.log
    said = f"POST {route}-many: unexpected answer: no assessments[].result.riskBand"
    assert said in locust.log


def test_secrets_that_are_wrong_fail_the_login_and_send_nothing(tmp_path: Path) -> None:
    lender = ForeignLender()
    wrong = {**CLIENT, "SIMULATOR_API_CLIENT_SECRET": "wrong-one"}
    short = ("--headless", "-u", "2", "-r", "2", "-t", "2s")
    with (
        serving(foreign_app(lender)) as url,
        Locust(tmp_path, "--host", url, *MAPPING, *short, env=wrong) as locust,
    ):
        assert locust.exit_code() == 1, locust.log

    assert "POST /oauth2/token: no token: answered 401" in locust.log
    assert "wrong-one" not in locust.log
    assert not lender.proposals


def test_errors_of_an_api_that_follows_no_scenario_are_not_planned(tmp_path: Path) -> None:
    short = ("--headless", "-u", "2", "-r", "2", "-t", "2s", "--pacing", "200ms")
    with (
        serving(foreign_app(ForeignLender(is_down=True))) as url,
        Locust(tmp_path, "--host", url, *MAPPING, *short, env=CLIENT) as locust,
    ):
        assert locust.exit_code() == 1, locust.log

    assert "POST /v3/proposals/assess: unexpected answer 503" in locust.log


@pytest.mark.slow
@pytest.mark.parametrize("mapping", [MAPPING[1], "mlops-scoring"])
def test_nothing_fails_at_the_platform_that_answers_in_the_same_shape(
    mapping: str, scenario_file: ScenarioFile, tmp_path: Path
) -> None:
    healthy = {"api": {"healthy_faults": dict.fromkeys(FAULTS, 0)}}
    scenario = scenario_file("healthy", platform=healthy, traffic={"profile": "flat"})
    options = ("--headless", "-u", "30", "-r", "30", "-t", "6s", "--mapping", mapping)
    with Locust(tmp_path, *options, "--scenario", scenario) as locust:
        assert locust.exit_code() == 0, locust.log

    assert re.search(r"Aggregated +\d+ +0\(0\.00%\)", locust.log), locust.log
    assert locust.applications_sent() > 50
