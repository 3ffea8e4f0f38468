"""The client and the pusher against the real Pushgateway."""

from __future__ import annotations

import contextlib
import logging
import shutil
import socket
import ssl
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from simulator.http.endpoint import Endpoint
from simulator.pushing.gateway import (
    PUSHGATEWAY,
    Pushgateway,
    PushgatewayDeniedError,
    PushgatewayRefusedError,
)
from simulator.pushing.mark import Mark
from simulator.pushing.outage import Backoff
from simulator.pushing.pusher import Pusher
from simulator.runtime.ports import free_port
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

TEXT = "text/plain; version=0.0.4; charset=utf-8"
MARK = Mark(started=1764.5, interval_seconds=3600.0)
BOUND = 10.0  # seconds; only a failing test waits that long
HUSH = "test-only"
# bcrypt of HUSH with the least cost, as the gateway's web configuration wants it
HUSH_BCRYPT = "$2b$04$zuxbhf1CxNhj9V/YEOElRurqUD4mfd6VdhQyLjebkQBpvL3RuKKCW"


def labels_of(gateway: Pushgateway) -> list[dict[str, str]]:
    return [dict(group.labels) for group in gateway.groups()]


def wait_for_deletions(gateway: Pushgateway) -> None:
    """Until the gateway did what it was asked: it queues a DELETE, and answers a PUT once done."""
    gateway.put("last-in-the-queue", "", b"", TEXT)
    gateway.delete("last-in-the-queue", "")
    wait_until(
        lambda: all(labels["job"] != "last-in-the-queue" for labels in labels_of(gateway)),
        "the gateway has emptied its queue",
    )


@pytest.fixture(scope="session")
def program(find_program: Callable[[str], str]) -> str:
    return find_program("pushgateway")


@pytest.fixture
def port() -> int:
    return free_port()


@contextlib.contextmanager
def running(program: str, port: int, *flags: str) -> Iterator[subprocess.Popen[bytes]]:
    """The real Pushgateway, keeping nothing on disk, listening."""
    command = [program, f"--web.listen-address=127.0.0.1:{port}", "--persistence.file=", *flags]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: listens(process, port), "the Pushgateway listens")
            yield process
        finally:
            process.kill()


def listens(process: subprocess.Popen[bytes], port: int) -> bool:
    assert process.poll() is None, f"the Pushgateway ended with exit code {process.returncode}"
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
        return True
    return False


@pytest.fixture
def gateway(program: str, port: int) -> Iterator[Pushgateway]:
    with running(program, port), Pushgateway(f"http://127.0.0.1:{port}") as opened:
        yield opened


