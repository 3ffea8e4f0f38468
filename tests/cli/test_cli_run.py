"""`simulator run` as a process: how it starts, what it pushes, and how it ends."""

from __future__ import annotations

import base64
import json
import re
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.support.simulator_process import Program, SimulatorRun, simulator_run
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.gateway_double import GatewayDouble

JOBS = {"ml-model", "scoring-api", "kafka-exporter", "minio", "compliance", "simulator"}
QUICK = ("--push-interval", "200ms")
HUSH = "s3cr3t-Of-Ada"
APPLICATION: dict[str, Any] = {
    "channel": "mobile",
    "applicant": {"applicant_id": "p-1"},
    "features": {
        "revolving_utilisation": 0.2,
        "incidents_24m": 0,
        "debt_to_income": 0.2,
        "job_tenure_months": 80,
        "net_income": 2500,
        "ficp_flag": 0,
        "inquiries_6m": 0,
        "duration_months": 36,
        "permanent_contract": 1,
        "home_owner": 1,
        "age": 45,
        "amount": 8000,
    },
}


def jobs(gateway: GatewayDouble) -> set[str]:
    return {dict(labels)["job"] for labels in gateway.groups}


def last_texts(gateway: GatewayDouble) -> dict[str, str]:
    """The text of each job's last push."""
    puts = [seen for seen in gateway.seen if seen.method == "PUT"]
    return {job: seen.body.decode() for job, seen in zip(gateway.put_jobs(), puts, strict=True)}


def totals(text: str, name: str) -> float:
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    )


@pytest.mark.e2e
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_run_with_a_last_push_and_deletes_its_groups(
    tmp_path: Path, gateway: GatewayDouble, number: signal.Signals
) -> None:
    # the interval is longer than the test: the last push is the only one
    with simulator_run(
        tmp_path, "--pushgateway", gateway.url, "--push-interval", "1h", "--no-synthetic"
    ) as run:
        answer = requests.post(f"{run.url}/v1/score", json=APPLICATION, timeout=20)
        before = [seen.method for seen in gateway.seen]

        assert run.end(number) == 0

    assert before == ["GET", "PUT"]  # what is there, and the claim
    assert totals(last_texts(gateway)["scoring-api"], "scoring_requests_total") == 1.0
    assert answer.status_code in {200, 401, 429, 500, 503, 504}
    assert set(last_texts(gateway)) == JOBS
    assert gateway.groups == {}
    assert run.complaints == []


@pytest.mark.e2e
def test_a_second_signal_does_not_cut_the_end_short(tmp_path: Path, gateway: GatewayDouble) -> None:
    with simulator_run(tmp_path, "--pushgateway", gateway.url, *QUICK) as run:
        wait_until(lambda: jobs(gateway) == JOBS, "a first push")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):
            run.process.send_signal(number)

        assert run.exit_code() == 0

    assert gateway.groups == {}


@pytest.mark.e2e
def test_groups_are_kept_if_asked(tmp_path: Path, gateway: GatewayDouble) -> None:
    with simulator_run(
        tmp_path, "--pushgateway", gateway.url, *QUICK, "--keep-groups", "--duration", "1s"
    ) as run:
        assert run.exit_code() == 0

    assert jobs(gateway) == JOBS


@pytest.mark.e2e
def test_a_run_ends_by_itself_after_its_duration(tmp_path: Path, gateway: GatewayDouble) -> None:
    arguments = ("--pushgateway", gateway.url, *QUICK, "--duration", "1s", "--instance", "demo")
    with simulator_run(tmp_path, *arguments) as run:
        assert run.exit_code() == 0

    ticks = totals(last_texts(gateway)["simulator"], "simulator_ticks_total")
    assert ticks >= 2.0  # of some five; a busy machine gets to fewer
    assert ("DELETE", "/metrics/job/minio/instance/demo") in {
        (seen.method, seen.path) for seen in gateway.seen
    }
    assert gateway.groups == {}


@pytest.fixture(scope="module")
def lone_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorRun]:
    """A run that pushes nowhere; for tests that only look at it."""
    arguments = ("--pushgateway", "none", "--scenario", "errors", "--seed", "7", *QUICK)
    with simulator_run(tmp_path_factory.mktemp("run"), *arguments) as run:
        yield run


@pytest.mark.e2e
def test_without_a_pushgateway_metrics_are_served(lone_run: SimulatorRun) -> None:
    def text() -> str:
        return requests.get(f"{lone_run.url}/metrics", timeout=20).text

    wait_until(lambda: totals(text(), "simulator_ticks_total") >= 2, "two ticks")

    assert totals(text(), "simulator_pushes_total") == 0.0
    assert totals(text(), "scoring_requests_total") > 0.0


