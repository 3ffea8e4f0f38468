"""The demo is ended: everything that it started ends with it, and nothing else is looked at."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from simulator.runtime import binaries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

START_SECONDS = 90.0  # only a failing test waits that long
END_SECONDS = 60.0
PAGES = {"locust", "api docs", "pushgateway", "prometheus", "alerts"}
Started = tuple[int, str]  # a process: its number, and when it started, as numbers are used again


@pytest.fixture(scope="module", autouse=True)
def programs() -> None:
    """Skips without the real programs; in CI their absence is a failure."""
    if absent := binaries.missing():
        reason = f"{', '.join(absent)} not installed; run: make setup"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def wait_until(condition: Callable[[], object], what: str, *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"not within {seconds:g} s: {what}")
        time.sleep(0.1)


def stat_fields(pid: int) -> list[str]:
    """What `/proc` says after a process's name: its state, its parent, ...; nothing if it ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def descendants(pid: int) -> dict[Started, str]:
    """The command lines of all processes below `pid`."""
    stats = {int(p.name): stat_fields(int(p.name)) for p in Path("/proc").glob("[0-9]*")}
    below = {pid}
    while more := {n for n, s in stats.items() if s and int(s[1]) in below} - below:
        below |= more
    return {(n, stats[n][19]): command_line(n) for n in below - {pid}}


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_alive(process: Started) -> bool:
    pid, started = process
    fields = stat_fields(pid)
    return bool(fields) and fields[0] != "Z" and fields[19] == started


def alive(processes: dict[Started, str]) -> list[str]:
    return [line for process, line in processes.items() if is_alive(process)]


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

    def below(self) -> dict[Started, str]:
        return descendants(self.process.pid)

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
    wait_until(lambda: not alive(started), f"the end of {alive(started)}", seconds=END_SECONDS)


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
    # sixty times as fast: five minutes are five seconds
    assert "[5s]" in rules["ScoringSuccessRateWarning"]["query"]
    assert (scoring["interval"], rules["ScoringSuccessRateWarning"]["duration"]) == (1, 5)


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
    wait_until(lambda: not alive(started), f"the end of {alive(started)}", seconds=END_SECONDS)