def scraped(gateway: Pushgateway, name: str) -> dict[tuple[str, str], float]:
    """The values of a metric as Prometheus would scrape them, by job and instance."""
    text = gateway._answer("GET", "/metrics").body.decode()  # white box: scraping is not its trade
    return {
        (sample.labels["job"], sample.labels["instance"]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


def test_a_put_replaces_the_whole_group(gateway: Pushgateway) -> None:
    gateway.put("minio", "a", b"old 1\nkept 1\n", TEXT)
    gateway.put("minio", "a", b"kept 2\n", TEXT)

    assert scraped(gateway, "old") == {}
    assert scraped(gateway, "kept") == {("minio", "a"): 2.0}


def test_a_deleted_group_is_gone_and_the_others_stay(gateway: Pushgateway) -> None:
    gateway.put("minio", "a", b"m 1\n", TEXT)
    gateway.put("minio", "b", b"m 2\n", TEXT)

    gateway.delete("minio", "a")

    wait_for_deletions(gateway)
    assert scraped(gateway, "m") == {("minio", "b"): 2.0}


def test_names_of_any_text_come_back_as_they_were(gateway: Pushgateway) -> None:
    names = [
        "a/b",
        "a b",
        "étage 1",
        "模拟",
        "..",
        ".",
        "a%2Fb",
        "a?b#c",
        "a+b",
        "a@base64",
        "",
        "~",
    ]
    for value, name in enumerate(names):
        gateway.put("minio", name, b"m %d\n" % value, TEXT)

    assert scraped(gateway, "m") == {("minio", name): value for value, name in enumerate(names)}
    assert sorted(group.labels["instance"] for group in gateway.groups()) == sorted(names)


@pytest.mark.parametrize("name", ["a/b", "étage 1", "..", "a%2Fb", "a?b"])
def test_an_instance_of_any_text_can_be_deleted(gateway: Pushgateway, name: str) -> None:
    for job in ("minio", "ml-model"):
        gateway.put(job, name, b'm{job_of_test="%s"} 1\n' % job.encode(), TEXT)
    gateway.put("minio", "other", b"m 1\n", TEXT)

    assert gateway.delete_groups_of(name) == 2
    wait_for_deletions(gateway)
    assert labels_of(gateway) == [{"job": "minio", "instance": "other"}]


def test_a_timestamp_is_refused_in_the_gateways_own_words(gateway: Pushgateway) -> None:
    with pytest.raises(PushgatewayRefusedError, match=r"answered 400 .*timestamp"):
        gateway.put("minio", "a", b"m 1 1700000000000\n", TEXT)


def test_a_clash_of_types_is_refused_in_the_gateways_own_words(gateway: Pushgateway) -> None:
    gateway.put("minio", "a", b"# TYPE m counter\nm 1\n", TEXT)

    with pytest.raises(PushgatewayRefusedError, match=r"answered 400 .*is not a (GAUGE|COUNTER)"):
        gateway.put("minio", "b", b"# TYPE m gauge\nm 1\n", TEXT)


def test_a_gateway_with_tls_and_a_password_takes_pushes_from_who_knows_it(
    program: str, port: int, tmp_path: Path
) -> None:
    pem, key = self_signed(tmp_path)
    config = tmp_path / "web.yml"
    config.write_text(
        f"tls_server_config: {{cert_file: {pem}, key_file: {key}}}\n"
        f"basic_auth_users: {{ada: '{HUSH_BCRYPT}'}}\n"
    )
    url = f"https://127.0.0.1:{port}"
    with running(program, port, f"--web.config.file={config}"):
        with Pushgateway(
            Endpoint.parse(url, of=PUSHGATEWAY, username="ada", password=HUSH, ca_file=str(pem))
        ) as gateway:
            gateway.put("minio", "a", b"m 1\n", TEXT)
            assert labels_of(gateway) == [{"job": "minio", "instance": "a"}]
        with (
            Pushgateway(Endpoint.parse(url, of=PUSHGATEWAY, ca_file=str(pem))) as stranger,
            pytest.raises(PushgatewayDeniedError, match="answered 401"),
        ):
            stranger.groups()


def self_signed(folder: Path) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("the openssl program is not on PATH; it makes the certificate")
    pem, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(pem)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    ssl.create_default_context(cafile=pem)
    return pem, key


def test_a_killed_gateway_costs_one_warning_and_no_count(
    program: str, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="simulator")
    quick = Backoff(first_seconds=0.01, cap_seconds=0.02)
    with Pushgateway(f"http://127.0.0.1:{port}") as gateway:
        pusher = Pusher(gateway, instance="a", mark=MARK, clock=time.monotonic, backoff=quick)
        with running(program, port):
            pusher.start().result(BOUND)
            pusher.submit({"minio": b"# TYPE n_total counter\nn_total 1\n"})
            assert pusher.flush(BOUND)
        pusher.submit({"minio": b"# TYPE n_total counter\nn_total 2\n"})
        assert not pusher.flush(0.1)
        with running(program, port), Pushgateway(gateway.endpoint.url) as observer:
            assert pusher.flush(BOUND)
            assert scraped(observer, "n_total") == {("minio", "a"): 2.0}
            pusher.close(delete_groups=True)
            wait_for_deletions(observer)
            assert observer.groups() == []

    levels = [record.levelname for record in caplog.records if record.name.startswith("simulator")]
    assert levels == ["WARNING", "INFO"]


def test_a_run_clears_its_own_groups_at_start_and_end_and_no_others(gateway: Pushgateway) -> None:
    url = gateway.endpoint.url
    for instance in ("a", "b"):
        gateway.put("minio", instance, b"m 1\n", TEXT)
    with Pushgateway(url) as pushed_through:
        pusher = Pusher(
            pushed_through,
            instance="a",
            mark=Mark(started=1.0, interval_seconds=0.1),
            clock=time.monotonic,
        )
        pusher.start().result(BOUND)
        wait_for_deletions(gateway)
        assert sorted(labels["instance"] for labels in labels_of(gateway)) == ["a", "b"]
        pusher.submit({"compliance": b"c 1\n", "minio": b"m 2\n"})
        assert pusher.flush(BOUND)
        assert len(gateway.groups()) == 4  # the claim among them
        pusher.close(delete_groups=True)

    wait_for_deletions(gateway)
    assert labels_of(gateway) == [{"job": "minio", "instance": "b"}]
