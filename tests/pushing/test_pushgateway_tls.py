from __future__ import annotations

import shutil
import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest

from simulator.http.endpoint import Endpoint
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.pushing.gateway import (
    PUSHGATEWAY,
    Pushgateway,
    PushgatewayRefusedError,
    PushgatewayUnreachableError,
)
from tests.support.gateway_double import GatewayDouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HUSH = "hush"
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("the openssl program is not on PATH; it makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    pem, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(pem)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return pem, key


@pytest.fixture
def tls_double(certificate: tuple[Path, Path]) -> Iterator[GatewayDouble]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with GatewayDouble(tls=context, credentials=("ada", HUSH)) as running:
        yield running


def test_a_push_over_tls_with_the_authority_and_credentials_of_the_environment_arrives(
    tls_double: GatewayDouble, certificate: tuple[Path, Path]
) -> None:
    endpoint = Endpoint.from_environment(
        tls_double.url,
        {
            "SIMULATOR_PUSHGATEWAY_USERNAME": "ada",
            "SIMULATOR_PUSHGATEWAY_PASSWORD": HUSH,
            "SIMULATOR_PUSHGATEWAY_CA_FILE": str(certificate[0]),
        },
        of=PUSHGATEWAY,
    )
    with Pushgateway(endpoint) as gateway:
        gateway.put("minio", "a", b"m 1\n", TEXT)

    assert tls_double.body_of("minio", "a") == b"m 1\n"


def test_a_certificate_of_an_unknown_authority_is_refused_with_the_way_out(
    tls_double: GatewayDouble,
) -> None:
    with (
        Pushgateway(
            Endpoint.parse(tls_double.url, of=PUSHGATEWAY, username="ada", password=HUSH)
        ) as gateway,
        pytest.raises(PushgatewayRefusedError, match=r"self.signed.*SIMULATOR_PUSHGATEWAY_CA_FILE"),
    ):
        gateway.put("minio", "a", b"m 1\n", TEXT)

    assert tls_double.seen == []


def test_a_prometheus_of_an_unknown_authority_is_refused_with_the_way_out(
    tls_double: GatewayDouble,
) -> None:
    with (
        Prometheus(tls_double.url) as prometheus,
        pytest.raises(UnreachablePrometheusError, match=r"self.signed.*SIMULATOR_PROMETHEUS_CA_FI"),
    ):
        prometheus.query("up", at=0)

    assert tls_double.seen == []


def test_an_authority_of_the_environment_does_not_replace_the_one_given(
    tls_double: GatewayDouble, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ssl.get_default_verify_paths().openssl_cafile)
    endpoint = Endpoint.parse(
        tls_double.url,
        of=PUSHGATEWAY,
        username="ada",
        password=HUSH,
        ca_file=str(certificate[0]),
    )
    with Pushgateway(endpoint) as gateway:
        assert gateway.groups() == []


def test_plain_http_to_a_tls_port_is_no_answer(tls_double: GatewayDouble) -> None:
    url = tls_double.url.replace("https", "http")
    with Pushgateway(url) as gateway, pytest.raises(PushgatewayUnreachableError):
        gateway.put("minio", "a", b"m 1\n", TEXT)
