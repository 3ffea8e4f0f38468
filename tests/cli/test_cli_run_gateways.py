"""`simulator run` beside gateways that hang, that never end, or that others push to."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from simulator.pushing.mark import Mark
from tests.support import hostile_server
from tests.support.hostile_server import HostileServer
from tests.support.simulator_process import (
    COMMAND,
    Program,
    environment,
    simulator_process,
    simulator_run,
)
from tests.support.waiting import BOUND, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.gateway_double import GatewayDouble

QUICK = ("--push-interval", "200ms")
SOON = 4.0  # seconds in which a process ends that waits for nothing; an exchange may take 5


@contextlib.contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The program with these arguments, killed at the end."""
    with subprocess.Popen(
        [*COMMAND, *arguments],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        try:
            yield started
        finally:
            started.kill()


@pytest.mark.e2e
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_whose_gateway_does_not_answer_at_the_start(
    gateway: GatewayDouble, number: signal.Signals
) -> None:
    gateway.hang()
    with process("run", "--port", "0", "--pushgateway", gateway.url) as run:
        gateway.wait_until_hung(BOUND)
        began = time.monotonic()
        run.send_signal(number)
        code = run.wait(BOUND)
        lasted = time.monotonic() - began
        _, said = run.communicate()

    assert code == 0
    assert lasted < SOON
    assert said == ""


@pytest.mark.e2e
def test_a_signal_ends_a_run_that_watches_whether_another_is_alive(
    gateway: GatewayDouble,
) -> None:
    gateway.put_group("simulator", "simulator", Mark(started=1.0, interval_seconds=10.0).text)
    gateway.pushed = dict.fromkeys(gateway.groups, gateway.now)
    with process("run", "--port", "0", "--pushgateway", gateway.url) as run:
        assert run.stderr is not None
        assert "watching for" in run.stderr.readline()
        run.send_signal(signal.SIGTERM)

        assert run.wait(SOON) == 0

    assert "DELETE" not in {seen.method for seen in gateway.seen}


@pytest.mark.slow  # it takes two exchanges of 5 s
def test_a_gateway_that_trickles_is_an_outage_and_the_run_serves(tmp_path: Path) -> None:
    with (
        HostileServer(hostile_server.bytes_of_a_body, is_slow=True) as server,
        simulator_run(tmp_path, "--pushgateway", server.url, "--push-interval", "1h") as run,
    ):
        assert "does not end its answer within 5 s" in run.stderr
        began = time.monotonic()

        assert run.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < BOUND / 2
        assert "the last values are not pushed" in run.stderr


@pytest.mark.e2e
def test_a_gateway_without_end_is_refused_before_anything_is_served() -> None:
    with HostileServer(hostile_server.body_without_end) as server:
        ended = simulator_process("run", "--port", "0", "--pushgateway", server.url)

    assert ended.code == 2
    assert ended.stdout == ""
    assert "with more than 32 MiB, which is cut off" in ended.stderr


@pytest.mark.slow  # it takes the 8 s that the end may take
def test_a_gateway_that_hangs_at_the_last_push_holds_the_end_up_for_a_bounded_time(
    tmp_path: Path, gateway: GatewayDouble
) -> None:
    with simulator_run(
        tmp_path, "--pushgateway", gateway.url, "--push-interval", "1h", "--no-synthetic"
    ) as run:
        gateway.hang()
        began = time.monotonic()

        assert run.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 15.0
        assert "the last values are not pushed and its groups are not deleted" in run.stderr


@pytest.mark.e2e
def test_a_second_run_with_defaults_is_refused_and_the_first_goes_on(
    tmp_path: Path, gateway: GatewayDouble
) -> None:
    def n_pushes() -> int:
        return gateway.put_jobs().count("minio")

    with simulator_run(tmp_path, "--pushgateway", gateway.url, *QUICK) as first:
        wait_until(lambda: n_pushes() > 1, "two pushes")
        second = simulator_process("run", "--port", "0", "--pushgateway", gateway.url)
        after = n_pushes()
        wait_until(lambda: n_pushes() > after, "another push")

        assert second.code == 2
        assert "instance 'simulator' is in use at" in second.stderr
        assert "give another --instance (SIMULATOR_INSTANCE)" in second.stderr
        assert "DELETE" not in {seen.method for seen in gateway.seen}
        assert first.end(signal.SIGTERM) == 0


@pytest.mark.e2e
def test_taking_over_ends_the_run_that_is_replaced(tmp_path: Path, gateway: GatewayDouble) -> None:
    where = ("--pushgateway", gateway.url)
    with (
        simulator_run(tmp_path / "1", *where, "--push-interval", "1s") as first,
        simulator_run(tmp_path / "2", *where, "--push-interval", "1h", "--take-over") as second,
    ):
        assert first.exit_code() == 2  # it looks before its next push
        assert "another run has begun to push as instance 'simulator'" in first.stderr
        assert second.end(signal.SIGTERM) == 0

    assert gateway.groups == {}


def test_clean_ends_with_a_gateway_that_has_no_end(simulator: Program) -> None:
    with HostileServer(hostile_server.body_without_end) as server:
        ended = simulator("clean", "--pushgateway", server.url)

    assert ended.code == 2
    assert "with more than 32 MiB" in ended.stderr


@pytest.mark.e2e
@pytest.mark.parametrize(
    "command",
    [
        ("cover", "--start", "now-1h"),
        ("tune", "--start", "2026-01-01", "--end", "2026-01-02", "--truth", "TRUTH"),
    ],
    ids=lambda command: command[0],
)
def test_ctrl_c_ends_what_asks_a_prometheus_that_does_not_answer(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("start,end,signal,severity\n2026-01-01T08:00:00Z,2026-01-01T09:00:00Z,*,red\n")
    arguments = [str(truth) if word == "TRUTH" else word for word in command]
    with (
        HostileServer(hostile_server.bytes_of_a_body, is_slow=True) as server,
        process(*arguments, "--prometheus", server.url) as asking,
    ):
        assert server.heard.wait(BOUND), asking.communicate()
        asking.send_signal(signal.SIGINT)

        assert asking.wait(SOON) == 130
