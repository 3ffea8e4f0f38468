"""Tests started in Locust's web form, each with a platform at the start of its scenario."""

from __future__ import annotations

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import requests

from simulator.runtime.ports import free_port
from tests.support.locust_runs import Counts, Locust, counted_by_platform
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.locust_runs import Gateway

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(150)]


class Page:
    """Locust's web page, and the platform it drives."""

    def __init__(self, url: str, platform: str) -> None:
        self.url, self.platform = url, platform

    def start(self, **form: object) -> None:
        fields = {"user_count": 12, "spawn_rate": 12, "host": self.platform, **form}
        assert requests.post(f"{self.url}/swarm", data=fields, timeout=10.0).json()["success"]

    def stop(self) -> None:
        requests.post(f"{self.url}/stop", timeout=30.0).raise_for_status()

    def sent(self) -> Counts:
        entries = requests.get(f"{self.url}/stats/requests", timeout=5.0).json()["stats"]
        by_route = {(e["method"], e["name"]): e["num_requests"] for e in entries if e["method"]}
        return Counts(by_route, 0)

    def state(self) -> str:
        return str(requests.get(f"{self.url}/stats/requests", timeout=5.0).json()["state"])

    def shows(self, counts: Counts) -> bool:
        return self.sent() == counts

    def is_following(self, scenario: str, seed: int, compression: float) -> bool:
        """Whether the platform does; not while it is being restarted."""
        state = _json(f"{self.platform}/simulation") or {}
        expected = {"scenario": scenario, "seed": seed, "compression": compression}
        return expected.items() <= {k: state.get(k) for k in expected}.items()

    def counted(self) -> Counts:
        ticks = self._ticks()
        wait_until(lambda: self._ticks() > ticks + 2, lambda: "no ticks")
        text = requests.get(f"{self.platform}/metrics", timeout=5.0).text
        return Counts(counted_by_platform(text).requests, 0)

    def _ticks(self) -> int:
        state = _json(f"{self.platform}/simulation")
        return int(state["ticks"]) if state else 0


def test_each_test_of_the_form_has_its_own_scenario_counts_and_groups(
    gateway: Gateway, tmp_path: Path
) -> None:
    port = str(free_port())
    arguments = ("--web-host", "127.0.0.1", "--web-port", port, "--push-interval", "300ms")
    with Locust(tmp_path, *arguments, env={"SIMULATOR_PUSHGATEWAY": gateway.url}) as locust:
        platform = locust.wait_for(r"platform answers at (http://127.0.0.1:\d+)")[1]
        page = Page(f"http://127.0.0.1:{port}", platform)
        shown = wait_until(lambda: _text(page.url), lambda: locust.log)
        assert '"scenario": {' in shown
        assert '"seed": {' in shown
        assert "pushgateway" not in shown, "its address may hold a password"

        for scenario, seed, expected in (("errors", "77", 77), ("calm", "", 1)):
            page.start(scenario=scenario, seed=seed, compress=2)
            follows = partial(page.is_following, scenario, expected, 2.0)
            wait_until(follows, lambda: locust.log)
            wait_until(lambda: sum(page.sent().requests.values()) > 15, lambda: locust.log)
            page.stop()
            counted = page.counted()
            # the page shows figures that are up to some seconds old
            wait_until(partial(page.shows, counted), lambda: locust.log, seconds=10.0)
            assert "scoring-api" in gateway.jobs

        locust.process.send_signal(signal.SIGTERM)
        assert locust.exit_code() == 0, locust.log
    wait_until(lambda: not gateway.jobs, lambda: locust.log)  # it queues deletions


@pytest.mark.parametrize(
    ("files", "processes"),
    [(("scoring.py",), ()), (("scoring.py", "shape.py"), ("--processes", "2"))],
)
def test_a_test_that_is_stopped_while_it_starts_does_not_run(
    tmp_path: Path, files: tuple[str, ...], processes: tuple[str, ...]
) -> None:
    port = str(free_port())
    with Locust(tmp_path, "--web-port", port, *processes, files=files) as locust:
        platform = locust.wait_for(r"platform answers at (http://127.0.0.1:\d+)")[1]
        page = Page(f"http://127.0.0.1:{port}", platform)
        wait_until(lambda: _text(page.url), lambda: locust.log)
        with ThreadPoolExecutor(1) as form:
            fields = {"user_count": 12, "spawn_rate": 12, "scenario": "errors"}
            answer = form.submit(requests.post, f"{page.url}/swarm", data=fields, timeout=60.0)
            # the one before has ended, and the one of this test takes a second at least
            wait_until(lambda: _text(platform) is None, lambda: locust.log)
            page.stop()
            assert not answer.result().json()["success"]
        wait_until(lambda: page.state() == "stopped", lambda: locust.log)
        assert _text(platform) is None, "nothing is left that was to be driven"

        page.start(scenario="errors")
        page.stop()  # while users are started
        page.start(scenario="errors")
        wait_until(lambda: sum(page.sent().requests.values()) > 5, lambda: locust.log)
        assert "Traceback" not in locust.log
        assert "unknown worker" not in locust.log, "workers are back before the next test"


def _text(url: str) -> str | None:
    try:
        return requests.get(url, timeout=2.0).text
    except requests.ConnectionError:
        return None


def _json(url: str) -> dict[str, Any] | None:
    text = _text(url)
    return json.loads(text) if text else None
