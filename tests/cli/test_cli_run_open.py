"""What a running simulator shows to whom, and that it says when it cannot keep up."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.support.simulator_process import SimulatorRun, simulator_process, simulator_run
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "9f2c-open-sesame"  # noqa: S105 - of this test alone
EVERYWHERE = ("--host", "0.0.0.0", "--pushgateway", "none")  # noqa: S104 - the case in question
STOPPED_SECONDS = 1.2
NOTICED_SECONDS = STOPPED_SECONDS - 0.2


def asked(run: SimulatorRun, path: str, **headers: str) -> requests.Response:
    """The answer on loopback of a run that listens everywhere."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    port = run.url.rpartition(":")[2]
    return requests.get(f"http://127.0.0.1:{port}{path}", headers=named, timeout=20)


@pytest.mark.e2e
@pytest.mark.slow
def test_elsewhere_the_simulation_is_shown_to_who_knows_the_token(tmp_path: Path) -> None:
    with simulator_run(tmp_path, *EVERYWHERE, SIMULATOR_CONTROL_TOKEN=TOKEN) as run:
        statuses = [
            asked(run, "/simulation").status_code,
            asked(run, "/simulation", x_simulator_token=TOKEN[:-1]).status_code,
            asked(run, "/simulation", x_simulator_token=TOKEN).status_code,
            asked(run, "/v1/models").status_code,
        ]
        assert run.end(signal.SIGTERM) == 0

    assert statuses == [401, 401, 200, 200]
    assert TOKEN not in run.stdout + run.stderr


@pytest.mark.e2e
@pytest.mark.slow
def test_elsewhere_without_a_token_the_simulation_is_closed_and_the_log_says_so(
    tmp_path: Path,
) -> None:
    with simulator_run(tmp_path, *EVERYWHERE, SIMULATOR_CONTROL_TOKEN="") as run:
        statuses = [asked(run, path).status_code for path in ("/simulation", "/metrics")]

    assert statuses == [403, 200]
    assert "/simulation is closed" in run.stderr
    assert "SIMULATOR_CONTROL_TOKEN" in run.stderr


@pytest.mark.e2e
@pytest.mark.slow
def test_the_first_page_leads_to_the_pushgateway_without_its_password(tmp_path: Path) -> None:
    with simulator_run(tmp_path, "--pushgateway", "http://ada:hush@127.0.0.1:1") as run:
        page = asked(run, "/").text

    assert '<a href="http://127.0.0.1:1">Pushgateway</a>' in page
    assert "hush" not in page


def test_a_token_that_cannot_be_sent_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "tests.support.simulator_process.environment",
        lambda: {"SIMULATOR_CONTROL_TOKEN": "open sesame"},
    )

    ended = simulator_process("run", "--pushgateway", "none", "--port", "0")

    assert ended.code == 2
    assert "SIMULATOR_CONTROL_TOKEN holds blanks" in ended.stderr
    assert "sesame" not in ended.stderr


class Said(NamedTuple):
    """What a run said while it still remembered that it was held up."""

    state: dict[str, Any]
    metrics: str
    log: str


@pytest.fixture(scope="module")
def halted(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """Of a run that the machine had no time for: it was stopped for a while and went on."""
    ticks = ("--pushgateway", "none", "--push-interval", "500ms")
    with simulator_run(tmp_path_factory.mktemp("run"), *ticks) as run:
        wait_until(lambda: state(run)["ticks"] >= 1, "a first tick")
        run.process.send_signal(signal.SIGSTOP)
        time.sleep(STOPPED_SECONDS)  # that is the case in question
        run.process.send_signal(signal.SIGCONT)
        wait_until(
            lambda: state(run)["warning"] and lag_of(metrics(run)) >= NOTICED_SECONDS,
            "a warning",
        )
        return Said(state(run), metrics(run), run.stderr)


def state(run: SimulatorRun) -> dict[str, Any]:
    answer: dict[str, Any] = requests.get(f"{run.url}/simulation", timeout=20).json()
    return answer


def metrics(run: SimulatorRun) -> str:
    return requests.get(f"{run.url}/metrics", timeout=20).text


def lag_of(text: str) -> float:
    (lag,) = [
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "simulator_event_loop_lag_seconds"
    ]
    return lag


@pytest.mark.e2e
@pytest.mark.slow
def test_a_simulator_that_was_held_up_says_so_where_its_state_is_shown(halted: Said) -> None:
    assert halted.state["event_loop_lag_seconds"] >= NOTICED_SECONDS
    assert (
        "the simulator, and not the platform it simulates, is the limit"
        in (halted.state["warning"])
    )


@pytest.mark.e2e
@pytest.mark.slow
def test_and_in_its_log(halted: Said) -> None:
    assert "the simulator, and not the platform it simulates, is the limit" in halted.log


@pytest.mark.e2e
@pytest.mark.slow
def test_and_as_a_metric(halted: Said) -> None:
    assert lag_of(halted.metrics) >= NOTICED_SECONDS
