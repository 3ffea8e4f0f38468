"""Two Locusts at one Pushgateway: the second leaves the first's groups alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.locust_runs import Locust
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.locust_runs import Gateway

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

HEADLESS = ("--headless", "--users", "2", "--push-interval", "500ms")
N_JOBS = 6


def test_a_second_locust_with_the_same_instance_is_refused_and_with_another_it_runs(
    tmp_path: Path, gateway: Gateway
) -> None:
    folders = [tmp_path / name for name in "abc"]
    for folder in folders:
        folder.mkdir()
    env = {"SIMULATOR_PUSHGATEWAY": gateway.url}
    with Locust(folders[0], *HEADLESS, "-t", "60s", env=env) as first:
        wait_until(lambda: len(gateway.jobs) == N_JOBS, lambda: first.log)
        with Locust(folders[1], *HEADLESS, "-t", "2s", env=env) as second:
            assert second.exit_code() == 2
        with Locust(folders[2], *HEADLESS, "-t", "2s", "--instance", "b", env=env) as third:
            assert third.exit_code() == 0, third.log
        first.process.terminate()
        assert first.exit_code() == 0, first.log

    assert "platform: instance 'simulator' may be in use at" in second.log
    assert "give another --instance (SIMULATOR_INSTANCE)" in second.log
    assert "another run has begun to push" not in first.log
