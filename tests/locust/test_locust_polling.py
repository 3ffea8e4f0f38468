"""What Locust learns from the platform's state, and that it says what it cannot learn."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import psutil
import pytest

from simulator.load.platform_client import UnreadableError, client
from simulator.load.polling import state
from simulator.load.trust import Trust
from simulator.runtime.ports import free_port
from tests.support.fake_api import FakeApi
from tests.support.locust_runs import Locust
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path


TOKEN = "9f2c-open-sesame"  # noqa: S105 - of this test alone
STATE: dict[str, object] = {
    "scenario": "calm",
    "elapsed_seconds": 0.0,
    "duration_seconds": 60.0,
    "requests_per_second": 4.0,
    "applicants": [{"share": 1.0, "shifts": {}}],
}
HEADLESS = ("--headless", "-u", "2", "-r", "2", "-t", "1m")


@pytest.mark.e2e
@pytest.mark.slow
def test_a_warning_of_the_platform_is_in_locust_s_log_once_though_it_lasts(tmp_path: Path) -> None:
    limited = STATE | {"warning": "the simulator is the limit"}
    with FakeApi(state=limited) as api, Locust(tmp_path, *HEADLESS, "--host", api.url) as locust:
        wait_until(lambda: api.n_shown > 2, lambda: locust.log)

    assert locust.log.count("platform: the simulator is the limit") == 1


@pytest.mark.e2e
@pytest.mark.slow
def test_of_all_processes_the_master_alone_passes_a_warning_on(tmp_path: Path) -> None:
    timed = ("--headless", "-u", "2", "-t", "6s", "--processes", "2", "--push-interval", "1s")
    with Locust(tmp_path, *timed) as locust:
        locust.wait_for("All users spawned")
        parent = psutil.Process(locust.process.pid)
        (platform,) = (c for c in parent.children() if "simulator" in c.cmdline())
        platform.suspend()
        threading.Event().wait(1.5)  # so late is its event loop
        platform.resume()
        assert locust.exit_code() == 0, locust.log

    assert locust.log.count("platform: the simulator, and not the platform") == 1


def test_the_token_of_the_environment_opens_the_simulation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMULATOR_CONTROL_TOKEN", TOKEN)
    with FakeApi(state=STATE, token=TOKEN) as api, client(api.url, Trust()) as session:
        seen = state(session)

    assert seen.scenario == "calm"


def test_without_it_the_answer_s_own_words_are_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIMULATOR_CONTROL_TOKEN", raising=False)
    with (
        FakeApi(state=STATE, token=TOKEN) as api,
        client(api.url, Trust()) as session,
        pytest.raises(UnreadableError, match=r"answered with 401.*send the token"),
    ):
        state(session)


@pytest.mark.e2e
@pytest.mark.slow
def test_a_token_that_cannot_be_sent_is_refused_before_anything_runs(tmp_path: Path) -> None:
    env = {"SIMULATOR_CONTROL_TOKEN": "open sesame"}
    with Locust(tmp_path, *HEADLESS, "--host", "http://127.0.0.1:1", env=env) as locust:
        assert locust.exit_code() == 2, locust.log

    assert "scoring: SIMULATOR_CONTROL_TOKEN holds blanks" in locust.log
    assert "sesame" not in locust.log


def test_a_state_that_makes_no_sense_is_quoted_shortly() -> None:
    spoilt = STATE | {"elapsed_seconds": "later" * 1000}
    with (
        FakeApi(state=spoilt) as api,
        client(api.url, Trust()) as session,
        pytest.raises(UnreadableError, match=r"/simulation: makes no sense.*later") as refused,
    ):
        state(session)

    assert len(str(refused.value)) <= 200


def test_a_host_that_nothing_listens_on_is_unreadable() -> None:
    with (
        client(f"http://127.0.0.1:{free_port()}", Trust()) as session,
        pytest.raises(UnreadableError, match=r"platform http.* cannot be reached: .*refused"),
    ):
        state(session)