@pytest.mark.e2e
def test_the_announcement_is_one_line_of_json(lone_run: SimulatorRun) -> None:
    assert json.loads(lone_run.stdout) == {"url": lone_run.url, "scenario": "errors", "seed": 7}


@pytest.mark.e2e
def test_it_listens_on_loopback_only(lone_run: SimulatorRun) -> None:
    port = int(lone_run.url.rpartition(":")[2])
    table = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()

    assert lone_run.url.startswith("http://127.0.0.1:")
    assert re.findall(rf": ([0-9A-F]+):{port:04X} [0-9A-F:]+ 0A", table) == ["0100007F"]


@pytest.mark.e2e
def test_only_real_requests_count_when_asked(tmp_path: Path) -> None:
    def received() -> float:
        text = requests.get(f"{run.url}/metrics", timeout=20).text
        return totals(text, "scoring_requests_total")

    with simulator_run(tmp_path, "--pushgateway", "none", *QUICK, "--no-synthetic") as run:
        for _ in range(3):
            requests.post(f"{run.url}/v1/score", json=APPLICATION, timeout=20)
        wait_until(lambda: received() == 3.0, "three requests are counted")
        assert run.end(signal.SIGINT) == 0


@pytest.mark.e2e
def test_a_request_in_work_is_answered_before_the_end_and_counts(
    tmp_path: Path, gateway: GatewayDouble
) -> None:
    scenario = tmp_path / "slow.yaml"
    scenario.write_text(
        "name: slow\ndescription: Every request times out.\nduration: 1h\n"
        "platform: {api: {timeout_seconds: 1.5}}\n"
        "episodes:\n"
        "- {name: late, kind: errors, start: 0s, duration: 1h, status: 504, ratio: 1.0}\n"
    )
    body = json.dumps(APPLICATION).encode()
    head = "POST /v1/score HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    pushed = (
        "--pushgateway",
        gateway.url,
        "--push-interval",
        "1h",
    )  # the last push is the only one
    arguments = ("--scenario", str(scenario), *pushed, "--no-synthetic")
    with simulator_run(tmp_path / "run", *arguments) as run:
        port = int(run.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), 20) as connection:
            connection.sendall(request)
            requests.get(f"{run.url}/health", timeout=20)  # what came before is in work by now
            run.process.send_signal(signal.SIGTERM)

            assert connection.recv(100).startswith(b"HTTP/1.1 504 ")
        assert run.exit_code() == 0

    assert totals(last_texts(gateway)["scoring-api"], "scoring_errors_total") == 1.0


def test_without_json_it_says_where_to_look(simulator: Program) -> None:
    ended = simulator("run", "--pushgateway", "none", "--port", "0", "--duration", "0s")

    assert ended.code == 0
    assert ended.stdout.startswith("Scenario calm (1d), seed 1, synthetic traffic.\n")
    assert (
        len(re.findall(r"http://127\.0\.0\.1:\d+/(?:docs|metrics|simulation)", ended.stdout)) == 3
    )


