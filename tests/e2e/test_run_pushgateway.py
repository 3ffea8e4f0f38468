"""`simulator run` and the real Pushgateway: groups, an outage, and counters that stay whole."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from simulator.pushing.gateway import Pushgateway, PushgatewayUnreachableError
from simulator.runtime.ports import free_port
from simulator.scenario.vocabulary import JOBS
from tests.support.simulator_process import simulator_process, simulator_run
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

QUICK = ("--push-interval", "300ms")
ALL_JOBS = {*JOBS, "simulator"}


@contextlib.contextmanager
def pushgateway(program: str, port: int) -> Iterator[Pushgateway]:
    """The real Pushgateway, keeping nothing on disk, listening; killed at the end."""
    command = [program, f"--web.listen-address=127.0.0.1:{port}", "--persistence.file="]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            with Pushgateway(f"http://127.0.0.1:{port}") as client:
                wait_until(lambda: answers(client), "the Pushgateway is ready")
                yield client
        finally:
            process.kill()


def answers(gateway: Pushgateway) -> bool:
    with contextlib.suppress(PushgatewayUnreachableError):
        gateway.groups()
        return True
    return False


def jobs(gateway: Pushgateway) -> set[str]:
    return {group.labels["job"] for group in gateway.groups()}


def values(url: str, *names: str) -> list[float]:
    """Each metric's sum over its series, of one scrape; 0 where there is none."""
    families = list(text_string_to_metric_families(requests.get(f"{url}/metrics", timeout=20).text))
    return [sum(s.value for f in families for s in f.samples if s.name == name) for name in names]


def value(url: str, name: str) -> float:
    return values(url, name)[0]


@pytest.fixture
def program(find_program: Callable[[str], str]) -> str:
    return find_program("pushgateway")


def test_a_runs_groups_come_go_with_it_and_leave_the_others(program: str, tmp_path: Path) -> None:
    with pushgateway(program, free_port()) as gateway:
        url = gateway.endpoint.url
        gateway.put("minio", "other", b"m 1\n", "text/plain")
        with simulator_run(tmp_path, "--pushgateway", url, *QUICK) as run:
            wait_until(lambda: jobs(gateway) == ALL_JOBS, "every group is pushed")
            wait_until(lambda: value(url, "simulator_pushes_total") >= 2, "more than one push")
            failures = value(url, "push_failure_time_seconds")

            assert run.end(signal.SIGTERM) == 0

        assert failures == 0.0  # the gateway found every push consistent
        wait_until(lambda: jobs(gateway) == {"minio"}, "the deletions that it queued are done")
        assert [dict(g.labels) for g in gateway.groups()] == [{"job": "minio", "instance": "other"}]
        assert run.complaints == []


def test_a_killed_run_is_cleared_away_by_the_next(program: str, tmp_path: Path) -> None:
    with pushgateway(program, free_port()) as gateway:
        arguments = ("--pushgateway", gateway.endpoint.url, *QUICK)
        with simulator_run(tmp_path, *arguments) as run:
            wait_until(lambda: jobs(gateway) == ALL_JOBS, "every group is pushed")
            run.end(signal.SIGKILL)
        n_left = len(gateway.groups())
        with simulator_run(tmp_path, *arguments, "--push-interval", "1h") as run:
            # what stays is the claim of the run that starts
            wait_until(lambda: len(gateway.groups()) == 1, "the deletions that it queued are done")
            run.end(signal.SIGINT)

    assert n_left == 6
    # they may have been watched before for what was left of a second
    assert run.complaints[-1] == "deleted 6 groups of an earlier run of 'simulator'"


def test_the_groups_of_a_run_are_not_taken_by_another(program: str, tmp_path: Path) -> None:
    with pushgateway(program, free_port()) as gateway:
        arguments = ("--pushgateway", gateway.endpoint.url, *QUICK)
        with simulator_run(tmp_path, *arguments) as run:
            wait_until(lambda: jobs(gateway) == ALL_JOBS, "every group is pushed")
            before = value(run.url, "simulator_ticks_total")
            second = simulator_process("run", "--port", "0", *arguments)
            pushed = value(gateway.endpoint.url, "simulator_ticks_total")
            third = simulator_process(
                "run", "--port", "0", *arguments, "--instance", "b", "--duration", "300ms"
            )
            assert run.end(signal.SIGTERM) == 0

        assert second.code == 2
        assert "instance 'simulator' is in use at" in second.stderr
        assert "--instance" in second.stderr
        assert len(second.complaints) == 2
        assert pushed >= before > 0.0
        assert third.code == 0
        wait_until(lambda: not gateway.groups(), "the deletions that it queued are done")
        assert run.complaints == []


def test_a_job_that_never_arrived_is_said_at_the_end(program: str) -> None:
    with pushgateway(program, free_port()) as gateway:
        rival = b"# TYPE scoring_requests_total gauge\nscoring_requests_total 1\n"
        gateway.put("rival", "other", rival, "text/plain")
        url = gateway.endpoint.url
        arguments = ("run", "--port", "0", "--pushgateway", url, *QUICK, "--duration", "1s")
        ended = simulator_process(*arguments)
        failed = simulator_process(*arguments, "--fail-on-refusal")

    assert (ended.code, failed.code) == (0, 1)
    assert ended.complaints[-1] == (
        'scoring-api never arrived: refused by group {instance="other", job="rival"}, in which '
        "scoring_requests_total is a gauge and not a counter; delete that group: "
        f"curl -X DELETE {url}/metrics/job/rival/instance/other"
    )


def test_an_outage_costs_one_warning_and_no_count(program: str, tmp_path: Path) -> None:
    port = free_port()

    def received() -> float:
        return value(run.url, "scoring_requests_total")

    with contextlib.ExitStack() as stack:
        with pushgateway(program, port) as gateway:
            url = gateway.endpoint.url
            run = stack.enter_context(simulator_run(tmp_path, "--pushgateway", url, *QUICK))
            wait_until(lambda: jobs(gateway) == ALL_JOBS, "every group is pushed")
        before = received()
        wait_until(lambda: "the run goes on" in run.stderr, "the outage is noticed")
        wait_until(lambda: value(run.url, "simulator_push_failures_total") >= 2, "two failures")
        wait_until(lambda: received() > before, "the run goes on")
        counted_in_the_outage = received()
        with pushgateway(program, port) as gateway:
            wait_until(lambda: jobs(gateway) == ALL_JOBS, "pushes come again")
            pushed, scored, errors = values(
                url, "scoring_requests_total", "scoring_credit_score_count", "scoring_errors_total"
            )
            assert run.end(signal.SIGINT) == 0
            wait_until(lambda: not gateway.groups(), "the deletions that it queued are done")

    assert pushed >= counted_in_the_outage
    assert pushed == scored + errors
    lines = run.complaints
    assert [line.split("; ")[-1] for line in lines[:1]] == [
        "the run goes on, and the newest values are retried"
    ]
    assert len(lines) == 2
    assert "answers again after" in lines[1]


def test_a_run_starts_and_ends_without_its_gateway(tmp_path: Path) -> None:
    arguments = ("--pushgateway", f"http://127.0.0.1:{free_port()}", *QUICK)
    with simulator_run(tmp_path, *arguments, "--duration", "1s") as run:
        assert run.exit_code() == 0

    warnings = run.complaints
    assert len(warnings) == 2  # where the outage begins, and what was not done at the end
    assert "the last values are not pushed and its groups are not deleted" in warnings[1]
