"""An https host: users and the look at who applies believe the same certificates."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from simulator.errors import SimulatorError
from simulator.load.trust import Trust
from tests.support.fake_api import FakeApi
from tests.support.locust_runs import Locust

if TYPE_CHECKING:
    from pathlib import Path

SHORT = ("--headless", "-u", "4", "-r", "4", "-t", "3s")
OLD_AGE = {
    "scenario": "calm",
    "elapsed_seconds": 0.0,
    "duration_seconds": 60.0,
    "requests_per_second": 4.0,
    "applicants": [{"share": 1.0, "shifts": {"age": 30.0}}],
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for loopback, with its key."""
    path: Path = tmp_path_factory.mktemp("certificates") / "own.pem"
    argv = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    argv += ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = subprocess.run(
        [*argv, "-keyout", str(path), "-out", "-"], check=True, capture_output=True
    )
    path.write_bytes(path.read_bytes() + made.stdout)
    return path


@pytest.mark.parametrize(
    ("content", "said"), [(None, "there is no such file"), (b"", "cert"), (b"key", "cert")]
)
def test_a_file_without_certificates_is_refused(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SimulatorError, match=rf"--ca-file '.*ca.pem': .*{said}.*; give a file"):
        Trust.of(str(path))


def test_the_usual_authorities_are_trusted_where_no_file_is_given() -> None:
    assert Trust.of("").context().get_ca_certs() == Trust().context().get_ca_certs() != []


@pytest.mark.e2e
@pytest.mark.slow
@pytest.mark.timeout(100)
def test_a_certificate_that_nobody_vouches_for_is_a_failure_and_says_what_to_do(
    tmp_path: Path, certificate: Path
) -> None:
    with (
        FakeApi(certificate=certificate, state=OLD_AGE) as api,
        Locust(tmp_path, *SHORT, "--host", api.url) as locust,
    ):
        assert locust.exit_code() == 1, locust.log
    assert api.requests == []
    assert "POST /v1/score failed" in locust.log
    assert locust.log.count("name its authority's PEM file in SIMULATOR_CA_FILE") == 1, locust.log


@pytest.mark.e2e
@pytest.mark.timeout(100)
def test_the_population_of_a_self_signed_host_reaches_its_users(
    tmp_path: Path, certificate: Path
) -> None:
    trusting = ("--ca-file", str(certificate), "--tags", "score")
    with (
        FakeApi(certificate=certificate, state=OLD_AGE) as api,
        Locust(tmp_path, *SHORT, *trusting, "--host", api.url) as locust,
    ):
        locust.exit_code()
    assert api.applications[-1]["features"]["age"] == 84, locust.log


@pytest.mark.e2e
@pytest.mark.slow
@pytest.mark.timeout(100)
@pytest.mark.parametrize(
    ("state", "level", "said"),
    [
        (None, "INFO", "answered with 404: users follow --scenario alone"),
        ({"scenario": "calm"}, "WARNING", "it has no elapsed_seconds"),
    ],
)
def test_a_look_that_shows_nothing_is_said_once(
    tmp_path: Path, state: object, level: str, said: str
) -> None:
    with FakeApi(state=state) as api, Locust(tmp_path, *SHORT, "--host", api.url) as locust:
        locust.exit_code()
    reported = [line for line in locust.log.splitlines() if "/simulation: " in line]
    assert len(reported) == 1, locust.log
    assert level in reported[0]
    assert said in reported[0]