def test_a_port_in_use_is_said_in_one_line(simulator: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = simulator("run", "--pushgateway", "none", "--port", port)

    assert ended.code == 2
    assert ended.stdout == ""
    assert ended.stderr == (
        f"simulator: cannot listen on 127.0.0.1:{port}: Address already in use; "
        "choose another --port, or 0 for a free one\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--duration", "5"), "'5' is not a duration such as 90s"),
        (("--duration", "99999d"), "longer than ten years"),
        (("--push-interval", "0s"), "--push-interval: 0 s is no length"),
        (("--port", "70000"), "--port"),
        (("--seed", "-1"), "--seed"),
        (("--compress", "0.5"), "--compress"),
        (("--scenario", "no-such"), "'no-such' is neither a file nor a scenario"),
        (("--pushgateway", "ftp://127.0.0.1"), "expected http://HOST:PORT"),
        (("--pushgateway", "http://127.0.0.1:1", "--instance", ""), "give it a name"),
        (("--instance", "a\x1b[2J"), r"the instance 'a\x1b[2J' holds a character that cannot"),
        (("--instance", "a\u202eb"), r"the instance 'a\u202eb' holds a character that cannot"),
        (("--instance", "x" * 201), "has 201 characters; give it a name of at most 200"),
    ],
)
def test_bad_input_exits_2_and_says_what_is_wrong(
    simulator: Program, arguments: tuple[str, ...], said: str
) -> None:
    ended = simulator("run", "--port", "0", *arguments)

    assert ended.code == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_bad_scenario_exits_2_and_names_the_path_and_the_value(
    simulator: Program, tmp_path: Path
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("name: bad\ndescription: x\nduration: 1h\nplatform: {api: {workers: -3}}\n")

    ended = simulator("run", "--scenario", str(file))

    assert ended.code == 2
    assert f"{file}: platform.api.workers: " in ended.stderr
    assert "(found -3)" in ended.stderr


@pytest.mark.e2e
def test_secrets_reach_the_gateway_and_nothing_else(tmp_path: Path, gateway: GatewayDouble) -> None:
    secret = {"SIMULATOR_PUSHGATEWAY_USERNAME": "ada", "SIMULATOR_PUSHGATEWAY_PASSWORD": HUSH}
    arguments = ("--pushgateway", gateway.url, *QUICK)
    with simulator_run(tmp_path, *arguments, **secret) as run:
        wait_until(lambda: jobs(gateway) == JOBS, "a first push")
        command_line = Path(f"/proc/{run.process.pid}/cmdline").read_text()
        served = [
            requests.get(f"{run.url}{path}", timeout=20).text
            for path in ("/metrics", "/simulation", "/openapi.json")
        ]
        run.end(signal.SIGINT)

    assert {seen.headers["Authorization"] for seen in gateway.seen} == {
        "Basic " + base64.b64encode(f"ada:{HUSH}".encode()).decode()
    }
    shown = [run.stdout, run.stderr, command_line, *served, *last_texts(gateway).values()]
    assert not any(HUSH in text for text in shown)


@pytest.mark.parametrize(
    "url",
    [
        "http://ada:{0}@127.0.0.1:1",
        "ftp://ada:{0}@127.0.0.1",
        "http://ada:{0}@127.0.0.1:x",
        "{0}@127.0.0.1",
    ],
)
def test_a_password_in_the_url_is_never_written(
    simulator: Program, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    ended = simulator("run", "--port", "0", "--duration", "0s", "--pushgateway", url.format(HUSH))

    assert HUSH not in ended.stdout + ended.stderr + caplog.text
    assert "127.0.0.1" in ended.stderr + caplog.text


@pytest.mark.e2e
def test_groups_of_a_killed_run_are_deleted_at_the_next_start(
    tmp_path: Path, gateway: GatewayDouble
) -> None:
    gateway.put_group("minio", "other")
    with simulator_run(tmp_path, "--pushgateway", gateway.url, *QUICK) as run:
        wait_until(lambda: jobs(gateway) == JOBS, "a first push")
        run.end(signal.SIGKILL)
    n_left = len(gateway.groups)
    with simulator_run(
        tmp_path, "--pushgateway", gateway.url, "--push-interval", "1h", "--keep-groups"
    ) as run:
        at_start = set(gateway.groups)
        run.process.kill()

    assert n_left == len(JOBS) + 1
    assert at_start == {
        (("instance", "other"), ("job", "minio")),
        (("instance", "simulator"), ("job", "simulator")),  # the claim of the run that starts
    }


def test_clean_deletes_what_a_killed_run_left(simulator: Program, gateway: GatewayDouble) -> None:
    for group in (("minio", "simulator"), ("ml-model", "simulator"), ("minio", "other")):
        gateway.put_group(*group)

    ended = simulator("clean", "--pushgateway", gateway.url)

    assert (ended.code, ended.stdout) == (0, "2 groups of 'simulator' deleted\n")
    assert list(gateway.groups) == [(("instance", "other"), ("job", "minio"))]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--pushgateway", "http://127.0.0.1:1"), "cannot be reached: Connection refused"),
        (("--pushgateway", "none"), "Pushgateway URL 'none'"),
    ],
)
def test_clean_says_when_there_is_no_gateway(
    simulator: Program, arguments: tuple[str, ...], said: str
) -> None:
    ended = simulator("clean", *arguments)

    assert ended.code == 2
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [[], ["--instance", ""]])
def test_clean_never_deletes_groups_of_nobody(
    simulator: Program, gateway: GatewayDouble, arguments: list[str]
) -> None:
    gateway.put_group("minio", "")

    simulator("clean", "--pushgateway", gateway.url, *arguments)

    assert list(gateway.groups) == [(("instance", ""), ("job", "minio"))]
