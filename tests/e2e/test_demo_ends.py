"""The demo is ended: everything that it started ends with it, and nothing else is looked at."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from simulator.runtime import binaries
from tests.support.processes import children, command_line, wait_for_the_end
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psutil

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(240)]

START_SECONDS = 90.0  # only a failing test waits that long
END_SECONDS = 60.0
PAGES = {"locust", "api docs", "pushgateway", "prometheus", "alerts"}


@pytest.fixture(scope="module", autouse=True)
def programs(find_program: Callable[[str], str]) -> None:
    for name in binaries.REQUIRED:
        find_program(name)


class Demo:
    """A running `simulator demo` and what it has written."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.process = process
        self.folder = folder

    def said(self, name: str) -> str:
        return (self.folder / name).read_text()

    def has_said(self, words: str, *, to: str) -> bool:
        assert self.process.poll() is None, self.said("stdout") + self.said("stderr")
        return words in self.said(to)

    def below(self) -> dict[psutil.Process, str]:
        """All processes that it started, and their command lines."""
        return {process: command_line(process) for process in children(self.process.pid)}

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(END_SECONDS)


@contextmanager
def running_demo(folder: Path, *arguments: str) -> Iterator[Demo]:
    """`simulator demo`; if it still runs at the end, it is killed, and its children with it."""
    program = Path(sys.executable).with_name("simulator")
    with (
        (folder / "stdout").open("wb") as out,
        (folder / "stderr").open("wb") as err,
        subprocess.Popen([program, "demo", *arguments], stdout=out, stderr=err) as process,
    ):
        try:
            yield Demo(process, folder)
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_demo_and_all_that_it_started(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running_demo(tmp_path, "--length", "60s", "--users", "20") as demo:
        what = "a line of progress"
        wait_until(lambda: demo.has_said("req/s", to="stdout"), what, seconds=START_SECONDS)
        started = demo.below()
        programs = " ".join(started.values())

        code = demo.end(number)

    for name in ("pushgateway", "prometheus.yml", "locustfiles/scoring.py", "simulator run"):
        assert name in programs
    assert code == 130
    assert demo.said("stderr").splitlines()[-2:] == ["a day of history: 100 %", "stopped"]
    wait_for_the_end(started, seconds=END_SECONDS)


@pytest.fixture(scope="module")
def staying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo that stays, once it has said where everything answers."""
    folder = tmp_path_factory.mktemp("staying")
    arguments = ("--stay", "--json", "--scenario", "calm", "--users", "20")
    with running_demo(folder, *arguments) as demo:
        wait_until(lambda: demo.has_said("\n", to="stdout"), "addresses", seconds=START_SECONDS)
        yield demo


@pytest.fixture(scope="module")
def urls(staying: Demo) -> dict[str, str]:
    (line,) = staying.said("stdout").splitlines()
    found: dict[str, str] = json.loads(line)
    return found


def get(url: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False  # a proxy from the environment does not reach loopback
        return session.get(url, timeout=20)


def test_a_demo_that_stays_says_where_everything_answers(urls: dict[str, str]) -> None:
    assert set(urls) >= PAGES
    assert {name: get(url).status_code for name, url in urls.items()} == dict.fromkeys(urls, 200)


def test_in_a_demo_that_stays_alerts_keep_up_with_the_platform(urls: dict[str, str]) -> None:
    groups = get(f"{urls['prometheus']}/api/v1/rules").json()["data"]["groups"]
    (scoring,) = [group for group in groups if group["name"] == "scoring"]
    rules = {rule["name"]: rule for rule in scoring["rules"]}
    # sixty times as fast: three minutes are three seconds
    assert "[5s]" in rules["ScoringSuccessRateWarning"]["query"]
    assert (scoring["interval"], rules["ScoringSuccessRateWarning"]["duration"]) == (1, 3)


def test_in_a_demo_that_stays_users_send_requests(urls: dict[str, str]) -> None:
    def stats() -> dict[str, Any]:
        found: dict[str, Any] = get(f"{urls['locust']}/stats/requests").json()
        return found

    def n_requests() -> int:
        return sum(entry["num_requests"] for entry in stats()["stats"])

    before = n_requests()
    wait_until(lambda: n_requests() > before, "more requests", seconds=START_SECONDS)
    assert (stats()["state"], stats()["user_count"]) == ("running", 20)


def test_a_demo_that_stays_ends_with_all_that_it_started(tmp_path: Path) -> None:
    with running_demo(tmp_path, "--stay", "--json", "--scenario", "calm") as demo:
        wait_until(lambda: demo.has_said("\n", to="stdout"), "addresses", seconds=START_SECONDS)
        started = demo.below()

        code = demo.end(signal.SIGINT)

    for name in ("pushgateway", "prometheus.yml", "locustfiles/scoring.py", "simulator run"):
        assert name in " ".join(started.values())
    assert code == 130
    wait_for_the_end(started, seconds=END_SECONDS)
